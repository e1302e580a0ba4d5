using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics;
using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// Trains on the processor: each thread trains one model at a time, by SIMD kernels. A model's bits depend on its task
/// alone, not on threads, order or vector width.
/// </summary>
public sealed class CpuEngine : ITrainingEngine
{
    private readonly int _width;

    /// <summary>Makes an engine; threads start with <see cref="Train"/> and end with it.</summary>
    /// <param name="threads">Models trained at once, at least 1; 0 takes every core.</param>
    /// <exception cref="DatamodelException">The number of threads is negative.</exception>
    public CpuEngine(int threads = 0)
        : this(threads, BestWidth())
    {
    }

    /// <summary>An engine of a given vector width (16, 8, 4 or 1 lanes), for tests.</summary>
    internal CpuEngine(int threads, int width)
    {
        if (threads < 0)
        {
            throw new DatamodelException(
                "ThreadsOutOfRange", ErrorKind.InvalidArgument,
                $"The number of threads is {threads}; it must be at least 1, or 0 for every core.");
        }

        Threads = threads > 0 ? threads : Environment.ProcessorCount;
        _width = width;
    }

    /// <summary>Models trained at once.</summary>
    public int Threads { get; }

    /// <inheritdoc/>
    /// <remarks>The number goes up with every change that changes a bit of a margin, so that no run mixes two versions.</remarks>
    public string Name => "cpu-1";

    /// <inheritdoc/>
    public IEnumerable<TrainingOutput> Train(
        TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation = default)
    {
        if (learner is not NetworkLearner network)
        {
            throw new ArgumentException($"This engine trains networks, not {learner}.", nameof(learner));
        }

        return Run(data, network.Validate(), observation.Output, observation.Targets.Of(data), tasks, cancellation);
    }

    private static int BestWidth() =>
        Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    private IEnumerable<TrainingOutput> Run(
        TrainingData data, NetworkLearner learner, OutputKind output, ExampleSet targetSet, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation)
    {
        using var train = new PaddedFeatures(data.Train);
        using var targets = new PaddedFeatures(targetSet);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // Bounded: a reader that falls behind holds the training back instead of filling memory.
        using var outputs = new BlockingCollection<TrainingOutput>(16 * Threads);
        using IEnumerator<TrainingTask> source = tasks.GetEnumerator();
        var gate = new Lock();
        ExceptionDispatchInfo? failure = null;
        int running = Threads;

        void Work()
        {
            try
            {
                using INetworkTrainer trainer = CreateTrainer(data, learner, train, targets);
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
                    float[] logits = trainer.Train(task, stop.Token);
                    outputs.Add(
                        new TrainingOutput(task.Id, ModelOutput.Of(output, logits, targetSet.Labels)), stop.Token);
                }
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

        Thread[] threads = new Thread[Threads];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work) { IsBackground = true, Name = $"training {i}" };
            threads[i].Start();
        }

        try
        {
            foreach (TrainingOutput trained in outputs.GetConsumingEnumerable())
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

    private INetworkTrainer CreateTrainer(
        TrainingData data, NetworkLearner learner, PaddedFeatures train, PaddedFeatures targets) =>
        _width switch
        {
            16 => new NetworkTrainer<Simd512, Vector512<float>>(data, learner, train, targets),
            8 => new NetworkTrainer<Simd256, Vector256<float>>(data, learner, train, targets),
            4 => new NetworkTrainer<Simd128, Vector128<float>>(data, learner, train, targets),
            _ => new NetworkTrainer<SimdScalar, float>(data, learner, train, targets),
        };

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
