using System.Buffers.Binary;

namespace Datamodels.Kernels;

/// <summary>
/// Packs bytes that are 0 or 1 into bits, little-endian, as <c>numpy.packbits(..., bitorder='little')</c> does.
/// </summary>
internal static class PackBits
{
    private const ulong Ones = 0x0101010101010101;

    // Takes byte i of eight to bit 56 + i: no two of the 64 products meet there.
    private const ulong Gather = 0x0102040810204080;

    /// <summary>Packs bytes until one is neither 0 nor 1.</summary>
    /// <param name="bytes">What is packed.</param>
    /// <param name="bits">Receives the bits, ceil(bytes / 8) bytes; those past the last are 0.</param>
    /// <returns>Index of the first byte that is neither 0 nor 1; -1 where there is none.</returns>
    public static int Pack(ReadOnlySpan<byte> bytes, Span<byte> bits)
    {
        int whole = bytes.Length / 8;
        for (int i = 0; i < whole; i++)
        {
            ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
            if ((eight & ~Ones) != 0)
            {
                return (8 * i) + bytes[(8 * i)..].IndexOfAnyExcept<byte>(0, 1);
            }

            bits[i] = (byte)((eight * Gather) >> 56);
        }

        int rest = bytes.Length - (8 * whole);
        if (rest > 0)
        {
            Span<byte> last = stackalloc byte[8];
            bytes[(8 * whole)..].CopyTo(last);
            int other = Pack(last, bits[whole..]);
            return other < 0 ? -1 : (8 * whole) + other;
        }

        return -1;
    }
}
