using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Datamodels.Kernels;

/// <summary>
/// Sum of weights times whole numbers. Sixteen running sums (element i goes to sum i % 16) with fused multiply-adds, added
/// up in one fixed order, so every path gives the same bits.
/// </summary>
internal static class CountDot
{
    private const int Lanes = 16;

    /// <summary>The sum of <paramref name="weights"/>[i] * <paramref name="counts"/>[i].</summary>
    public static double Dot(ReadOnlySpan<double> weights, ReadOnlySpan<int> counts)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, weights.Length);
        if (Avx512F.IsSupported)
        {
            return DotAvx512(weights, counts);
        }

        return Avx.IsSupported && Fma.IsSupported ? DotAvx(weights, counts) : DotScalar(weights, counts);
    }

    /// <summary>The twin of the vector paths.</summary>
    internal static double DotScalar(ReadOnlySpan<double> weights, ReadOnlySpan<int> counts)
    {
        Span<double> sums = stackalloc double[Lanes];
        sums.Clear();
        return Finish(sums, weights, counts, 0);
    }

    /// <summary>With 512-bit vectors: two hold the sixteen sums.</summary>
    internal static double DotAvx512(ReadOnlySpan<double> weights, ReadOnlySpan<int> counts)
    {
        ref double w = ref MemoryMarshal.GetReference(weights);
        ref int c = ref MemoryMarshal.GetReference(counts);
        Vector512<double> sum0 = Vector512<double>.Zero;
        Vector512<double> sum1 = Vector512<double>.Zero;
        nuint whole = (nuint)weights.Length & ~(nuint)(Lanes - 1);
        for (nuint i = 0; i < whole; i += Lanes)
        {
            Vector512<double> row0 = Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref c, i));
            Vector512<double> row1 = Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref c, i + 8));
            sum0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref w, i), row0, sum0);
            sum1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref w, i + 8), row1, sum1);
        }

        Span<double> sums = stackalloc double[Lanes];
        sum0.CopyTo(sums);
        sum1.CopyTo(sums[8..]);
        return Finish(sums, weights, counts, (int)whole);
    }

    /// <summary>With 256-bit vectors: four hold the sixteen sums.</summary>
    internal static double DotAvx(ReadOnlySpan<double> weights, ReadOnlySpan<int> counts)
    {
        ref double w = ref MemoryMarshal.GetReference(weights);
        ref int c = ref MemoryMarshal.GetReference(counts);
        Vector256<double> sum0 = Vector256<double>.Zero;
        Vector256<double> sum1 = Vector256<double>.Zero;
        Vector256<double> sum2 = Vector256<double>.Zero;
        Vector256<double> sum3 = Vector256<double>.Zero;
        nuint whole = (nuint)weights.Length & ~(nuint)(Lanes - 1);
        for (nuint i = 0; i < whole; i += Lanes)
        {
            Vector256<double> row0 = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref c, i));
            Vector256<double> row1 = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref c, i + 4));
            Vector256<double> row2 = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref c, i + 8));
            Vector256<double> row3 = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref c, i + 12));
            sum0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref w, i), row0, sum0);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref w, i + 4), row1, sum1);
            sum2 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref w, i + 8), row2, sum2);
            sum3 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref w, i + 12), row3, sum3);
        }

        Span<double> sums = stackalloc double[Lanes];
        sum0.CopyTo(sums);
        sum1.CopyTo(sums[4..]);
        sum2.CopyTo(sums[8..]);
        sum3.CopyTo(sums[12..]);
        return Finish(sums, weights, counts, (int)whole);
    }

    // Adds the elements from `start` to their sums, and the sums to one another.
    private static double Finish(Span<double> sums, ReadOnlySpan<double> weights, ReadOnlySpan<int> counts, int start)
    {
        for (int i = start; i < weights.Length; i++)
        {
            sums[i & (Lanes - 1)] = Math.FusedMultiplyAdd(weights[i], counts[i], sums[i & (Lanes - 1)]);
        }

        double total = 0;
        foreach (double sum in sums)
        {
            total += sum;
        }

        return total;
    }
}
