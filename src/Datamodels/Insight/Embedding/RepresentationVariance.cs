using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Insight;

/// <summary>
/// How the variance of penultimate representations falls off over their principal components: what the embedding of datamodels
/// is compared with.
/// </summary>
public static class RepresentationVariance
{
    /// <summary>
    /// Trains models on the whole training set. The representations of the targets by each, what its last dense layer sees, are
    /// scaled to length 1 and centred, as datamodels are; of explained variances and effective ranks the mean over the models
    /// is taken.
    /// </summary>
    /// <param name="training">The run whose data, learner and targets it is about.</param>
    /// <param name="engine">Does the training.</param>
    /// <param name="count">Number of components, at least 1; those past the width of the representation explain 0.</param>
    /// <param name="models">Models trained, at least 1.</param>
    /// <param name="seed">Seed of their training.</param>
    /// <param name="progress">Told of the models, at most five times a second.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DatamodelException"><c>NoRepresentation</c>: the learner is not a network of this module.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>For each thread, holds the representations of the targets twice, and a square of the smaller side.</remarks>
    public static VarianceSpectrum Of(
        SubsetTraining training, ITrainingEngine engine, int count, int models = 10, ulong seed = 0,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (engine is not INetworkEngine networks)
        {
            throw new DatamodelException(
                "NoRepresentation", ErrorKind.InvalidArgument,
                $"Models of {training.Spec.Learner} have no representation that can be looked at; expected a network that this "
                + "module trains. Leave the comparison with representations out.");
        }

        TrainingData data = training.Data;
        ExampleSet targets = training.Spec.Observation.Targets.Of(data);
        var all = Mask.Full(data.TrainCount);
        IEnumerable<TrainingTask> tasks = Enumerable.Range(0, models).Select(r => new TrainingTask(
            r, all, new RandomStream(seed, RandomPurpose.Verification, (ulong)r).NextUInt64()));
        var meter = new ProgressMeter(progress, "Representing", models);
        double[] explained = new double[count];
        double rank = 0;
        int done = 0;
        foreach (double[] variances in networks.Inspect(
            data, training.Spec.Learner, tasks, [], (_, _, network) => Variances(network, targets, cancellation), cancellation))
        {
            double total = variances.Sum();
            for (int k = 0; k < Math.Min(count, variances.Length) && total > 0; k++)
            {
                explained[k] += variances[k] / total / models;
            }

            rank += total > 0 ? total * total / variances.Sum(variance => variance * variance) / models : 0;
            meter.Report(++done);
        }

        return new VarianceSpectrum(new EquatableList<double>(explained), rank);
    }

    /// <summary>The variances on all components, descending.</summary>
    private static double[] Variances(ITrainedNetwork network, ExampleSet targets, CancellationToken cancellation)
    {
        int width = network.RepresentationSize;
        float[] representations = new float[checked(targets.Count * width)];
        network.Representations(targets, 0, targets.Count, representations);

        // The matrix of the smaller side has the same eigenvalues, but for zeros.
        bool wide = width > targets.Count;
        var points = wide ? new Block(width, targets.Count) : new Block(targets.Count, width);
        double[] mean = new double[width];
        for (int i = 0; i < targets.Count; i++)
        {
            ReadOnlySpan<float> row = representations.AsSpan(i * width, width);
            double length = 0;
            foreach (float value in row)
            {
                length += (double)value * value;
            }

            length = Math.Sqrt(length);
            for (int j = 0; j < width && length > 0; j++)
            {
                At(i, j) = row[j] / length;
                mean[j] += row[j] / length / targets.Count;
            }
        }

        for (int i = 0; i < targets.Count; i++)
        {
            for (int j = 0; j < width; j++)
            {
                At(i, j) -= mean[j];
            }
        }

        double[] covariance = points.DotProducts(points, cancellation);
        return [.. EigenPairs.Of(points.Width, covariance, cancellation).Values.Select(value => Math.Max(0, value))];

        ref double At(int target, int unit) => ref wide ? ref points.Row(unit)[target] : ref points.Row(target)[unit];
    }
}
