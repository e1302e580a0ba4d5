using System.Runtime.Intrinsics;
using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// Trains on the processor: each thread trains one model at a time, by SIMD kernels. A model's bits depend on its task
/// alone, not on threads, order or vector width.
/// </summary>
public sealed class CpuEngine : INetworkEngine
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
        Threads = ParallelTraining.CountOf(threads);
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
        return Run(data, Checked(data, learner), observation, observation.Targets.Of(data), tasks, cancellation);
    }

    /// <inheritdoc/>
    public IEnumerable<T> Inspect<T>(
        TrainingData data, Learner learner, IEnumerable<TrainingTask> tasks, IReadOnlyList<int> epochs,
        Func<TrainingTask, int, ITrainedNetwork, T> inspect, CancellationToken cancellation = default)
    {
        NetworkLearner network = Checked(data, learner);
        int[] checkpoints = epochs.Count == 0 ? [network.Epochs] : [.. epochs];
        for (int i = 0; i < checkpoints.Length; i++)
        {
            if (checkpoints[i] <= (i > 0 ? checkpoints[i - 1] : 0) || checkpoints[i] > network.Epochs)
            {
                throw new ArgumentException(
                    $"The checkpoints {string.Join(", ", checkpoints)} are not ascending numbers from 1 to {network.Epochs}.",
                    nameof(epochs));
            }
        }

        return Inspect(data, network, [.. tasks], checkpoints, inspect, cancellation);
    }

    private NetworkLearner Checked(TrainingData data, Learner learner)
    {
        if (learner is not NetworkLearner network)
        {
            throw new ArgumentException($"This engine trains networks, not {learner}.", nameof(learner));
        }

        TrainingMemory.OfThisMachine.Require(network.ValidateFor(data), data, Threads);
        return network;
    }

    private static int BestWidth() =>
        Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    private IEnumerable<TrainingOutput> Run(
        TrainingData data, NetworkLearner learner, Observation observation, ExampleSet targetSet,
        IEnumerable<TrainingTask> tasks, CancellationToken cancellation)
    {
        using var train = new PaddedFeatures(data.Train);
        using var targets = new PaddedFeatures(targetSet);
        IEnumerable<TrainingOutput> trained = ParallelTraining.Run(
            Threads, data, tasks, _ => new Trainer(CreateTrainer(data, learner, train, targets), observation, targetSet),
            cancellation);
        foreach (TrainingOutput done in trained)
        {
            yield return done;
        }
    }

    private IEnumerable<T> Inspect<T>(
        TrainingData data, NetworkLearner learner, TrainingTask[] tasks, int[] checkpoints,
        Func<TrainingTask, int, ITrainedNetwork, T> inspect, CancellationToken cancellation)
    {
        using var train = new PaddedFeatures(data.Train);
        using var none = new PaddedFeatures(new ExampleSet([], [], data.FeatureCount));

        (int Position, T[] Seen) Open(INetworkTrainer trainer, TrainingTask numbered, CancellationToken stop)
        {
            var seen = new List<T>(checkpoints.Length);
            TrainingTask task = tasks[numbered.Id];
            trainer.Learn(
                task,
                epoch =>
                {
                    if (seen.Count < checkpoints.Length && checkpoints[seen.Count] == epoch)
                    {
                        seen.Add(inspect(task, epoch, trainer));
                    }
                },
                stop);
            return (numbered.Id, [.. seen]);
        }

        // Numbered by their places, since what is done early waits for its turn.
        IEnumerable<(int, T[])> opened = ParallelTraining.Run(
            Threads, data, tasks.Select((task, place) => task with { Id = place }),
            _ => CreateTrainer(data, learner, train, none), Open, cancellation);
        var waiting = new Dictionary<int, T[]>();
        int next = 0;
        foreach ((int position, T[] seen) in opened)
        {
            waiting.Add(position, seen);
            for (; waiting.Remove(next, out T[]? first); next++)
            {
                foreach (T result in first)
                {
                    yield return result;
                }
            }
        }
    }

    private INetworkTrainer CreateTrainer(
        TrainingData data, NetworkLearner learner, PaddedFeatures train, PaddedFeatures targets) =>
        _width switch
        {
            16 => CreateTrainer<Simd512, Vector512<float>>(data, learner, train, targets),
            8 => CreateTrainer<Simd256, Vector256<float>>(data, learner, train, targets),
            4 => CreateTrainer<Simd128, Vector128<float>>(data, learner, train, targets),
            _ => CreateTrainer<SimdScalar, float>(data, learner, train, targets),
        };

    private static INetworkTrainer CreateTrainer<TSimd, TVector>(
        TrainingData data, NetworkLearner learner, PaddedFeatures train, PaddedFeatures targets)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        learner.Kind == LearnerKind.Convolutional
            ? new ConvolutionalTrainer<TSimd, TVector>(data, learner, train, targets)
            : new PerceptronTrainer<TSimd, TVector>(data, learner, train, targets);

    /// <summary>Gives the output that is asked for instead of the logits.</summary>
    private sealed class Trainer(INetworkTrainer network, Observation observation, ExampleSet targets) : IModelTrainer
    {
        public float[] Train(TrainingTask task, CancellationToken cancellation) =>
            observation.OutputsOf(network.Train(task, cancellation), targets.Labels);

        public void Dispose() => network.Dispose();
    }
}
