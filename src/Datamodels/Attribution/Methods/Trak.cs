using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;

namespace Datamodels.Attribution;

/// <summary>
/// TRAK (Park et al. 2023): each model as a linear one in its gradients, φ(z) = P'∇f(z) with f = log(p / (1 - p)) and P a random
/// projection to <see cref="MostDimensions"/>, in which one Newton step is the effect of an example:
/// φ(x)' (Φ'RΦ + r I)⁻¹ φ(z_i), averaged over models, times the mean of 1 - p_i.
/// </summary>
/// <remarks>
/// R = diag(p (1 - p)) of the logistic regression is kept, where the paper drops it, and r is what weight decay amounts to in the
/// projected space, decay n P / k, plus a thousandth of the mean diagonal: on the digits both raise the score, and the answer
/// is exact on a convex learner. Takes for each thread 8 bytes for each target and training example, 8 k + 2,048 for each
/// training example and 24 k², and 64 MiB for gradients, or 64 bytes a parameter where that is more.
/// </remarks>
/// <param name="models">The models; trained on half of the training set each, as in the paper, they score higher.</param>
public sealed unsafe class Trak(NetworkEnsemble models) : IAttribution
{
    /// <summary>k: dimensions that gradients are projected to; networks with fewer parameters are not projected.</summary>
    public const int MostDimensions = 512;

    private const double Damping = 1e-3;

    /// <inheritdoc/>
    public int ModelCount => models.Count;

    /// <inheritdoc/>
    public AttributionScores Score(
        IReadOnlyList<int> targets, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ExampleSet examples = models.ExamplesOf(targets);
        int count = models.Data.TrainCount;
        float[] means = models.Mean([], (_, network) => Parts(network, examples, cancellation), progress, cancellation);
        float[] scores = means[..(targets.Count * count)];
        ReadOnlySpan<float> doubts = means.AsSpan(targets.Count * count);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] *= doubts[i % count];
        }

        return new AttributionScores(count, scores);
    }

    /// <summary>What is averaged: φ(x)' (Φ'RΦ + r I)⁻¹ φ(z_i), <c>[targets, n]</c>, then 1 - p_i, <c>[n]</c>.</summary>
    private float[] Parts(ITrainedNetwork network, ExampleSet targets, CancellationToken cancellation)
    {
        int count = models.Data.TrainCount;
        using var projection = new Projection(models.Seed, network.ParameterCount, MostDimensions);
        int row = projection.Row;
        float[] parts = new float[(targets.Count + 1) * count];
        Span<float> doubts = parts.AsSpan(targets.Count * count);
        using NativeFloats own = Features(network, models.Data.Train, projection, doubts, cancellation);
        using NativeFloats other = Features(network, targets, projection, new float[targets.Count], cancellation);
        var system = new PositiveSystem(Gram(own, doubts, projection, network.ParameterCount), projection.Dimension);
        Solve(system, other, targets.Count, projection);
        int across = KernelLayout.Pad(count);
        using var products = new NativeFloats((nint)targets.Count * across);
        RowProducts.AddInner(
            other.Data, row, own.Data, row, products.Data, across, targets.Count, projection.Dimension, count);
        for (int t = 0; t < targets.Count; t++)
        {
            new Span<float>(products.Data + ((nint)t * across), count).CopyTo(parts.AsSpan(t * count));
        }

        return parts;
    }

    /// <summary>φ of each example, a row each, with room for the three rows past the last that products read.</summary>
    /// <param name="network">The model.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="projection">P.</param>
    /// <param name="doubts">Takes 1 - p of each.</param>
    /// <param name="cancellation">Stops.</param>
    private NativeFloats Features(
        ITrainedNetwork network, ExampleSet examples, Projection projection, Span<float> doubts, CancellationToken cancellation)
    {
        int classes = models.Data.ClassCount;
        double[] probabilities = new OpenedExamples(network, examples, classes).Probabilities();
        float[] gradients = LogitGradients.OfLogSumExpMargin(probabilities, examples.Labels);
        var features = new NativeFloats((nint)(examples.Count + 3) * projection.Row);
        using var rows = new GradientRows(network);
        for (int first = 0; first < examples.Count; first += rows.Capacity)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = rows.Load(examples, first, gradients);
            projection.Add(rows.Data, count, features.Data + ((nint)first * projection.Row));
            for (int i = first; i < first + count; i++)
            {
                doubts[i] = (float)LogitGradients.Doubt(probabilities.AsSpan(i * classes, classes), examples.Labels[i]);
            }
        }

        return features;
    }

    /// <summary>Φ'RΦ + r I, <c>[k, k]</c>.</summary>
    private double[] Gram(NativeFloats features, ReadOnlySpan<float> doubts, Projection projection, int parameters)
    {
        int count = models.Data.TrainCount;
        int size = projection.Dimension;
        int row = projection.Row;
        using var weighted = new NativeFloats((nint)count * row);
        for (int i = 0; i < count; i++)
        {
            float variance = doubts[i] * (1 - doubts[i]);
            for (int j = 0; j < size; j++)
            {
                weighted.Data[((nint)i * row) + j] = variance * features.Data[((nint)i * row) + j];
            }
        }

        using var products = new NativeFloats((nint)size * row);
        RowProducts.Add(weighted.Data, 1, row, features.Data, row, products.Data, row, size, count, size);
        double[] gram = new double[size * size];
        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            trace += products.Data[(i * row) + i];
            for (int j = 0; j < size; j++)
            {
                // Rounding leaves the two halves a little apart; one of them stands for both.
                gram[(i * size) + j] = products.Data[(Math.Max(i, j) * row) + Math.Min(i, j)];
            }
        }

        double decay = models.Learner.WeightDecay * count * parameters / size;
        for (int i = 0; i < size; i++)
        {
            gram[(i * size) + i] += decay + (Damping * trace / size);
        }

        return gram;
    }

    /// <summary>Puts the solutions for some rows in their place.</summary>
    private static void Solve(PositiveSystem system, NativeFloats rows, int count, Projection projection)
    {
        int size = projection.Dimension;
        double[] right = new double[count * size];
        for (int i = 0; i < right.Length; i++)
        {
            right[i] = rows.Data[((nint)(i / size) * projection.Row) + (i % size)];
        }

        system.Solve(right);
        for (int i = 0; i < right.Length; i++)
        {
            rows.Data[((nint)(i / size) * projection.Row) + (i % size)] = (float)right[i];
        }
    }
}
