using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;

namespace Datamodels.Attribution;

/// <summary>
/// TracIn (Pruthi et al. 2020, TracInCP): how much the steps that training took on an example lowered the target's loss L, to
/// first order: Σ over checkpoints k of η_k ∇L(θ_k, x)·∇L(θ_k, z_i), with respect to all parameters, mean over models. η_k is the
/// sum of the learning rates that a visit to an example had since the checkpoint before, each divided by the batch and by
/// 1 - momentum, so that the score is the loss that it lowered.
/// </summary>
/// <param name="models">The models.</param>
/// <remarks>
/// Takes for each thread 4 bytes for each target and training example, and 128 MiB, or 128 bytes a parameter where that is
/// more, for gradients; 2 P operations for each target, training example and checkpoint.
/// </remarks>
public sealed unsafe class TracIn(NetworkEnsemble models) : IAttribution
{
    private const int MostCheckpoints = 5;

    /// <inheritdoc/>
    public int ModelCount => models.Count;

    /// <inheritdoc/>
    public AttributionScores Score(
        IReadOnlyList<int> targets, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ExampleSet examples = models.ExamplesOf(targets);
        int epochs = models.Learner.Epochs;
        int count = Math.Min(MostCheckpoints, epochs);
        int[] checkpoints = [.. Enumerable.Range(1, count).Select(k => k * epochs / count)];
        float[] scores = models.Mean(
            checkpoints, (epoch, network) => Products(network, examples, StepTo(checkpoints, epoch), cancellation), progress,
            cancellation);
        return new AttributionScores(models.Data.TrainCount, scores);
    }

    /// <summary>η of the checkpoint at an epoch.</summary>
    private float StepTo(int[] checkpoints, int epoch)
    {
        double sum = 0;
        for (int e = checkpoints.LastOrDefault(before => before < epoch); e < epoch; e++)
        {
            // The rate in the middle of an epoch is the mean of its steps'.
            sum += TriangularSchedule.Rate(models.Learner, e, stepsPerEpoch: 1);
        }

        int batch = Math.Min(models.Learner.BatchSize, models.Data.TrainCount);
        return (float)(sum / batch / (1 - models.Learner.Momentum));
    }

    private float[] Products(ITrainedNetwork network, ExampleSet targets, float step, CancellationToken cancellation)
    {
        ExampleSet train = models.Data.Train;
        float[] targetLosses = LossesOf(network, targets);
        float[] trainLosses = LossesOf(network, train);
        float[] scores = new float[targets.Count * train.Count];
        using var left = new GradientRows(network);
        using var right = new GradientRows(network);
        int across = KernelLayout.Pad(right.Capacity);
        using var tile = new NativeFloats((nint)left.Capacity * across);
        for (int target = 0; target < targets.Count; target += left.Capacity)
        {
            int rows = left.Load(targets, target, targetLosses);
            for (int example = 0; example < train.Count; example += right.Capacity)
            {
                cancellation.ThrowIfCancellationRequested();
                int columns = right.Load(train, example, trainLosses);
                tile.Clear();
                RowProducts.AddInner(
                    left.Data, left.Length, right.Data, right.Length, tile.Data, across, rows, left.Length, columns);
                for (int i = 0; i < rows; i++)
                {
                    Span<float> row = scores.AsSpan(((target + i) * train.Count) + example, columns);
                    for (int j = 0; j < columns; j++)
                    {
                        row[j] = step * tile.Data[(i * across) + j];
                    }
                }
            }
        }

        return scores;
    }

    private float[] LossesOf(ITrainedNetwork network, ExampleSet examples) => LogitGradients.OfLoss(
        new OpenedExamples(network, examples, models.Data.ClassCount).Probabilities(), examples.Labels,
        models.Learner.LabelSmoothing);
}
