using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Datamodels.Kernels;

/// <summary>
/// sum += scale * counts, the one step of coordinate descent that costs: a row of whole numbers of the Gram matrix, widened
/// to float64 as it is read. Multiply-adds are fused in every path, so all give the same bits.
/// </summary>
internal static class ScaledCounts
{
    /// <summary>Adds one scaled row.</summary>
    /// <param name="sum">Added to, <c>[length]</c>.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="counts">The row, <c>[length]</c>.</param>
    public static void Add(Span<double> sum, double scale, ReadOnlySpan<int> counts)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, sum.Length);
        nuint done = 0;
        if (Avx512F.IsSupported)
        {
            done = AddAvx512(sum, scale, counts);
        }
        else if (Avx.IsSupported && Fma.IsSupported)
        {
            done = AddAvx(sum, scale, counts);
        }

        AddScalar(sum[(int)done..], scale, counts[(int)done..]);
    }

    /// <summary>
    /// Adds four scaled rows, one after the other in every element: the bits of four calls of <see cref="Add"/>, with the
    /// sum read and written once.
    /// </summary>
    public static void AddFour(
        Span<double> sum, ReadOnlySpan<double> scales, ReadOnlySpan<int> counts0, ReadOnlySpan<int> counts1,
        ReadOnlySpan<int> counts2, ReadOnlySpan<int> counts3)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scales.Length, 4);
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts0.Length, sum.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts1.Length, sum.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts2.Length, sum.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts3.Length, sum.Length);
        if (!Avx512F.IsSupported)
        {
            Add(sum, scales[0], counts0);
            Add(sum, scales[1], counts1);
            Add(sum, scales[2], counts2);
            Add(sum, scales[3], counts3);
            return;
        }

        ref double s = ref MemoryMarshal.GetReference(sum);
        ref int c0 = ref MemoryMarshal.GetReference(counts0);
        ref int c1 = ref MemoryMarshal.GetReference(counts1);
        ref int c2 = ref MemoryMarshal.GetReference(counts2);
        ref int c3 = ref MemoryMarshal.GetReference(counts3);
        Vector512<double> f0 = Vector512.Create(scales[0]);
        Vector512<double> f1 = Vector512.Create(scales[1]);
        Vector512<double> f2 = Vector512.Create(scales[2]);
        Vector512<double> f3 = Vector512.Create(scales[3]);
        nuint whole = (nuint)sum.Length & ~(nuint)7;
        for (nuint i = 0; i < whole; i += 8)
        {
            Vector512<double> v = Vector512.LoadUnsafe(ref s, i);
            v = Vector512.FusedMultiplyAdd(f0, Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref c0, i)), v);
            v = Vector512.FusedMultiplyAdd(f1, Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref c1, i)), v);
            v = Vector512.FusedMultiplyAdd(f2, Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref c2, i)), v);
            v = Vector512.FusedMultiplyAdd(f3, Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref c3, i)), v);
            v.StoreUnsafe(ref s, i);
        }

        int rest = (int)whole;
        AddScalar(sum[rest..], scales[0], counts0[rest..]);
        AddScalar(sum[rest..], scales[1], counts1[rest..]);
        AddScalar(sum[rest..], scales[2], counts2[rest..]);
        AddScalar(sum[rest..], scales[3], counts3[rest..]);
    }

    /// <summary>The twin of the vector paths: one element at a time.</summary>
    internal static void AddScalar(Span<double> sum, double scale, ReadOnlySpan<int> counts)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = Math.FusedMultiplyAdd(scale, counts[i], sum[i]);
        }
    }

    /// <summary>Eight elements at a time; returns how many are done.</summary>
    internal static nuint AddAvx512(Span<double> sum, double scale, ReadOnlySpan<int> counts)
    {
        ref double s = ref MemoryMarshal.GetReference(sum);
        ref int c = ref MemoryMarshal.GetReference(counts);
        Vector512<double> factor = Vector512.Create(scale);
        nuint whole = (nuint)sum.Length & ~(nuint)7;
        for (nuint i = 0; i < whole; i += 8)
        {
            Vector512<double> row = Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref c, i));
            Vector512.FusedMultiplyAdd(factor, row, Vector512.LoadUnsafe(ref s, i)).StoreUnsafe(ref s, i);
        }

        return whole;
    }

    /// <summary>Four elements at a time; returns how many are done.</summary>
    internal static nuint AddAvx(Span<double> sum, double scale, ReadOnlySpan<int> counts)
    {
        ref double s = ref MemoryMarshal.GetReference(sum);
        ref int c = ref MemoryMarshal.GetReference(counts);
        Vector256<double> factor = Vector256.Create(scale);
        nuint whole = (nuint)sum.Length & ~(nuint)3;
        for (nuint i = 0; i < whole; i += 4)
        {
            Vector256<double> row = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref c, i));
            Vector256.FusedMultiplyAdd(factor, row, Vector256.LoadUnsafe(ref s, i)).StoreUnsafe(ref s, i);
        }

        return whole;
    }
}
