using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;

namespace Datamodels.Attribution;

/// <summary>
/// Distance of representations: d is 1 - cos of what the last dense layer sees of the target and of the training example, mean
/// over models. The score is 1/d for the target's own class and -1/d for the others: the nearest of its class come first, and
/// the nearest of other classes last, which does better than distance alone.
/// </summary>
/// <param name="models">The models.</param>
/// <remarks>
/// Takes for each thread 8 bytes for each target and training example, 2,048 for each training example, and 4 for each number
/// of a representation.
/// </remarks>
public sealed unsafe class RepresentationDistance(NetworkEnsemble models) : IAttribution
{
    // An example that is the target itself is at no distance; what is this near is as near as it gets.
    private const float Nearest = 1e-4f;

    /// <inheritdoc/>
    public int ModelCount => models.Count;

    /// <inheritdoc/>
    public AttributionScores Score(
        IReadOnlyList<int> targets, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ExampleSet examples = models.ExamplesOf(targets);
        ExampleSet train = models.Data.Train;
        float[] scores = models.Mean([], (_, network) => Distances(network, examples), progress, cancellation);
        for (int t = 0; t < targets.Count; t++)
        {
            for (int i = 0; i < train.Count; i++)
            {
                ref float score = ref scores[(t * train.Count) + i];
                float nearness = 1 / Math.Max(score, Nearest);
                score = train.Labels[i] == examples.Labels[t] ? nearness : -nearness;
            }
        }

        return new AttributionScores(train.Count, scores);
    }

    private float[] Distances(ITrainedNetwork network, ExampleSet targets)
    {
        ExampleSet train = models.Data.Train;
        int across = KernelLayout.Pad(train.Count);
        using NativeFloats left = Directions(network, targets);
        using NativeFloats right = Directions(network, train);
        using var cosines = new NativeFloats((nint)targets.Count * across);
        int width = network.RepresentationSize;
        int row = KernelLayout.Pad(width + 1);
        RowProducts.AddInner(left.Data, row, right.Data, row, cosines.Data, across, targets.Count, width, train.Count);
        float[] distances = new float[targets.Count * train.Count];
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = 1 - cosines.Data[((nint)(i / train.Count) * across) + (i % train.Count)];
        }

        return distances;
    }

    /// <summary>Representations scaled to length 1; one that is all 0 has no direction and stays.</summary>
    private NativeFloats Directions(ITrainedNetwork network, ExampleSet examples)
    {
        NativeFloats rows = new OpenedExamples(network, examples, models.Data.ClassCount).LastInputs();
        int width = network.RepresentationSize;
        for (int i = 0; i < examples.Count; i++)
        {
            var row = new Span<float>(rows.Data + ((nint)i * KernelLayout.Pad(width + 1)), width);
            double squares = 0;
            foreach (float value in row)
            {
                squares += (double)value * value;
            }

            for (int j = 0; j < width && squares > 0; j++)
            {
                row[j] = (float)(row[j] / Math.Sqrt(squares));
            }
        }

        return rows;
    }
}
