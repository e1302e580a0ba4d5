using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Insight;

/// <summary>
/// Checks components by retraining: takes away the training examples with the largest loadings at one end, and compares what
/// targets at that end lose with what the others lose.
/// </summary>
public static class ComponentVerifier
{
    // The part of the targets that counts as an end.
    private const double EndFraction = 0.1;

    /// <summary>
    /// Retrains without each end of each component, and yields the effects, both ends of a component in turn, as each is done.
    /// At an end is the tenth of the targets furthest out. Where targets are training examples, those that are removed themselves
    /// are left out on both sides.
    /// </summary>
    /// <param name="components">Components of one embedding.</param>
    /// <param name="engine">Does the retraining.</param>
    /// <param name="size">Training examples removed, at least 1; fewer where fewer have a loading of that sign.</param>
    /// <param name="retrainings">Models trained without each end, and on S as the control, at least 2.</param>
    /// <param name="seed">Seed of the retrainings.</param>
    /// <param name="progress">Told of the models, at most five times a second.</param>
    /// <param name="cancellation">Stops; what is done is kept in the run's folder.</param>
    /// <exception cref="DatamodelException">
    /// A number is outside its range, components are of several embeddings, nothing would be left to train on, fewer than two
    /// targets would be left to compare, or a training diverged.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static IEnumerable<ComponentEffect> Verify(
        IReadOnlyList<EmbeddingComponent> components, ITrainingEngine engine, int size = 20, int retrainings = 20,
        ulong seed = 0, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (size < 1)
        {
            throw new DatamodelException(
                "SizeOutOfRange", ErrorKind.InvalidArgument,
                $"The number of training examples to remove is {size}; it must be at least 1.");
        }

        if (components.Count == 0)
        {
            return [];
        }

        DatamodelEmbedding embedding = components[0].Embedding;
        if (components.Any(component => !ReferenceEquals(component.Embedding, embedding)))
        {
            throw new DatamodelException(
                "EmbeddingsDiffer", ErrorKind.InvalidArgument,
                "The components are of several embeddings; check those of one embedding at a time.");
        }

        var retrainer = new Retrainer(embedding.Training, engine, retrainings, seed, embedding.Datamodels[0].Output);
        (EmbeddingComponent Component, ComponentEnd End)[] ends =
            [.. components.SelectMany(component => Enum.GetValues<ComponentEnd>().Select(end => (component, end)))];
        TrainingChange[] changes = [TrainingChange.None, .. ends.Select(end => new TrainingChange
        {
            Removed = [.. ExamplesAt(end.Component, end.End, size)],

            // From the last one down, so that these are never the seeds of a target's retrainings.
            Stream = uint.MaxValue - (uint)((2 * end.Component.Component) + (int)end.End),
        })];
        foreach (TrainingChange change in changes)
        {
            int seen = SeenOf(embedding, [.. change.Removed]).Length;
            if (seen < 2)
            {
                throw new DatamodelException(
                    "TargetsRemoved", ErrorKind.InvalidArgument,
                    $"Without the {change.Removed.Count} training examples that are to be removed, {seen} of the "
                    + $"{embedding.Points.Count} targets are left to compare; expected at least 2. Remove fewer, or fit more "
                    + "targets.");
            }
        }

        return Compare(embedding, ends, retrainer.Train(changes, progress, cancellation));
    }

    private static IEnumerable<ComponentEffect> Compare(
        DatamodelEmbedding embedding, (EmbeddingComponent Component, ComponentEnd End)[] ends,
        IEnumerable<RetrainedOutputs> retrained)
    {
        RetrainedOutputs? control = null;
        int next = 0;
        foreach (RetrainedOutputs outputs in retrained)
        {
            if (control is null)
            {
                control = outputs;
            }
            else
            {
                (EmbeddingComponent component, ComponentEnd end) = ends[next++];
                yield return EffectOf(embedding, component, end, control, outputs);
            }
        }
    }

    private static ComponentEffect EffectOf(
        DatamodelEmbedding embedding, EmbeddingComponent component, ComponentEnd end, RetrainedOutputs control,
        RetrainedOutputs without)
    {
        HashSet<int> removed = [.. without.Change.Removed];
        int[] seen = SeenOf(embedding, removed);
        double[] coordinates = [.. seen.Select(i => embedding.Points[i].Coordinates[component.Component - 1])];
        int[] order = [.. EmbeddingComponents.Strongest(coordinates, end == ComponentEnd.Positive).Select(at => seen[at])];
        int count = Math.Max(1, (int)(EndFraction * order.Length));
        int[] there = order[..count];
        int[] elsewhere = order[count..];
        Datamodel[] datamodels = [.. embedding.Datamodels];
        return new ComponentEffect
        {
            EmbeddingComponent = component,
            End = end,
            Examples = without.Change.Removed,
            Targets = [.. there.Select(i => datamodels[i].Target)],
            EndDrop = Mean(Means(control, there)) - Mean(Means(without, there)),
            OtherDrop = Mean(Means(control, elsewhere)) - Mean(Means(without, elsewhere)),
            DifferenceError = Math.Sqrt(SquaredError(control) + SquaredError(without)),
            PredictedDifference = there.Average(PredictedDrop) - elsewhere.Average(PredictedDrop),
            RetrainingCount = without.Retrainings,
        };

        // Mean margin of some targets by each model.
        double[] Means(RetrainedOutputs outputs, int[] targets) => [.. Enumerable.Range(0, outputs.Retrainings).Select(r =>
            targets.Average(i => (double)outputs.Values[(r * outputs.Width) + datamodels[i].Target]))];

        // The models on S and on S \ R are independent, and so are these among each other.
        double SquaredError(RetrainedOutputs outputs)
        {
            double[] differences = [.. Means(outputs, there).Zip(Means(outputs, elsewhere), (left, right) => left - right)];
            double mean = Mean(differences);
            return differences.Sum(value => (value - mean) * (value - mean)) / (differences.Length - 1) / differences.Length;
        }

        double PredictedDrop(int i) => datamodels[i].Examples.Zip(datamodels[i].Weights)
            .Where(pair => removed.Contains(pair.First)).Sum(pair => pair.Second);

        static double Mean(double[] values) => values.Average();
    }

    /// <summary>The targets that are not themselves removed, by their places in the embedding.</summary>
    private static int[] SeenOf(DatamodelEmbedding embedding, HashSet<int> removed)
    {
        bool ofTraining = TargetWeights.IsOfTraining(embedding.Datamodels[0]);
        return [.. Enumerable.Range(0, embedding.Points.Count)
            .Where(i => !ofTraining || !removed.Contains(embedding.Datamodels[i].TargetExample))];
    }

    private static int[] ExamplesAt(EmbeddingComponent component, ComponentEnd end, int size)
    {
        int sign = end == ComponentEnd.Positive ? 1 : -1;
        int[] examples = [.. EmbeddingComponents.Strongest(component.Loadings, sign > 0)
            .TakeWhile(j => sign * component.Loadings[j] > 0).Take(size)];
        return examples.Length > 0
            ? examples
            : throw new DatamodelException(
                "EndEmpty", ErrorKind.InvalidData,
                $"No training example has a {end.ToString().ToLowerInvariant()} loading on {component}, so that there is none to "
                + "remove; leave this component out.");
    }
}
