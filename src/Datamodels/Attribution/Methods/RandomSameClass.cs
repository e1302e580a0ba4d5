using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Attribution;

/// <summary>
/// Random examples of the target's class, what every method has to beat: 1 for the class and 0 for the others, plus up to a
/// thousandth at random that settles the order within the class.
/// </summary>
/// <param name="data">Training set and targets.</param>
/// <param name="targets">Which examples are targets.</param>
/// <param name="seed">Seed of the orders; that of a target follows from (seed, number of the target).</param>
public sealed class RandomSameClass(TrainingData data, TargetSelection targets, ulong seed = 0) : IAttribution
{
    /// <inheritdoc/>
    public int ModelCount => 0;

    /// <inheritdoc/>
    AttributionScores IAttribution.Score(
        IReadOnlyList<int> targets, IProgress<WorkProgress>? progress, CancellationToken cancellation) => Score(targets);

    /// <summary>Scores every training example for each target.</summary>
    /// <param name="numbers">Numbers of the targets, in the order wanted.</param>
    public AttributionScores Score(IReadOnlyList<int> numbers)
    {
        ReadOnlySpan<int> labels = targets.Of(data).Labels;
        float[] scores = new float[numbers.Count * data.TrainCount];
        for (int t = 0; t < numbers.Count; t++)
        {
            var random = new RandomStream(seed, RandomPurpose.RandomOrder, (ulong)numbers[t]);
            for (int i = 0; i < data.TrainCount; i++)
            {
                float order = random.NextSingle() / 1000;
                scores[(t * data.TrainCount) + i] = data.Train.Labels[i] == labels[numbers[t]] ? 1 + order : 0;
            }
        }

        return new AttributionScores(data.TrainCount, scores);
    }
}
