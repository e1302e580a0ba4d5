using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>
/// Deals tasks out to several trainers, each on a thread of its own, and yields what they give: what engines have in common.
/// </summary>
public static class ParallelTraining
{
    /// <summary>The number of models to train at once, with 0 taken as one for every core.</summary>
    /// <exception cref="DatamodelException">The number is negative.</exception>
    public static int CountOf(int threads) => threads switch
    {
        < 0 => throw new DatamodelException(
            "ThreadsOutOfRange", ErrorKind.InvalidArgument,
            $"The number of threads is {threads}; it must be at least 1, or 0 for every core."),
        0 => Environment.ProcessorCount,
        _ => threads,
    };

    /// <summary>Trains a model for each task and yields the outputs in the order in which they are done.</summary>
    /// <param name="count">Trainers, at least 1.</param>
    /// <param name="data">What the tasks are about; each is checked against it.</param>
    /// <param name="tasks">The models; read lazily, from one thread at a time.</param>
    /// <param name="create">Makes a trainer, given its number, 0..count-1; called on the trainer's thread.</param>
    /// <param name="cancellation">Stops every trainer.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <exception cref="DatamodelException">A trainer failed; the others are stopped and waited for.</exception>
    public static IEnumerable<TrainingOutput> Run(
        int count, TrainingData data, IEnumerable<TrainingTask> tasks, Func<int, IModelTrainer> create,
        CancellationToken cancellation) =>
        Run(
            count, data, tasks, create, (trainer, task, stop) => new TrainingOutput(task.Id, trainer.Train(task, stop)),
            cancellation);

    /// <summary>The same for what <paramref name="train"/> makes of each task with the trainer whose turn it is.</summary>
    internal static IEnumerable<TResult> Run<TTrainer, TResult>(
        int count, TrainingData data, IEnumerable<TrainingTask> tasks, Func<int, TTrainer> create,
        Func<TTrainer, TrainingTask, CancellationToken, TResult> train, CancellationToken cancellation)
        where TTrainer : IModelTrainer
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // Bounded: a reader that falls behind holds the training back instead of filling memory.
        using var outputs = new BlockingCollection<TResult>(16 * count);
        using IEnumerator<TrainingTask> source = tasks.GetEnumerator();
        var gate = new Lock();
        ExceptionDispatchInfo? failure = null;
        int running = count;

        void Work(int number)
        {
            try
            {
                using TTrainer trainer = create(number);
                while (!stop.IsCancellationRequested)
                {
                    TrainingTask task;
                    lock (gate)
                    {
                        if (!source.MoveNext())
                        {
                            break;
                        }

                        task = source.Current;
                    }

                    CheckTask(task, data);
                    outputs.Add(train(trainer, task, stop.Token), stop.Token);
                }

                stop.Token.ThrowIfCancellationRequested();
                trainer.Finish(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Whoever asked for it knows; the consumer below tells a cancelled caller.
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                stop.Cancel();
            }
            finally
            {
                if (Interlocked.Decrement(ref running) == 0)
                {
                    outputs.CompleteAdding();
                }
            }
        }

        Thread[] threads = new Thread[count];
        for (int i = 0; i < threads.Length; i++)
        {
            int number = i;
            threads[i] = new Thread(() => Work(number)) { IsBackground = true, Name = $"training {i}" };
            threads[i].Start();
        }

        try
        {
            foreach (TResult trained in outputs.GetConsumingEnumerable())
            {
                yield return trained;
            }

            failure?.Throw();
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            stop.Cancel();
            foreach (Thread thread in threads)
            {
                thread.Join();
            }
        }
    }

    private static void CheckTask(TrainingTask task, TrainingData data)
    {
        if (task.Mask.Length != data.TrainCount)
        {
            throw new ArgumentException(
                $"Task {task.Id} has a mask over {task.Mask.Length} examples; the training set has {data.TrainCount}.");
        }

        if (task.Mask.Count == 0)
        {
            throw new DatamodelException(
                "SubsetEmpty", ErrorKind.InvalidArgument,
                $"Task {task.Id} has no training example left; a model needs at least one. Remove fewer examples.");
        }

        foreach (LabelOverride replaced in task.LabelOverrides)
        {
            if ((uint)replaced.Example >= (uint)data.TrainCount || (uint)replaced.Label >= (uint)data.ClassCount)
            {
                throw new ArgumentException(
                    $"Task {task.Id} gives example {replaced.Example} the label {replaced.Label}; there are {data.TrainCount} "
                    + $"training examples and {data.ClassCount} classes.");
            }
        }
    }
}
