namespace Datamodels.Attribution;

/// <summary>Correlation of orders.</summary>
public static class RankCorrelation
{
    /// <summary>
    /// Spearman's rank correlation: Pearson's correlation of the ranks, tied values sharing the average of the ranks they
    /// take up.
    /// </summary>
    /// <param name="x">Values, <c>[count]</c>, at least 2, none of them NaN.</param>
    /// <param name="y">Values, <c>[count]</c>, none of them NaN.</param>
    /// <returns>-1..1; 0 where all values of one side are equal, which ranks nothing.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or are under 2.</exception>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length || x.Length < 2)
        {
            throw new ArgumentException(
                $"{x.Length} and {y.Length} values cannot be correlated: two lists of one length, at least 2, are needed.");
        }

        int[] once = new int[x.Length];
        Array.Fill(once, 1);
        return new RankedPairs(x, y).Spearman(once);
    }
}
