using System.Numerics;

namespace Datamodels.Subsets;

/// <summary>
/// A subset of the training set as one bit per example, packed little-endian: bit i of the mask is bit i % 8 of byte
/// i / 8, as <c>numpy.packbits(..., bitorder='little')</c> writes it. Immutable.
/// </summary>
public sealed class Mask
{
    private readonly byte[] _bytes;

    private Mask(byte[] bytes, int length)
    {
        _bytes = bytes;
        Length = length;
        int count = 0;
        foreach (byte b in bytes)
        {
            count += BitOperations.PopCount(b);
        }

        Count = count;
    }

    /// <summary>Size of the training set, n.</summary>
    public int Length { get; }

    /// <summary>Number of examples in the subset, 0..<see cref="Length"/>.</summary>
    public int Count { get; }

    /// <summary>The packed bits, ceil(n / 8) bytes; the bits past n are 0.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether example <paramref name="example"/> is in the subset.</summary>
    public bool this[int example] => ((_bytes[example >> 3] >> (example & 7)) & 1) != 0;

    /// <summary>The whole training set of <paramref name="length"/> examples.</summary>
    public static Mask Full(int length)
    {
        byte[] bytes = new byte[ByteCount(length)];
        for (int i = 0; i < length; i++)
        {
            bytes[i >> 3] |= (byte)(1 << (i & 7));
        }

        return new Mask(bytes, length);
    }

    /// <summary>The subset that holds exactly <paramref name="examples"/> (each 0..length-1; a repetition counts once).</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the training set.</exception>
    public static Mask FromExamples(int length, ReadOnlySpan<int> examples)
    {
        byte[] bytes = new byte[ByteCount(length)];
        foreach (int example in examples)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)example, (uint)length, nameof(examples));
            bytes[example >> 3] |= (byte)(1 << (example & 7));
        }

        return new Mask(bytes, length);
    }

    /// <summary>A subset from its packed bits, <c>[ceil(length / 8)]</c> (copied; bits past the length are cleared).</summary>
    public static Mask FromBytes(int length, ReadOnlySpan<byte> packed)
    {
        byte[] bytes = packed[..ByteCount(length)].ToArray();
        if ((length & 7) != 0)
        {
            bytes[^1] &= (byte)((1 << (length & 7)) - 1);
        }

        return new Mask(bytes, length);
    }

    /// <summary>Bytes that <paramref name="length"/> bits take.</summary>
    public static int ByteCount(int length) => (length + 7) / 8;

    /// <summary>The same subset without <paramref name="examples"/>: S' \ R.</summary>
    public Mask Without(ReadOnlySpan<int> examples)
    {
        byte[] bytes = (byte[])_bytes.Clone();
        foreach (int example in examples)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)example, (uint)Length, nameof(examples));
            bytes[example >> 3] &= (byte)~(1 << (example & 7));
        }

        return new Mask(bytes, Length);
    }

    /// <summary>The examples in the subset, ascending, <c>[Count]</c>.</summary>
    public int[] ToExamples()
    {
        int[] examples = new int[Count];
        int next = 0;
        for (int i = 0; i < _bytes.Length; i++)
        {
            for (uint bits = _bytes[i]; bits != 0; bits &= bits - 1)
            {
                examples[next++] = (i << 3) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return examples;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Count} of {Length} examples";
}
