using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Attribution;

/// <summary>
/// The models that are trained to be opened up: model m is trained from a seed that follows from (seed, m), on the whole
/// training set or on a random part of it. What is found in them is added up in the order of their numbers, so that it does not
/// depend on threads.
/// </summary>
public sealed record NetworkEnsemble
{
    /// <summary>Trains them.</summary>
    public required INetworkEngine Engine { get; init; }

    /// <summary>Training set and targets.</summary>
    public required TrainingData Data { get; init; }

    /// <summary>How each model is made.</summary>
    public required NetworkLearner Learner { get; init; }

    /// <summary>Which examples are targets.</summary>
    public TargetSelection Targets { get; init; } = new();

    /// <summary>Number of models, M, at least 1.</summary>
    public int Count { get; init; } = 20;

    /// <summary>Seed of training seeds, and of subsets.</summary>
    public ulong Seed { get; init; }

    /// <summary>Fraction of the training set that each model is trained on, inside (0, 1); 1 for all of it.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Features and labels of some targets.</summary>
    internal ExampleSet ExamplesOf(IReadOnlyList<int> targets) =>
        new TargetSelection { Set = Targets.Set, Examples = [.. targets.Select(Targets.ExampleOf)] }.Of(Data);

    /// <summary>The mean over all models of what is found in each, summed over its checkpoints.</summary>
    /// <param name="epochs">The checkpoints; none for the end of training alone.</param>
    /// <param name="find">
    /// What is averaged, always as many numbers, given the epochs done and the network; called from several threads.
    /// </param>
    /// <param name="progress">Told of the models.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>Holds what was found in one model for each thread, and the sum.</remarks>
    internal float[] Mean(
        IReadOnlyList<int> epochs, Func<int, ITrainedNetwork, float[]> find, IProgress<WorkProgress>? progress,
        CancellationToken cancellation)
    {
        var meter = new ProgressMeter(progress, "Opening models", Count);
        int each = Math.Max(1, epochs.Count);
        int done = 0;
        float[] mean = [];
        foreach (float[] found in Engine.Inspect(
            Data, Learner, Tasks(), epochs, (_, epoch, network) => find(epoch, network), cancellation))
        {
            if (done == 0)
            {
                mean = new float[found.Length];
            }

            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += found[i] / Count;
            }

            meter.Report(++done / each);
        }

        return mean;
    }

    private IEnumerable<TrainingTask> Tasks()
    {
        SubsetPlan? subsets = Alpha < 1 ? new SubsetPlan(Seed, Alpha, Count) : null;
        var all = Mask.Full(Data.TrainCount);
        for (int model = 0; model < Count; model++)
        {
            ulong seed = new RandomStream(Seed, RandomPurpose.Attribution, (ulong)model).NextUInt64();
            yield return new TrainingTask(model, subsets?.MaskOf(model, Data.TrainCount) ?? all, seed);
        }
    }
}
