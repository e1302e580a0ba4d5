using System.Diagnostics;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Attribution;

/// <summary>
/// Compares methods on the targets of a run: all of them against the same margins on held-out subsets, and by the same
/// retrainings after removals.
/// </summary>
public sealed class AttributionStudy
{
    private readonly SubsetTraining _training;
    private readonly HeldOutMargins _heldOut;
    private readonly Retrainer _retrainer;
    private readonly ITrainingEngine _engine;
    private readonly int[] _targets;
    private readonly int[] _sizes;
    private double[]? _controls;

    /// <summary>Makes a study.</summary>
    /// <param name="training">The run.</param>
    /// <param name="heldOut">A complete run of held-out subsets of it.</param>
    /// <param name="engine">Trains models.</param>
    /// <param name="retrainer">Trains them on what is left after a removal.</param>
    /// <param name="targets">Targets, by their number in the run, each once; null for all.</param>
    /// <param name="sizes">Numbers of examples to remove, each at least 1; none for no flip curve.</param>
    /// <exception cref="DatamodelException">
    /// A target is not one of the run or repeated, or they are too many for one array of scores; a size is under 1; the run does
    /// not record margins; the held-out run will not do.
    /// </exception>
    public AttributionStudy(
        SubsetTraining training, SubsetTraining heldOut, ITrainingEngine engine, Retrainer retrainer,
        IReadOnlyList<int>? targets, IReadOnlyList<int> sizes)
    {
        _targets = AttributionMethods.TargetsOf(training, targets);
        AttributionScores.RequireRoom(targets?.Count ?? training.TargetCount, training.TrainCount);
        foreach (int size in sizes)
        {
            if (size < 1)
            {
                throw new DatamodelException(
                    "RemovalSizeOutOfRange", ErrorKind.InvalidArgument,
                    $"A number of examples to remove is {size}; it must be at least 1.");
            }
        }

        _training = training;
        _heldOut = HeldOutMargins.Read(heldOut, training, OutputKind.Margin);
        _engine = engine;
        _retrainer = retrainer;
        _sizes = [.. sizes.Distinct().Order()];
    }

    /// <summary>Models that are trained for each method that opens networks, at least 1.</summary>
    public int NetworkCount { get; init; } = 20;

    /// <summary>Seed of those models, of projections and of random orders.</summary>
    public ulong Seed { get; init; }

    /// <summary>Targets fitted at once; 0 takes every core. Never changes a result.</summary>
    public int Threads { get; init; }

    /// <summary>Scores by one method, and measures the scores.</summary>
    /// <param name="method">The method.</param>
    /// <param name="progress">Told of the models that are trained.</param>
    /// <param name="cancellation">Stops; retrainings that are done are kept.</param>
    /// <exception cref="DatamodelException">
    /// <c>NetworkNeeded</c>: the method looks into networks, and the learner is none. Or a model diverged, or a target cannot be
    /// fitted.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>Holds 4 bytes for each target and training example, and what the method takes.</remarks>
    public AttributionComparison Compare(
        AttributionMethod method, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        IAttribution attribution = AttributionMethods.Create(method, _training, _engine, NetworkCount, Seed, Threads);
        long start = Stopwatch.GetTimestamp();
        AttributionScores scores = attribution.Score(_targets, progress, cancellation);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] lds = [.. Enumerable.Range(0, _targets.Length).Select(index => LdsOf(scores, index))];
        (double mean, double? error) = LinearDatamodelingScore.MeanAndError(lds);
        return new AttributionComparison
        {
            Method = method,
            ModelCount = attribution is DatamodelWeights ? _training.CompletedCount : attribution.ModelCount,
            Seconds = seconds,
            Lds = mean,
            LdsError = error,
            TargetLds = [.. lds],
            Flips = [.. FlipsOf(scores, progress, cancellation)],
            Targets = [.. _targets],
        };
    }

    private double LdsOf(AttributionScores scores, int index)
    {
        double[] predicted = new double[_heldOut.Plan.Count];
        for (int subset = 0; subset < predicted.Length; subset++)
        {
            predicted[subset] = scores.SumOver(index, _heldOut.Masks[subset]);
        }

        return _heldOut.LdsOf(_targets[index], predicted);
    }

    /// <summary>Smallest removals first: a target that has flipped needs no larger one.</summary>
    private IEnumerable<FlipPoint> FlipsOf(
        AttributionScores scores, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        if (_sizes.Length == 0)
        {
            yield break;
        }

        double[] controls = ControlsOf(progress, cancellation);
        var left = new Dictionary<int, int[][]>();
        for (int index = 0; index < _targets.Length; index++)
        {
            if (controls[_targets[index]] > 0)
            {
                left.Add(index, OrdersOf(scores, index));
            }
        }

        int removed = 0;
        foreach (int size in _sizes)
        {
            // Where an order ends, a larger size removes nothing more; where both begin alike, once is enough.
            (int Index, EquatableList<int> Removed)[] sets =
            [
                .. left.SelectMany(target => target.Value.Where(order => order.Length > removed)
                    .Select(order => new EquatableList<int>([.. order.Take(size).Order()])).Distinct()
                    .Select(examples => (target.Key, examples))),
            ];
            TrainingChange[] changes =
            [
                .. sets.Select(set => new TrainingChange
                {
                    Removed = set.Removed,
                    Targets = [_targets[set.Index]],
                    Stream = TrainingChange.StreamOf(_targets[set.Index]),
                }),
            ];
            foreach ((int index, RetrainedOutputs outputs) in
                sets.Select(set => set.Index).Zip(_retrainer.Train(changes, progress, cancellation)))
            {
                if (outputs.Mean(0) <= 0)
                {
                    left.Remove(index);
                }
            }

            removed = size;
            yield return FlipPoint.Of(size, _targets.Length - left.Count, _targets.Length);
        }
    }

    /// <summary>
    /// What may be removed of a target, first first: the examples whose scores are above 0; and those of its own class, whatever
    /// their score, since no model predicts a class that it has not seen.
    /// </summary>
    private int[][] OrdersOf(AttributionScores scores, int index)
    {
        int most = Math.Min(_sizes[^1], _training.TrainCount - 1);
        TrainingData data = _training.Data;
        int own = _training.Spec.Observation.Targets.Of(data).Labels[_targets[index]];
        return
        [
            scores.TopOf(index, most),
            [.. scores.RankingOf(index).Where(example => data.Train.Labels[example] == own).Take(most)],
        ];
    }

    /// <summary>Mean margin of every target of the run with nothing removed; trained for the first method only.</summary>
    private double[] ControlsOf(IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        if (_controls is null)
        {
            RetrainedOutputs control = _retrainer.Train([TrainingChange.None], progress, cancellation).Single();
            _controls = [.. Enumerable.Range(0, _training.TargetCount).Select(control.Mean)];
        }

        return _controls;
    }
}
