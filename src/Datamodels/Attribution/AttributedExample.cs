using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.Attribution;

/// <summary>A training example as one method ranks it for one target.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Number of the target.</param>
/// <param name="TargetLabel">Class name of the target.</param>
/// <param name="Example">Index of the training example.</param>
/// <param name="ExampleLabel">Class name of the training example.</param>
/// <param name="Score">The larger, the more its presence is said to raise the margin; in the method's own unit.</param>
/// <param name="Rank">1 is the largest score.</param>
public sealed record AttributedExample(
    AttributionMethod Method, int Target, string TargetLabel, int Example, string ExampleLabel, double Score, int Rank)
{
    /// <summary>The first of the training set for each target, by one method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="training">The run.</param>
    /// <param name="engine">Trains the models of methods that look into networks; null where the learner is none.</param>
    /// <param name="targets">Targets, by their number in the run; null for all.</param>
    /// <param name="top">Examples for each, at least 1.</param>
    /// <param name="networkCount">Models that are trained for a method that looks into networks, at least 1.</param>
    /// <param name="seed">Seed of those models, of projections and of random orders.</param>
    /// <param name="threads">Targets fitted at once; 0 takes every core.</param>
    /// <param name="progress">Told of the models that are trained.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>By target in the order given, and then by rank.</returns>
    /// <exception cref="DatamodelException">
    /// A target is not one of the run or repeated; the method looks into networks, and the learner is none; a target cannot be
    /// fitted; or the targets are too many for one array.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>Holds 4 bytes for each target and training example, and what the method takes.</remarks>
    public static IEnumerable<AttributedExample> Top(
        AttributionMethod method, SubsetTraining training, ITrainingEngine? engine, IReadOnlyList<int>? targets, int top,
        int networkCount = 20, ulong seed = 0, int threads = 0, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        int[] wanted = AttributionMethods.TargetsOf(training, targets);
        AttributionScores.RequireRoom(wanted.Length, training.TrainCount);
        AttributionScores scores = AttributionMethods.Create(method, training, engine, networkCount, seed, threads)
            .Score(wanted, progress, cancellation);
        IReadOnlyList<string> labels = training.TargetLabels();
        return wanted.SelectMany((target, index) => scores.RankingOf(index).Take(top).Select((example, rank) =>
            new AttributedExample(
                method, target, labels[target], example, training.ExampleLabel(example), scores.Of(index)[example], rank + 1)));
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Method}, target {Target} ({TargetLabel}): {Rank}. training example {Example} ({ExampleLabel}), score {Score:g4}");
}
