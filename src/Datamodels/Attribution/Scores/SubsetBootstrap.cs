using Datamodels.Kernels;

namespace Datamodels.Attribution;

/// <summary>
/// How much scores depend on which held-out subsets were drawn: the scores on subsets drawn again from them, with replacement,
/// a thousand times (Efron's bootstrap). The draws are the same for all targets, which share the subsets, and follow from the
/// seed alone.
/// </summary>
internal sealed class SubsetBootstrap
{
    private const int DrawCount = 1000;
    private const double Tail = 0.025;

    private readonly int[][] _draws;

    /// <summary>Draws.</summary>
    /// <param name="subsetCount">Number of subsets, at least 1.</param>
    /// <param name="seed">Seed of the draws.</param>
    public SubsetBootstrap(int subsetCount, ulong seed)
    {
        _draws = new int[DrawCount][];
        for (int draw = 0; draw < DrawCount; draw++)
        {
            _draws[draw] = new int[subsetCount];
            var random = new RandomStream(seed, RandomPurpose.Bootstrap, (ulong)draw);
            for (int i = 0; i < subsetCount; i++)
            {
                _draws[draw][random.NextBelow(subsetCount)]++;
            }
        }
    }

    /// <summary>The LDS of one target on each draw.</summary>
    /// <param name="predicted">What is predicted for each subset.</param>
    /// <param name="measured">Its mean margins.</param>
    public double[] LdsOf(ReadOnlySpan<double> predicted, ReadOnlySpan<double> measured)
    {
        var pairs = new RankedPairs(predicted, measured);
        return Array.ConvertAll(_draws, counts => pairs.Spearman(counts));
    }

    /// <summary>The 95 % interval about a score: it leaves as far as the middle 95 % of the draws leave their mean.</summary>
    /// <param name="score">The score, -1..1.</param>
    /// <param name="draws">The score on each draw.</param>
    /// <remarks>
    /// Spearman's correlation of n pairs is on average nearer to 0 than that of all pairs, by up to 1 / n, and on draws, in which
    /// pairs come twice, it is so once more. Taking their mean away leaves how the score varies about its own expectation.
    /// </remarks>
    public static ScoreInterval IntervalOf(double score, double[] draws)
    {
        double[] sorted = [.. draws.Order()];
        double shift = score - draws.Average();
        int outside = (int)(Tail * sorted.Length);
        double low = sorted[outside] + shift;
        double high = sorted[^(outside + 1)] + shift;

        // Of a handful of subsets some draws are all of one, which ranks nothing: their mean may be past an end.
        return new ScoreInterval(Math.Clamp(low, -1, score), Math.Clamp(high, score, 1));
    }
}
