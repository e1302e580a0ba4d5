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

        // Ranks average (n + 1) / 2 whatever the ties; doubled and centred they are whole numbers, so sums are exact.
        long[] a = CentredRanks(x);
        long[] b = CentredRanks(y);
        double xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < a.Length; i++)
        {
            xy += (double)a[i] * b[i];
            xx += (double)a[i] * a[i];
            yy += (double)b[i] * b[i];
        }

        return xx == 0 || yy == 0 ? 0 : xy / Math.Sqrt(xx * yy);
    }

    /// <summary>Twice the rank minus (n + 1), for ranks 1..n, average ranks for ties: a whole number with mean 0.</summary>
    private static long[] CentredRanks(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = new int[sorted.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(sorted, order);
        long[] ranks = new long[order.Length];
        for (int first = 0; first < order.Length;)
        {
            int end = first + 1;
            while (end < order.Length && sorted[end] == sorted[first])
            {
                end++;
            }

            // The ranks first + 1 .. end average to (first + 1 + end) / 2.
            for (int i = first; i < end; i++)
            {
                ranks[order[i]] = first + 1 + end - (order.Length + 1);
            }

            first = end;
        }

        return ranks;
    }
}
