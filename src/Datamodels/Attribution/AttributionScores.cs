using Datamodels.Subsets;

namespace Datamodels.Attribution;

/// <summary>
/// What a method says of each training example for each target: the larger, the more its presence is said to raise the
/// target's margin.
/// </summary>
public sealed class AttributionScores
{
    private readonly float[] _values;

    /// <summary>Takes ownership of the values.</summary>
    /// <param name="trainCount">Number of training examples, n.</param>
    /// <param name="values">The scores, <c>[targets, n]</c>, finite.</param>
    public AttributionScores(int trainCount, float[] values)
    {
        TrainCount = trainCount;
        _values = values;
    }

    /// <summary>Number of training examples, n.</summary>
    public int TrainCount { get; }

    /// <summary>Checks that the scores of some targets, and one row more that a method may need, fit in an array.</summary>
    /// <param name="targetCount">Number of targets.</param>
    /// <param name="trainCount">Number of training examples, n.</param>
    /// <exception cref="DatamodelException"><c>TooManyScores</c>: they do not.</exception>
    internal static void RequireRoom(int targetCount, int trainCount)
    {
        int most = (Array.MaxLength / trainCount) - 1;
        if (targetCount > most)
        {
            throw new DatamodelException(
                "TooManyScores", ErrorKind.InvalidArgument,
                $"{targetCount} targets are to be scored against {trainCount} training examples each; at most {most} can be at "
                + "once. Take some targets after the others.");
        }
    }

    /// <summary>Number of targets.</summary>
    public int TargetCount => _values.Length / TrainCount;

    /// <summary>The scores for one target, <c>[n]</c>.</summary>
    /// <param name="index">Place of the target among those that were asked for.</param>
    public ReadOnlySpan<float> Of(int index) => _values.AsSpan(index * TrainCount, TrainCount);

    /// <summary>The examples in order of their scores, largest first, ties to the lower index, <c>[n]</c>.</summary>
    /// <param name="index">Place of the target among those that were asked for.</param>
    public int[] RankingOf(int index)
    {
        float[] negated = Of(index).ToArray();
        int[] order = new int[negated.Length];
        for (int i = 0; i < order.Length; i++)
        {
            negated[i] = -negated[i];
            order[i] = i;
        }

        Array.Sort(negated, order);
        for (int first = 0; first < order.Length;)
        {
            int end = first + 1;
            while (end < order.Length && negated[end] == negated[first])
            {
                end++;
            }

            Array.Sort(order, first, end - first);
            first = end;
        }

        return order;
    }

    /// <summary>The first of the ranking, as far as scores are above 0: what is worth removing to lower the margin.</summary>
    /// <param name="index">Place of the target among those that were asked for.</param>
    /// <param name="size">Most examples.</param>
    public int[] TopOf(int index, int size)
    {
        int[] ranking = RankingOf(index);
        int count = 0;
        while (count < Math.Min(size, ranking.Length) && Of(index)[ranking[count]] > 0)
        {
            count++;
        }

        return ranking[..count];
    }

    /// <summary>The sum of the scores of a subset's examples: what its margin is predicted by, but for a constant.</summary>
    /// <param name="index">Place of the target among those that were asked for.</param>
    /// <param name="subset">The subset.</param>
    public double SumOver(int index, Mask subset)
    {
        ReadOnlySpan<float> scores = Of(index);
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            sum += subset[i] ? scores[i] : 0;
        }

        return sum;
    }
}
