namespace Datamodels.Attribution;

/// <summary>
/// Pairs of values in the orders of both sides, so that Spearman's correlation of pairs drawn from them, some several times and
/// some not at all, takes no sorting. Takes 24 bytes a pair.
/// </summary>
internal sealed class RankedPairs
{
    private readonly int[] _x;
    private readonly int[] _y;
    private readonly int[] _xPlaces;
    private readonly int[] _yPlaces;
    private readonly long[] _xRanks;

    /// <summary>Orders the pairs.</summary>
    /// <param name="x">Values, <c>[count]</c>, none of them NaN.</param>
    /// <param name="y">Values, <c>[count]</c>, none of them NaN.</param>
    public RankedPairs(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        (_x, _xPlaces) = Order(x);
        (_y, _yPlaces) = Order(y);
        _xRanks = new long[x.Length];
    }

    /// <summary>
    /// Spearman's rank correlation: Pearson's correlation of the ranks, tied values sharing the average of the ranks they take
    /// up. Not thread-safe.
    /// </summary>
    /// <param name="counts">How many times each pair is drawn, <c>[count]</c>.</param>
    /// <returns>-1..1; 0 where all values of one side are equal, which ranks nothing.</returns>
    public double Spearman(ReadOnlySpan<int> counts)
    {
        int total = 0;
        foreach (int count in counts)
        {
            total += count;
        }

        // Ranks average (total + 1) / 2 whatever the ties; doubled and centred they are whole numbers, so sums are exact.
        double xx = 0, yy = 0, xy = 0;
        for (int first = 0, before = 0; first < _x.Length;)
        {
            (int end, int tied) = Tie(_x, _xPlaces, counts, first);
            long rank = (2L * before) + tied - total;
            for (int i = first; i < end; i++)
            {
                _xRanks[_xPlaces[i]] = rank;
            }

            xx += (double)tied * rank * rank;
            before += tied;
            first = end;
        }

        for (int first = 0, before = 0; first < _y.Length;)
        {
            (int end, int tied) = Tie(_y, _yPlaces, counts, first);
            long rank = (2L * before) + tied - total;
            for (int i = first; i < end; i++)
            {
                int pair = _yPlaces[i];
                xy += (double)counts[pair] * rank * _xRanks[pair];
            }

            yy += (double)tied * rank * rank;
            before += tied;
            first = end;
        }

        return xx == 0 || yy == 0 ? 0 : xy / Math.Sqrt(xx * yy);
    }

    // The values from one place on that are equal: where they end, and how many of them are drawn.
    private static (int End, int Drawn) Tie(int[] ranks, int[] places, ReadOnlySpan<int> counts, int first)
    {
        int end = first;
        int drawn = 0;
        while (end < ranks.Length && ranks[end] == ranks[first])
        {
            drawn += counts[places[end++]];
        }

        return (end, drawn);
    }

    // In ascending order, which of the values are equal, by a number that they share, and where each value came from.
    private static (int[] Ties, int[] Places) Order(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] places = new int[sorted.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        Array.Sort(sorted, places);
        int[] ties = new int[sorted.Length];
        for (int i = 1; i < ties.Length; i++)
        {
            ties[i] = ties[i - 1] + (sorted[i] == sorted[i - 1] ? 0 : 1);
        }

        return (ties, places);
    }
}
