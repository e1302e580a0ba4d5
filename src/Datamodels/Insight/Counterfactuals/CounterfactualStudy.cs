using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.Insight;

/// <summary>
/// Measures the effects of removals by retraining on S \ R and, once for all targets, on S. Training seeds are as those of
/// brittle sets: the removals of one target share theirs, those of different targets do not
/// (<see cref="TrainingChange.Stream"/>).
/// </summary>
public sealed class CounterfactualStudy
{
    private readonly ITrainingEngine _engine;
    private readonly int _retrainings;
    private readonly ulong _seed;

    /// <summary>Makes a study.</summary>
    /// <param name="engine">Does the retraining.</param>
    /// <param name="retrainings">Models for each removal, and for the control, at least 2 (a standard error needs two).</param>
    /// <param name="seed">Seed of the retrainings.</param>
    /// <exception cref="DatamodelException"><paramref name="retrainings"/> is under 2.</exception>
    public CounterfactualStudy(ITrainingEngine engine, int retrainings = 20, ulong seed = 0)
    {
        Retrainer.CheckRetrainings(retrainings);
        _engine = engine;
        _retrainings = retrainings;
        _seed = seed;
    }

    /// <summary>Retrains, and yields what came of each removal in order, as soon as it and those before are done.</summary>
    /// <param name="removals">The removals, all of one run and output; each set is trained once for each target.</param>
    /// <param name="progress">Told of the models retrained, at most five times a second.</param>
    /// <param name="cancellation">Stops within one model's training time; what is done is kept in the run's folder.</param>
    /// <exception cref="DatamodelException">The data cannot be read again, or a retraining diverged.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public IEnumerable<Counterfactual> Measure(
        IReadOnlyList<Removal> removals, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (removals.Count == 0)
        {
            return [];
        }

        var retrainer = new Retrainer(
            removals[0].Datamodel.Training, _engine, _retrainings, _seed, removals[0].Datamodel.Output);
        TrainingChange[] changes =
        [
            TrainingChange.None,
            .. removals.Select(removal => new TrainingChange
            {
                Removed = removal.Examples,
                Targets = [removal.Datamodel.Target],
                Stream = TrainingChange.StreamOf(removal.Datamodel.Target),
            }),
        ];
        return Measured(removals, retrainer.Train(changes, progress, cancellation));
    }

    // The control comes first.
    private static IEnumerable<Counterfactual> Measured(IReadOnlyList<Removal> removals, IEnumerable<RetrainedOutputs> trained)
    {
        RetrainedOutputs? control = null;
        int next = 0;
        foreach (RetrainedOutputs outputs in trained)
        {
            if (control is null)
            {
                control = outputs;
                continue;
            }

            Removal removal = removals[next++];
            int target = removal.Datamodel.Target;
            yield return new Counterfactual
            {
                Datamodel = removal.Datamodel,
                Kind = removal.Kind,
                Removed = removal.Examples,
                ControlMargin = control.Mean(target),
                ControlError = control.StandardError(target),
                RetrainedMargin = outputs.Mean(0),
                RetrainedError = outputs.StandardError(0),
                RetrainingCount = outputs.Retrainings,
            };
        }
    }
}
