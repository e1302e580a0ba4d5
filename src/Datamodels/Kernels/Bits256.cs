using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Datamodels.Kernels;

/// <summary>Vectors of 256 bits; needs AVX2.</summary>
internal readonly unsafe struct Bits256 : IBits<Vector256<ulong>>
{
    public static int Words => Vector256<ulong>.Count;

    // Ones in each number from 0 to 15, for every lane of 128 bits.
    private static Vector256<byte> NibbleCounts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
            (byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Load(ulong* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> And(Vector256<ulong> x, Vector256<ulong> y) => x & y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> XorAnd(Vector256<ulong> z, Vector256<ulong> x, Vector256<ulong> y) => z ^ (x & y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> x, Vector256<ulong> y, Vector256<ulong> z) => x ^ y ^ z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> CarryOf(Vector256<ulong> x, Vector256<ulong> y, Vector256<ulong> sum) =>
        ChooseNot(x ^ y, sum, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> ChooseNot(Vector256<ulong> choice, Vector256<ulong> one, Vector256<ulong> zero) =>
        Avx2.AndNot(one, choice) | Avx2.AndNot(choice, zero);

    // Both halves of every byte are looked up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddOnes(Vector256<ulong> sums, Vector256<ulong> bits)
    {
        Vector256<byte> nibble = Vector256.Create((byte)0x0F);
        return (sums.AsByte() + Avx2.Shuffle(NibbleCounts, bits.AsByte() & nibble)
            + Avx2.Shuffle(NibbleCounts, (bits >> 4).AsByte() & nibble)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddBytes(Vector256<ulong> x, Vector256<ulong> y) => (x.AsByte() + y.AsByte()).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Totals(
        Vector256<ulong> w, Vector256<ulong> x, Vector256<ulong> y, Vector256<ulong> z,
        Vector256<ulong> w16, Vector256<ulong> x16, Vector256<ulong> y16, Vector256<ulong> z16)
    {
        // Two sums share a lane of 64 bits.
        Vector256<ulong> wx = Sums(w, w16) + (Sums(x, x16) << 32);
        Vector256<ulong> yz = Sums(y, y16) + (Sums(z, z16) << 32);
        Vector256<ulong> lanes = Avx2.UnpackLow(wx, yz) + Avx2.UnpackHigh(wx, yz);
        return (lanes.GetLower() + lanes.GetUpper()).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Sums(Vector256<ulong> bytes, Vector256<ulong> bytes16) =>
        Avx2.SumAbsoluteDifferences(bytes.AsByte(), Vector256<byte>.Zero).AsUInt64()
        + (Avx2.SumAbsoluteDifferences(bytes16.AsByte(), Vector256<byte>.Zero).AsUInt64() << 4);
}
