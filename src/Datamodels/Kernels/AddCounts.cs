using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Datamodels.Kernels;

/// <summary>Adds whole numbers to whole numbers that are kept as float32: exact, so any width gives the same bits.</summary>
internal static class AddCounts
{
    /// <summary><c>values[i] += sign * counts[i] - less</c>.</summary>
    /// <param name="values">Whole numbers between -2^24 and 2^24, and so are the results.</param>
    /// <param name="counts">As many.</param>
    /// <param name="sign">1 or -1.</param>
    /// <param name="less">What is taken from all.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<float> values, ReadOnlySpan<int> counts, int sign, int less)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, values.Length);
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        ReadOnlySpan<Vector<int>> countVectors = MemoryMarshal.Cast<int, Vector<int>>(counts);
        var signs = new Vector<int>(sign);
        var lesses = new Vector<int>(less);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Vector.ConvertToSingle(Vector.ConvertToInt32(vectors[i]) + (signs * countVectors[i]) - lesses);
        }

        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
        {
            values[i] = (int)values[i] + (sign * counts[i]) - less;
        }
    }
}
