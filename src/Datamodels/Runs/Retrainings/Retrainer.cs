using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// Trains models on the whole training set of a run with something changed: what every claim of a datamodel is checked by.
/// <para>
/// What it trains is kept in the folder <c>retrained</c> of the run, so that a study that was stopped goes on where it was
/// and nothing is trained twice. A result depends on its change, the seed and the number of the retraining alone, never on
/// what is trained beside it.
/// </para>
/// </summary>
public sealed class Retrainer
{
    private readonly SubsetTraining _training;
    private readonly ITrainingEngine _engine;
    private readonly ulong _seed;
    private readonly OutputKind _output;

    /// <summary>Makes a retrainer for one run.</summary>
    /// <param name="training">The run whose data, learner and targets it has.</param>
    /// <param name="engine">Does the training.</param>
    /// <param name="retrainings">Models trained for each change, R, at least 2 (a standard error needs two).</param>
    /// <param name="seed">Seed of the retrainings.</param>
    /// <param name="output">What is observed of each model.</param>
    /// <exception cref="DatamodelException">
    /// <paramref name="retrainings"/> is under 2; or the models of the run were trained elsewhere.
    /// </exception>
    public Retrainer(
        SubsetTraining training, ITrainingEngine engine, int retrainings = 20, ulong seed = 0,
        OutputKind output = OutputKind.Margin)
    {
        CheckRetrainings(retrainings);
        if (training.Spec.Learner is ImportedLearner)
        {
            throw ImportedLearner.NotTrainable();
        }

        _training = training;
        _engine = engine;
        Retrainings = retrainings;
        _seed = seed;
        _output = output;
    }

    /// <summary>R: models trained for each change.</summary>
    public int Retrainings { get; }

    /// <summary>Models that had to be trained so far; the others were kept from before.</summary>
    public int TrainedCount { get; private set; }

    /// <summary>
    /// Trains the models of every change, and yields what they say in the order of the changes, each as soon as it and those
    /// before it are done.
    /// </summary>
    /// <param name="changes">What is changed, each by itself.</param>
    /// <param name="progress">Told of the models, at most five times a second.</param>
    /// <param name="cancellation">Stops within one model's training time; what is done is kept.</param>
    /// <exception cref="DatamodelException">
    /// A change leaves nothing to train on, or is of an example or class that is not there: said before any training. A
    /// retraining diverged.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>
    /// Holds the subset and the outputs wanted of every change: n / 8 bytes, and 4 bytes a model and target.
    /// </remarks>
    public IEnumerable<RetrainedOutputs> Train(
        IReadOnlyList<TrainingChange> changes, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        TrainingData data = _training.Data;
        Mask[] masks = [.. changes.Select(change =>
        {
            cancellation.ThrowIfCancellationRequested();
            return change.MaskOf(data);
        })];
        foreach (int target in changes.SelectMany(change => change.Targets ?? []))
        {
            if ((uint)target >= (uint)_training.TargetCount)
            {
                throw new DatamodelException(
                    "TargetOutOfRange", ErrorKind.InvalidArgument,
                    $"There is no target {target}; '{_training.Path}' has {_training.TargetCount}, numbered 0 to "
                    + $"{_training.TargetCount - 1}.");
            }
        }

        return TrainAll(changes, masks, data, progress, cancellation);
    }

    /// <exception cref="DatamodelException">The number is under 2.</exception>
    internal static void CheckRetrainings(int retrainings)
    {
        if (retrainings < 2)
        {
            throw new DatamodelException(
                "RetrainingsOutOfRange", ErrorKind.InvalidArgument,
                $"The number of retrainings is {retrainings}; it must be at least 2, since a standard error needs two models.");
        }
    }

    private IEnumerable<RetrainedOutputs> TrainAll(
        IReadOnlyList<TrainingChange> changes, Mask[] masks, TrainingData data, IProgress<WorkProgress>? progress,
        CancellationToken cancellation)
    {
        int perTarget = ModelOutput.Width(_output, data.ClassCount);
        _training.RequireFolder();
        using RetrainingStore? store = RetrainingStore.Open(_training.Path, _engine.Name, _output);
        var outputs = new float[changes.Count][];
        int[] missing = new int[changes.Count];
        var tasks = new List<(int Change, int Model, UInt128 Key)>();
        for (int c = 0; c < changes.Count; c++)
        {
            int width = perTarget * (changes[c].Targets?.Count ?? _training.TargetCount);
            outputs[c] = new float[Retrainings * width];
            for (int r = 0; r < Retrainings; r++)
            {
                cancellation.ThrowIfCancellationRequested();
                UInt128 key = RetrainingStore.KeyOf(masks[c], changes[c], SeedOf(changes[c], r));
                if (store?.TryRead(key, outputs[c].AsSpan(r * width, width)) != true)
                {
                    tasks.Add((c, r, key));
                    missing[c]++;
                }
            }
        }

        long total = (long)changes.Count * Retrainings;
        long done = total - tasks.Count;
        var meter = new ProgressMeter(progress, "Retraining", total, done);
        int next = 0;
        if (tasks.Count > 0)
        {
            var observation = new Observation { Output = _output, Targets = _training.Spec.Observation.Targets };
            IEnumerable<TrainingTask> models = tasks.Select((task, id) =>
                new TrainingTask(id, masks[task.Change], SeedOf(changes[task.Change], task.Model))
                {
                    LabelOverrides = changes[task.Change].Relabelled,
                });
            foreach (TrainingOutput trained in
                _engine.Train(data, _training.Spec.Learner, observation, models, cancellation))
            {
                trained.RequireFinite("A retraining");
                (int c, int r, UInt128 key) = tasks[trained.TaskId];
                int width = outputs[c].Length / Retrainings;
                Span<float> row = outputs[c].AsSpan(r * width, width);
                Take(trained.Values, changes[c].Targets, perTarget, row);
                store?.Add(key, row);
                missing[c]--;
                TrainedCount++;
                meter.Report(++done);
                for (; next < changes.Count && missing[next] == 0; next++)
                {
                    yield return new RetrainedOutputs(changes[next], Retrainings, outputs[next]);
                }
            }
        }

        // Reached by changes whose models were all kept from before.
        for (; next < changes.Count && missing[next] == 0; next++)
        {
            yield return new RetrainedOutputs(changes[next], Retrainings, outputs[next]);
        }

        if (next < changes.Count)
        {
            throw new InvalidOperationException($"The engine {_engine.Name} ended without the output of every task.");
        }
    }

    /// <summary>The numbers of the targets wanted.</summary>
    private static void Take(float[] values, EquatableList<int>? targets, int perTarget, Span<float> row)
    {
        if (targets is null)
        {
            values.CopyTo(row);
            return;
        }

        for (int i = 0; i < targets.Count; i++)
        {
            values.AsSpan(targets[i] * perTarget, perTarget).CopyTo(row[(i * perTarget)..]);
        }
    }

    private ulong SeedOf(TrainingChange change, int r) =>
        new RandomStream(_seed, RandomPurpose.Verification, ((ulong)change.Stream << 32) | (uint)r).NextUInt64();
}
