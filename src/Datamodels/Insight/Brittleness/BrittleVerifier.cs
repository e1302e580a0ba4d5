using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.Insight;

/// <summary>
/// Checks brittle sets by retraining with R removed or relabelled and, as the control, on S. The sets of one target at several
/// sizes are retrained from the same seeds, which makes their comparison a paired one, and those of different targets from
/// different seeds, so that a fraction of flipped targets does not share one draw of luck
/// (<see cref="TrainingChange.Stream"/>).
/// </summary>
public sealed class BrittleVerifier
{
    private readonly ITrainingEngine _engine;
    private readonly int _retrainings;
    private readonly ulong _seed;

    /// <summary>Makes a verifier.</summary>
    /// <param name="engine">Does the retraining.</param>
    /// <param name="retrainings">Models per set, and for the control, at least 2 (a standard error needs two).</param>
    /// <param name="seed">Seed of the retrainings.</param>
    /// <exception cref="DatamodelException"><paramref name="retrainings"/> is under 2.</exception>
    public BrittleVerifier(ITrainingEngine engine, int retrainings = 20, ulong seed = 0)
    {
        Retrainer.CheckRetrainings(retrainings);
        _engine = engine;
        _retrainings = retrainings;
        _seed = seed;
    }

    /// <summary>
    /// Retrains and yields the sets verified, in the same order, each as soon as it and those before it are done. Sets with
    /// nothing to change come back with the control margin only.
    /// </summary>
    /// <param name="sets">The sets; those of one run in succession are trained together.</param>
    /// <param name="progress">Told of the models retrained, at most five times a second.</param>
    /// <param name="cancellation">Stops within one model's training time.</param>
    /// <exception cref="DatamodelException">
    /// A set holds the whole training set, so that nothing is left to train on; or a retraining diverged.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public IEnumerable<BrittleSet> Verify(
        IReadOnlyList<BrittleSet> sets, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        // Made at once, so that what is wrong is said before anything is trained.
        var runs = new List<IEnumerable<BrittleSet>>();
        for (int first = 0; first < sets.Count;)
        {
            SubsetTraining training = sets[first].Datamodel.Training;
            BrittleSet[] batch = [.. sets.Skip(first).TakeWhile(set => set.Datamodel.Training.Path == training.Path)];
            runs.Add(Verify(training, batch, progress, cancellation));
            first += batch.Length;
        }

        return runs.SelectMany(verified => verified);
    }

    /// <summary>Verifies sets of one run in one call of the retrainer, so that it is busy throughout.</summary>
    private IEnumerable<BrittleSet> Verify(
        SubsetTraining training, BrittleSet[] sets, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        var retrainer = new Retrainer(training, _engine, _retrainings, _seed);
        TrainingChange[] changes =
        [
            TrainingChange.None,
            .. sets.Where(set => set.Size > 0).Select(set => new TrainingChange
            {
                Removed = set.Mode == BrittleMode.Remove ? set.Examples : [],
                Relabelled = set.NewClass is { } label
                    ? [.. set.Examples.Select(example => new LabelOverride(example, label))]
                    : [],
                Targets = [set.Target],
                Stream = TrainingChange.StreamOf(set.Target),
            }),
        ];
        return Verified(sets, retrainer.Train(changes, progress, cancellation));
    }

    /// <summary>Goes through the sets beside what was retrained for them, the control first.</summary>
    private static IEnumerable<BrittleSet> Verified(BrittleSet[] sets, IEnumerable<RetrainedOutputs> trained)
    {
        RetrainedOutputs? control = null;
        int next = 0;
        foreach (RetrainedOutputs outputs in trained)
        {
            if (control is null)
            {
                control = outputs;
            }
            else
            {
                double mean = outputs.Mean(0);
                yield return WithControl(sets[next++], control) with
                {
                    Status = mean <= 0 ? BrittleStatus.Flipped : BrittleStatus.NotFlipped,
                    RetrainedMargin = mean,
                    RetrainedError = outputs.StandardError(0),
                };
            }

            for (; next < sets.Length && sets[next].Size == 0; next++)
            {
                yield return WithControl(sets[next], control);
            }
        }
    }

    private static BrittleSet WithControl(BrittleSet set, RetrainedOutputs control) =>
        set with { ControlMargin = control.Mean(set.Target), RetrainingCount = control.Retrainings };
}
