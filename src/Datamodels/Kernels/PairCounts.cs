namespace Datamodels.Kernels;

/// <summary>
/// Counts, for many pairs of bit strings at once, the positions at which both have a one: a tile of the Gram matrix of 0/1
/// columns. Every path is exact, so all give the same numbers.
/// </summary>
internal static unsafe class PairCounts
{
    /// <summary>Adds the number of ones that left string j and right string k share to counts[j, k].</summary>
    /// <param name="left">The first word of the first left string; the others follow at <paramref name="stride"/>.</param>
    /// <param name="leftCount">Left strings, a multiple of 4.</param>
    /// <param name="right">The first word of the first right string; the others follow at <paramref name="stride"/>.</param>
    /// <param name="rightCount">Right strings, a multiple of 4.</param>
    /// <param name="stride">Words from one string to the next.</param>
    /// <param name="words">Words of a string, a multiple of 8.</param>
    /// <param name="counts">Sums so far, row-major, <c>[leftCount, rightCount]</c>, rows <paramref name="row"/> apart.</param>
    /// <param name="row">Numbers from one row of <paramref name="counts"/> to the next.</param>
    public static void Add(
        ulong* left, int leftCount, ulong* right, int rightCount, nint stride, int words, int* counts, int row)
    {
        for (int j = 0; j < leftCount; j++)
        {
            for (int k = 0; k < rightCount; k++)
            {
                counts[((nint)j * row) + k] += (int)PopCountAnd.Count(
                    new ReadOnlySpan<ulong>(left + (j * stride), words), new ReadOnlySpan<ulong>(right + (k * stride), words));
            }
        }
    }
}
