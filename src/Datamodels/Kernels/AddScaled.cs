using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Datamodels.Kernels;

/// <summary>Adds a multiple of a vector of float64.</summary>
internal static class AddScaled
{
    /// <summary>sums[j] += scale * values[j], rounded once.</summary>
    /// <param name="sums">What is added to, <c>[count]</c>.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="values">The vector, <c>[count]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<double> sums, double scale, ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, sums.Length, nameof(values));
        ref double sum = ref MemoryMarshal.GetReference(sums);
        ref double value = ref MemoryMarshal.GetReference(values);
        var factor = Vector512.Create(scale);
        int j = 0;
        for (; j + Vector512<double>.Count <= sums.Length; j += Vector512<double>.Count)
        {
            Vector512.FusedMultiplyAdd(
                factor, Vector512.LoadUnsafe(ref value, (nuint)j), Vector512.LoadUnsafe(ref sum, (nuint)j))
                .StoreUnsafe(ref sum, (nuint)j);
        }

        for (; j < sums.Length; j++)
        {
            sums[j] = Math.FusedMultiplyAdd(scale, values[j], sums[j]);
        }
    }
}
