using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;

namespace Datamodels.Attribution;

/// <summary>
/// Influence functions (Koh and Liang 2017) on the last layer, whose inputs are taken as fixed: -1/n ∇f(x)' H⁻¹ ∇L(z_i), f the
/// margin and L the loss with its label smoothing, mean over models. To first order that is what the presence of z_i adds to the
/// margin. H is the Hessian of the mean loss over the training set, plus weight decay, plus a thousandth of its own mean
/// diagonal as damping, which makes it invertible without weight decay, too.
/// </summary>
/// <param name="models">The models.</param>
/// <remarks>
/// Takes for each thread 8 bytes for each pair of weights of the last layer, (width + 1) classes of them, 8 for each target
/// and training example, and 2,048 for each training example; the Hessian is n (width + 1)² classes² operations, its factor a
/// third of the cube of its size.
/// </remarks>
public sealed unsafe class InfluenceFunctions(NetworkEnsemble models) : IAttribution
{
    private const double Damping = 1e-3;

    private int Classes => models.Data.ClassCount;

    /// <inheritdoc/>
    public int ModelCount => models.Count;

    /// <inheritdoc/>
    /// <exception cref="DatamodelException"><c>LastLayerTooWide</c>: an array cannot hold its Hessian.</exception>
    public AttributionScores Score(
        IReadOnlyList<int> targets, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ExampleSet examples = models.ExamplesOf(targets);
        float[] scores = models.Mean([], (_, network) => Influences(network, examples, cancellation), progress, cancellation);
        return new AttributionScores(models.Data.TrainCount, scores);
    }

    private float[] Influences(ITrainedNetwork network, ExampleSet targets, CancellationToken cancellation)
    {
        var train = new OpenedExamples(network, models.Data.Train, Classes);
        double[] probabilities = train.Probabilities();
        float[] losses = LogitGradients.OfLoss(probabilities, train.Examples.Labels, models.Learner.LabelSmoothing);
        int width = network.RepresentationSize + 1;
        using NativeFloats inputs = train.LastInputs();
        var hessian = new PositiveSystem(Hessian(inputs, probabilities, width, cancellation), Classes * width);
        double[] solutions = MarginGradients(new OpenedExamples(network, targets, Classes), width);
        hessian.Solve(solutions);
        return Products(solutions, inputs, losses, targets.Count, width);
    }

    /// <summary>
    /// The mean over examples of (diag(p) - p p') ⊗ h h', h what the last layer multiplies, made positive definite:
    /// <c>[classes width, classes width]</c>.
    /// </summary>
    private double[] Hessian(NativeFloats inputs, double[] probabilities, int width, CancellationToken cancellation)
    {
        int count = models.Data.TrainCount;
        int row = KernelLayout.Pad(width);
        int size = Classes * width;
        if ((long)size * size > Array.MaxLength)
        {
            throw new DatamodelException(
                "LastLayerTooWide", ErrorKind.InvalidArgument,
                $"The last layer has {size} weights, {width} for each class; influence functions take at most "
                + $"{(int)Math.Sqrt(Array.MaxLength)}, for their Hessian. Take another method.");
        }

        double[] hessian = new double[size * size];
        using var weighted = new NativeFloats((nint)count * row);
        using var block = new NativeFloats((nint)width * row);
        for (int c = 0; c < Classes; c++)
        {
            for (int d = 0; d <= c; d++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < count; i++)
                {
                    ReadOnlySpan<double> p = probabilities.AsSpan(i * Classes, Classes);
                    float weight = (float)((c == d ? p[c] * LogitGradients.Doubt(p, c) : -p[c] * p[d]) / count);
                    for (int j = 0; j < width; j++)
                    {
                        weighted.Data[((nint)i * row) + j] = weight * inputs.Data[((nint)i * row) + j];
                    }
                }

                block.Clear();
                RowProducts.Add(weighted.Data, 1, row, inputs.Data, row, block.Data, row, width, count, width);
                for (int i = 0; i < width; i++)
                {
                    for (int j = 0; j < width; j++)
                    {
                        // Rounding leaves the two halves of a block a little apart; one of them stands for both.
                        double value = block.Data[(Math.Max(i, j) * row) + Math.Min(i, j)];
                        hessian[(((c * width) + i) * size) + (d * width) + j] = value;
                        hessian[(((d * width) + j) * size) + (c * width) + i] = value;
                    }
                }
            }
        }

        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            trace += hessian[(i * size) + i];
        }

        for (int i = 0; i < size; i++)
        {
            hessian[(i * size) + i] += models.Learner.WeightDecay + (Damping * trace / size);
        }

        return hessian;
    }

    /// <summary>Gradients of the margins with respect to the last layer, <c>[targets, classes, width]</c>.</summary>
    private double[] MarginGradients(OpenedExamples targets, int width)
    {
        int row = KernelLayout.Pad(width);
        using NativeFloats inputs = targets.LastInputs();
        float[] margins = LogitGradients.OfMargin(targets.Logits, targets.Examples.Labels);
        double[] gradients = new double[margins.Length * width];
        for (int t = 0; t < targets.Count; t++)
        {
            for (int c = 0; c < Classes; c++)
            {
                for (int j = 0; j < width; j++)
                {
                    int at = (t * Classes) + c;
                    gradients[(at * width) + j] = margins[at] * inputs.Data[((nint)t * row) + j];
                }
            }
        }

        return gradients;
    }

    /// <summary>-1/n Σ_c (s_c·h_i) g_ic for each target's solution s and each example's loss gradient g.</summary>
    private float[] Products(double[] solutions, NativeFloats inputs, float[] losses, int targets, int width)
    {
        int count = models.Data.TrainCount;
        int row = KernelLayout.Pad(width);
        int across = KernelLayout.Pad(count);
        float[] scores = new float[targets * count];
        using var solution = new NativeFloats((nint)targets * row);
        using var products = new NativeFloats((nint)targets * across);
        for (int c = 0; c < Classes; c++)
        {
            for (int t = 0; t < targets; t++)
            {
                for (int j = 0; j < width; j++)
                {
                    solution.Data[((nint)t * row) + j] = (float)solutions[(((t * Classes) + c) * width) + j];
                }
            }

            products.Clear();
            RowProducts.AddInner(solution.Data, row, inputs.Data, row, products.Data, across, targets, width, count);
            for (int t = 0; t < targets; t++)
            {
                for (int i = 0; i < count; i++)
                {
                    scores[(t * count) + i] -= losses[(i * Classes) + c] * products.Data[((nint)t * across) + i] / count;
                }
            }
        }

        return scores;
    }
}
