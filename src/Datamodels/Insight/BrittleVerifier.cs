using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Insight;

/// <summary>
/// Checks brittle sets by retraining on S \ R and, as the control, on S.
/// <para>
/// Training seeds are those of <see cref="RandomPurpose.Verification"/> by (seed, target, r) for S \ R and by (seed, r) for
/// the control. So a result never depends on what is verified beside it; the sets of one target at several sizes are
/// retrained from the same seeds, which makes their comparison a paired one; and the sets of different targets are
/// retrained from different seeds, so that a fraction of flipped targets does not share one draw of luck.
/// </para>
/// </summary>
public sealed class BrittleVerifier
{
    private readonly ITrainingEngine _engine;
    private readonly int _retrainings;
    private readonly ulong _seed;

    // Margins of the models trained on the whole of S, [retrainings][targets].
    private readonly Dictionary<string, float[][]> _controls = [];

    /// <summary>Makes a verifier; it keeps the controls of the runs it has seen.</summary>
    /// <param name="engine">Does the retraining.</param>
    /// <param name="retrainings">Models per set, and for the control, at least 2 (a standard error needs two).</param>
    /// <param name="seed">Seed of the retrainings.</param>
    /// <exception cref="DatamodelException"><paramref name="retrainings"/> is under 2.</exception>
    public BrittleVerifier(ITrainingEngine engine, int retrainings = 20, ulong seed = 0)
    {
        if (retrainings < 2)
        {
            throw new DatamodelException(
                "RetrainingsOutOfRange", ErrorKind.InvalidArgument,
                $"The number of retrainings is {retrainings}; it must be at least 2, since a standard error needs two models.");
        }

        _engine = engine;
        _retrainings = retrainings;
        _seed = seed;
    }

    /// <summary>
    /// Retrains and yields the sets verified, in the same order, each as soon as it and those before it are done. Sets with
    /// nothing to remove come back with the control margin only. The control on S is trained once per run and kept.
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
        foreach (BrittleSet set in sets)
        {
            if (set.Size >= set.Datamodel.Training.TrainCount)
            {
                throw new DatamodelException(
                    "NothingLeft", ErrorKind.InvalidArgument,
                    $"The brittle set of target {set.Target} holds all {set.Datamodel.Training.TrainCount} training examples, "
                    + "which leaves nothing to train on; lower the size factor or raise the threshold.");
            }
        }

        return VerifyAll(sets, progress, cancellation);
    }

    /// <summary>What sets must share to be checked together: the run, by its path.</summary>
    private static string RunOf(BrittleSet set) => set.Datamodel.Training.Path;

    private IEnumerable<BrittleSet> VerifyAll(
        IReadOnlyList<BrittleSet> sets, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        int newControls = sets.Select(RunOf).Distinct().Count(run => !_controls.ContainsKey(run));
        int setsToTrain = sets.Count(set => set.Size > 0);
        var meter = new ProgressMeter(progress, "Retraining", (long)(newControls + setsToTrain) * _retrainings);
        long done = 0;
        for (int first = 0; first < sets.Count;)
        {
            int end = first + 1;
            while (end < sets.Count && RunOf(sets[end]) == RunOf(sets[first]))
            {
                end++;
            }

            BrittleSet[] batch = [.. sets.Skip(first).Take(end - first)];
            foreach (BrittleSet verified in VerifyBatch(batch, () => meter.Report(++done), cancellation))
            {
                yield return verified;
            }

            first = end;
        }
    }

    /// <summary>Verifies sets of one run in one call of the engine, so that it is busy throughout.</summary>
    private IEnumerable<BrittleSet> VerifyBatch(BrittleSet[] sets, Action trained, CancellationToken cancellation)
    {
        SubsetTraining training = sets[0].Datamodel.Training;
        TrainingData data = training.Data;

        // Task (i + 1) R + r is retraining r of set i; the tasks 0..R-1 are the control's, which every set waits for.
        bool controlKnown = _controls.TryGetValue(RunOf(sets[0]), out float[][]? known);
        float[][] control = known ?? new float[_retrainings][];
        var margins = new double[sets.Length][];
        int[] missing = new int[sets.Length];
        for (int i = 0; i < sets.Length; i++)
        {
            margins[i] = new double[_retrainings];
            missing[i] = sets[i].Size > 0 ? _retrainings : 0;
        }

        int controlMissing = controlKnown ? 0 : _retrainings;
        int next = 0;
        var observation = new Observation { Targets = training.Spec.Observation.Targets };
        foreach (TrainingOutput output in
            _engine.Train(data, training.Spec.Learner, observation, Tasks(sets, data, !controlKnown), cancellation))
        {
            output.RequireFinite("A retraining");
            (int block, int r) = Math.DivRem(output.TaskId, _retrainings);
            if (block == 0)
            {
                control[r] = output.Values;
                if (--controlMissing == 0)
                {
                    _controls[RunOf(sets[0])] = control;
                }
            }
            else
            {
                margins[block - 1][r] = output.Values[sets[block - 1].Target];
                missing[block - 1]--;
            }

            trained();
            for (; next < sets.Length && controlMissing == 0 && missing[next] == 0; next++)
            {
                yield return Verified(sets[next], margins[next], control);
            }
        }

        // Reached by sets that needed no training at all.
        for (; next < sets.Length && controlMissing == 0 && missing[next] == 0; next++)
        {
            yield return Verified(sets[next], margins[next], control);
        }

        if (next < sets.Length)
        {
            throw new InvalidOperationException($"The engine {_engine.Name} ended without the output of every task.");
        }
    }

    private IEnumerable<TrainingTask> Tasks(BrittleSet[] sets, TrainingData data, bool withControl)
    {
        var all = Mask.Full(data.TrainCount);
        for (int r = 0; withControl && r < _retrainings; r++)
        {
            yield return new TrainingTask(r, all, TrainingSeed(stream: 0, r));
        }

        for (int i = 0; i < sets.Length; i++)
        {
            if (sets[i].Size == 0)
            {
                continue;
            }

            Mask rest = all.Without(sets[i].Examples.AsSpan());
            for (int r = 0; r < _retrainings; r++)
            {
                yield return new TrainingTask(((i + 1) * _retrainings) + r, rest, TrainingSeed((uint)sets[i].Target + 1, r));
            }
        }
    }

    /// <summary>Stream 0 is the control's, stream t + 1 that of target t.</summary>
    private ulong TrainingSeed(uint stream, int r) =>
        new RandomStream(_seed, RandomPurpose.Verification, ((ulong)stream << 32) | (uint)r).NextUInt64();

    private BrittleSet Verified(BrittleSet set, double[] margins, float[][] control)
    {
        BrittleSet checkedSet = set with
        {
            ControlMargin = control.Average(model => (double)model[set.Target]),
            Retrainings = _retrainings,
        };
        if (set.Size == 0)
        {
            return checkedSet;
        }

        double mean = margins.Average();
        double squares = margins.Sum(margin => (margin - mean) * (margin - mean));
        return checkedSet with
        {
            Status = mean <= 0 ? BrittleStatus.Flipped : BrittleStatus.NotFlipped,
            RetrainedMargin = mean,
            RetrainedError = Math.Sqrt(squares / (_retrainings - 1) / _retrainings),
        };
    }
}
