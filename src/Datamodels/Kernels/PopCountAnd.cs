using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Datamodels.Kernels;

/// <summary>
/// Number of bits set in both of two bit strings: one entry of the Gram matrix of 0/1 columns. Every path is exact, so all
/// give the same number.
/// </summary>
internal static class PopCountAnd
{
    // Vectors that one round of the carry-save counter takes in.
    private const int Round = 16;

    /// <summary>Number of positions at which both <paramref name="left"/> and <paramref name="right"/> have a one.</summary>
    /// <param name="left">Packed bits, <c>[words]</c>.</param>
    /// <param name="right">As many words.</param>
    public static long Count(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, left.Length);
        if (Avx512BW.IsSupported)
        {
            return CountAvx512(left, right);
        }

        return Avx2.IsSupported ? CountAvx2(left, right) : CountScalar(left, right);
    }

    /// <summary>The twin of the vector paths: one word at a time.</summary>
    internal static long CountScalar(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        long count = 0;
        for (int i = 0; i < left.Length; i++)
        {
            count += BitOperations.PopCount(left[i] & right[i]);
        }

        return count;
    }

    /// <summary>
    /// Harley and Seal's carry-save counter (Muła, Kurz, Lemire: "Faster Population Counts Using AVX2 Instructions", 2018):
    /// sixteen vectors are added bit by bit into ones, twos, fours and eights, and only what is carried out of the eights is
    /// counted, so that the count proper is done once in sixteen vectors.
    /// </summary>
    internal static long CountAvx512(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        ref ulong a = ref MemoryMarshal.GetReference(left);
        ref ulong b = ref MemoryMarshal.GetReference(right);
        nuint words = (nuint)left.Length;
        nuint width = (nuint)Vector512<ulong>.Count;
        nuint at = 0;
        Vector512<ulong> ones = Vector512<ulong>.Zero;
        Vector512<ulong> twos = Vector512<ulong>.Zero;
        Vector512<ulong> fours = Vector512<ulong>.Zero;
        Vector512<ulong> eights = Vector512<ulong>.Zero;
        Vector512<ulong> total = Vector512<ulong>.Zero;
        for (; at + (Round * width) <= words; at += Round * width)
        {
            Vector512<ulong> foursA = AddFour(ref ones, ref twos, ref a, ref b, at);
            Vector512<ulong> foursB = AddFour(ref ones, ref twos, ref a, ref b, at + (4 * width));
            Vector512<ulong> eightsA = Add(ref fours, foursA, foursB);
            foursA = AddFour(ref ones, ref twos, ref a, ref b, at + (8 * width));
            foursB = AddFour(ref ones, ref twos, ref a, ref b, at + (12 * width));
            Vector512<ulong> eightsB = Add(ref fours, foursA, foursB);
            total += PopCount(Add(ref eights, eightsA, eightsB));
        }

        total = (total << 4) + (PopCount(eights) << 3) + (PopCount(fours) << 2) + (PopCount(twos) << 1) + PopCount(ones);
        for (; at + width <= words; at += width)
        {
            total += PopCount(Vector512.LoadUnsafe(ref a, at) & Vector512.LoadUnsafe(ref b, at));
        }

        return (long)Vector512.Sum(total) + CountScalar(left[(int)at..], right[(int)at..]);
    }

    /// <summary>The same with 256-bit vectors.</summary>
    internal static long CountAvx2(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        ref ulong a = ref MemoryMarshal.GetReference(left);
        ref ulong b = ref MemoryMarshal.GetReference(right);
        nuint words = (nuint)left.Length;
        nuint width = (nuint)Vector256<ulong>.Count;
        nuint at = 0;
        Vector256<ulong> ones = Vector256<ulong>.Zero;
        Vector256<ulong> twos = Vector256<ulong>.Zero;
        Vector256<ulong> fours = Vector256<ulong>.Zero;
        Vector256<ulong> eights = Vector256<ulong>.Zero;
        Vector256<ulong> total = Vector256<ulong>.Zero;
        for (; at + (Round * width) <= words; at += Round * width)
        {
            Vector256<ulong> foursA = AddFour(ref ones, ref twos, ref a, ref b, at);
            Vector256<ulong> foursB = AddFour(ref ones, ref twos, ref a, ref b, at + (4 * width));
            Vector256<ulong> eightsA = Add(ref fours, foursA, foursB);
            foursA = AddFour(ref ones, ref twos, ref a, ref b, at + (8 * width));
            foursB = AddFour(ref ones, ref twos, ref a, ref b, at + (12 * width));
            Vector256<ulong> eightsB = Add(ref fours, foursA, foursB);
            total += PopCount(Add(ref eights, eightsA, eightsB));
        }

        total = (total << 4) + (PopCount(eights) << 3) + (PopCount(fours) << 2) + (PopCount(twos) << 1) + PopCount(ones);
        for (; at + width <= words; at += width)
        {
            total += PopCount(Vector256.LoadUnsafe(ref a, at) & Vector256.LoadUnsafe(ref b, at));
        }

        return (long)Vector256.Sum(total) + CountScalar(left[(int)at..], right[(int)at..]);
    }

    // Four vectors of the product into ones and twos; returns what is carried to the fours.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> AddFour(
        ref Vector512<ulong> ones, ref Vector512<ulong> twos, ref ulong a, ref ulong b, nuint at)
    {
        Vector512<ulong> twosA = Add(
            ref ones, Vector512.LoadUnsafe(ref a, at) & Vector512.LoadUnsafe(ref b, at),
            Vector512.LoadUnsafe(ref a, at + 8) & Vector512.LoadUnsafe(ref b, at + 8));
        Vector512<ulong> twosB = Add(
            ref ones, Vector512.LoadUnsafe(ref a, at + 16) & Vector512.LoadUnsafe(ref b, at + 16),
            Vector512.LoadUnsafe(ref a, at + 24) & Vector512.LoadUnsafe(ref b, at + 24));
        return Add(ref twos, twosA, twosB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> AddFour(
        ref Vector256<ulong> ones, ref Vector256<ulong> twos, ref ulong a, ref ulong b, nuint at)
    {
        Vector256<ulong> twosA = Add(
            ref ones, Vector256.LoadUnsafe(ref a, at) & Vector256.LoadUnsafe(ref b, at),
            Vector256.LoadUnsafe(ref a, at + 4) & Vector256.LoadUnsafe(ref b, at + 4));
        Vector256<ulong> twosB = Add(
            ref ones, Vector256.LoadUnsafe(ref a, at + 8) & Vector256.LoadUnsafe(ref b, at + 8),
            Vector256.LoadUnsafe(ref a, at + 12) & Vector256.LoadUnsafe(ref b, at + 12));
        return Add(ref twos, twosA, twosB);
    }

    // A full adder in every bit: leaves the sum in `sum` and returns the carry. The truth tables are those of
    // a ^ b ^ c and of the majority of three.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Add(ref Vector512<ulong> sum, Vector512<ulong> x, Vector512<ulong> y)
    {
        Vector512<ulong> carry = Avx512F.TernaryLogic(sum, x, y, 0xE8);
        sum = Avx512F.TernaryLogic(sum, x, y, 0x96);
        return carry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Add(ref Vector256<ulong> sum, Vector256<ulong> x, Vector256<ulong> y)
    {
        Vector256<ulong> either = sum ^ x;
        Vector256<ulong> carry = (sum & x) | (either & y);
        sum = either ^ y;
        return carry;
    }

    // Ones in each 64-bit lane: both nibbles of every byte are looked up in a table of 16, bytes are summed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> PopCount(Vector512<ulong> bits)
    {
        Vector512<byte> table = Vector512.Create(
            Vector256.Create(NibbleCounts, NibbleCounts), Vector256.Create(NibbleCounts, NibbleCounts));
        Vector512<byte> nibble = Vector512.Create((byte)0x0F);
        Vector512<byte> counts = Avx512BW.Shuffle(table, bits.AsByte() & nibble)
            + Avx512BW.Shuffle(table, (bits >> 4).AsByte() & nibble);
        return Avx512BW.SumAbsoluteDifferences(counts, Vector512<byte>.Zero).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> PopCount(Vector256<ulong> bits)
    {
        Vector256<byte> table = Vector256.Create(NibbleCounts, NibbleCounts);
        Vector256<byte> nibble = Vector256.Create((byte)0x0F);
        Vector256<byte> counts = Avx2.Shuffle(table, bits.AsByte() & nibble)
            + Avx2.Shuffle(table, (bits >> 4).AsByte() & nibble);
        return Avx2.SumAbsoluteDifferences(counts, Vector256<byte>.Zero).AsUInt64();
    }

    private static Vector128<byte> NibbleCounts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    }
}
