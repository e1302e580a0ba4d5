using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Datamodels.Kernels;

/// <summary>Vectors of 512 bits; needs AVX-512BW.</summary>
internal readonly unsafe struct Bits512 : IBits<Vector512<ulong>>
{
    public static int Words => Vector512<ulong>.Count;

    // Ones in each number from 0 to 15, for every lane of 128 bits.
    private static Vector512<byte> NibbleCounts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Load(ulong* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> And(Vector512<ulong> x, Vector512<ulong> y) => x & y;

    // The last argument of the ternary instruction is its truth table: bit 4 x + 2 y + z is the answer for x, y and z.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> XorAnd(Vector512<ulong> z, Vector512<ulong> x, Vector512<ulong> y) =>
        Avx512F.TernaryLogic(z, x, y, 0x78);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> x, Vector512<ulong> y, Vector512<ulong> z) =>
        Avx512F.TernaryLogic(x, y, z, 0x96);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> CarryOf(Vector512<ulong> x, Vector512<ulong> y, Vector512<ulong> sum) =>
        Avx512F.TernaryLogic(x, y, sum, 0xD4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> ChooseNot(Vector512<ulong> choice, Vector512<ulong> one, Vector512<ulong> zero) =>
        Avx512F.TernaryLogic(choice, one, zero, 0x3A);

    // Both halves of every byte are looked up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddOnes(Vector512<ulong> sums, Vector512<ulong> bits)
    {
        Vector512<byte> nibble = Vector512.Create((byte)0x0F);
        return (sums.AsByte() + Avx512BW.Shuffle(NibbleCounts, bits.AsByte() & nibble)
            + Avx512BW.Shuffle(NibbleCounts, (bits >> 4).AsByte() & nibble)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddBytes(Vector512<ulong> x, Vector512<ulong> y) => (x.AsByte() + y.AsByte()).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Totals(
        Vector512<ulong> w, Vector512<ulong> x, Vector512<ulong> y, Vector512<ulong> z,
        Vector512<ulong> w16, Vector512<ulong> x16, Vector512<ulong> y16, Vector512<ulong> z16)
    {
        // Two sums share a lane of 64 bits.
        Vector512<ulong> wx = Sums(w, w16) + (Sums(x, x16) << 32);
        Vector512<ulong> yz = Sums(y, y16) + (Sums(z, z16) << 32);
        Vector512<ulong> lanes = Avx512F.UnpackLow(wx, yz) + Avx512F.UnpackHigh(wx, yz);
        Vector256<ulong> half = lanes.GetLower() + lanes.GetUpper();
        return (half.GetLower() + half.GetUpper()).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Sums(Vector512<ulong> bytes, Vector512<ulong> bytes16) =>
        Avx512BW.SumAbsoluteDifferences(bytes.AsByte(), Vector512<byte>.Zero).AsUInt64()
        + (Avx512BW.SumAbsoluteDifferences(bytes16.AsByte(), Vector512<byte>.Zero).AsUInt64() << 4);
}
