using System.Collections.Concurrent;
using System.Diagnostics;
using Datamodels.Data;
using Datamodels.Learners;

namespace Datamodels.Runs;

/// <summary>
/// One call of <see cref="SubsetTraining.Train"/>: finds what the run, or its shard, lacks, and trains that, until the marks
/// on disk, its own and those of other processes, say that nothing is missing.
/// </summary>
internal sealed class TrainingSession(
    SubsetTraining run, ITrainingEngine engine, IProgress<WorkProgress>? progress, CancellationToken cancellation)
{
    // Marks that were written and are gone again; on a shared disk two machines may spoil each other's now and then.
    private const int Passes = 3;

    // Checking every row takes long only where there are gigabytes of them; then it is shown.
    private static readonly TimeSpan s_silentChecking = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_countInterval = TimeSpan.FromMilliseconds(200);

    private readonly int _first = run.ShardModels.First;
    private readonly int _end = run.ShardModels.End;

    // Rows that are marked as done and do not match their mark; a value says nothing.
    private readonly ConcurrentDictionary<int, bool> _damaged = new();

    /// <summary>Trains; <see cref="SubsetTraining.Train"/> says what goes wrong.</summary>
    public TrainingReport Train()
    {
        int[] missing = Check();
        int damaged = _damaged.Count;
        int trained = 0;
        for (int pass = 1; missing.Length > 0; pass++)
        {
            if (pass > Passes)
            {
                throw new DatamodelException(
                    "RunMarksLost", ErrorKind.InputOutput,
                    $"{missing.Length} models of the run in '{run.Path}' were trained and marked as done, and again are not. "
                    + "Another program writes to completed.npy, or its disk loses what is written; put that right, and start "
                    + "the same run again to go on.");
            }

            trained += TrainMissing(missing);
            missing = FindUnmarked();
        }

        return new TrainingReport(trained, damaged);
    }

    /// <summary>Checks every row that is marked as done, once.</summary>
    /// <returns>The models that are to be trained, ascending.</returns>
    private int[] Check()
    {
        using RunStore store = run.OpenStore(FileAccess.Read);
        return run.Guarded("read", () =>
        {
            uint[] marks = store.ReadMarks();
            byte[] mask = new byte[store.MaskSize];
            float[] outputs = new float[store.OutputCount];
            var missing = new List<int>();
            int marked = 0;
            long start = Stopwatch.GetTimestamp();
            var meter = new ProgressMeter(progress, SubsetTraining.Checking, _end - _first);
            for (int model = _first; model < _end; model++)
            {
                if (model % 64 == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (Stopwatch.GetElapsedTime(start) > s_silentChecking)
                    {
                        meter.Report(model - _first);
                    }
                }

                if (marks[model] == 0)
                {
                    missing.Add(model);
                    continue;
                }

                marked++;
                if (!store.TryReadRow(model, marks[model], mask, outputs))
                {
                    _damaged[model] = true;
                    missing.Add(model);
                }
            }

            run.CheckOwn(marked, _damaged.Count);
            run.Look(marks, _damaged.Keys);
            return missing.ToArray();
        });
    }

    /// <summary>The models without a mark in the files as they are now, under the names they have now.</summary>
    private int[] FindUnmarked()
    {
        using RunStore store = run.OpenStore(FileAccess.Read);
        return run.Guarded("read", () =>
        {
            uint[] marks = store.ReadMarks();
            run.Look(marks, _damaged.Keys);
            return Enumerable.Range(_first, _end - _first).Where(model => marks[model] == 0).ToArray();
        });
    }

    private int TrainMissing(int[] missing)
    {
        TrainingData data = run.Data;
        var meter = new ProgressMeter(progress, "Training", run.ShardModelCount, run.ShardCompletedCount);
        long counted = Stopwatch.GetTimestamp();
        using RunStore store = run.OpenStore(FileAccess.ReadWrite);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var writer = new RowWriter(store, stop, Mend);
        using var heartbeat = new Heartbeat(run.Path, () => writer.MarkedCount);
        var list = new WorkList(run.Spec, missing, model => IsDoneByOthers(store, model));
        try
        {
            foreach (TrainingOutput output in engine.Train(
                data, run.Spec.Learner, run.Spec.Observation, list.Tasks(), stop.Token))
            {
                TrainingTask? task = list.Take(output.TaskId);
                if (task is null || output.Values.Length != run.Spec.OutputCount)
                {
                    throw new InvalidOperationException(
                        $"The engine '{engine.Name}' gave {output.Values.Length} outputs of model {output.TaskId}; "
                        + "it was not asked for that.");
                }

                output.RequireFinite($"Model {output.TaskId}");
                writer.Add(task, output.Values);
                if (Stopwatch.GetElapsedTime(counted) > s_countInterval)
                {
                    RequireFolder();
                    Count(store);
                    counted = Stopwatch.GetTimestamp();
                }

                meter.Report(run.ShardCompletedCount);
            }
        }
        finally
        {
            // Rows that were handed over are worth keeping whatever broke the training off. Where it was the writer itself,
            // its failure is the one to tell.
            try
            {
                writer.Finish();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Count(store);
                throw new DatamodelException(
                    "RunWriteFailed", ErrorKind.InputOutput,
                    $"Writing to the run in '{run.Path}' failed: {e.Message.TrimEnd('.')}. "
                    + $"The {run.CompletedCount} of {run.ModelCount} models that are done stay; "
                    + "put right what is wrong, such as too little room, and start the same run again to go on.", e);
            }

            Count(store);
        }

        if (list.LeftCount > 0)
        {
            throw new InvalidOperationException($"The engine '{engine.Name}' ended with {list.LeftCount} models not done.");
        }

        meter.Report(run.ShardCompletedCount);
        return writer.MarkedCount;
    }

    /// <summary>
    /// Files that are deleted can be written to as long as they are open, and then are gone with all that is in them.
    /// </summary>
    private void RequireFolder()
    {
        if (!RunFolder.Exists(run.Path))
        {
            throw new DatamodelException(
                "RunNotFound", ErrorKind.NotFound,
                $"The run in '{run.Path}' was deleted or moved while it was trained. If it was moved, start it again where it is "
                + "now to go on with the models that are done.");
        }
    }

    /// <summary>Whether another process has trained a model meanwhile; its row is checked as those at the start were.</summary>
    private bool IsDoneByOthers(RunStore store, int model)
    {
        if (!run.Guarded("read", () => store.IsDone(model)))
        {
            return false;
        }

        Mend(model);
        return true;
    }

    private void Mend(int model) => _damaged.TryRemove(model, out _);

    /// <summary>Takes in what is done on disk, by whichever process.</summary>
    private void Count(RunStore store)
    {
        try
        {
            run.Look(store.ReadMarks(), _damaged.Keys);
        }
        catch (IOException)
        {
            // The count stays as it was; what is wrong with the disk shows where it matters.
        }
    }
}
