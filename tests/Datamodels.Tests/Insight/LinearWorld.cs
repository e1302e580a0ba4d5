using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Tests.Insight;

/// <summary>
/// A world where datamodels are exactly right: "training" gives each target its bias, plus the weights of the examples in
/// the mask, those with another label with the opposite sign, plus noise that only the seed decides, uniform on
/// ±<paramref name="noise"/>.
/// </summary>
/// <param name="biases">Bias of each target, <c>[targets]</c>.</param>
/// <param name="weights">Weights, <c>[targets][train]</c>.</param>
/// <param name="noise">Half the range of the noise.</param>
/// <param name="backwards">Gives the outputs last task first.</param>
internal sealed class LinearWorld(double[] biases, double[][] weights, double noise = 0, bool backwards = false) : ITrainingEngine
{
    public string Name => "linear";

    /// <summary>Every task it was given.</summary>
    public List<TrainingTask> Tasks { get; } = [];

    public int TrainCount => weights[0].Length;

    /// <summary>Random weights and biases of the size of one.</summary>
    public static LinearWorld Random(int targets, int train, double noise = 0, bool backwards = false)
    {
        var random = new RandomStream(7, RandomPurpose.Targets, 0);
        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (2.0 * random.NextSingle()) - 0.7)];
        return new LinearWorld(Numbers(targets), [.. Enumerable.Range(0, targets).Select(_ => Numbers(train))], noise, backwards);
    }

    public float MarginOf(TrainingTask task, int target)
    {
        double sum = biases[target]
            + (noise * ((2 * new RandomStream(task.Seed, RandomPurpose.Initialization, (ulong)target).NextSingle()) - 1));
        foreach (int example in task.Mask.ToExamples())
        {
            sum += weights[target][example];
        }

        foreach (LabelOverride relabelled in task.LabelOverrides)
        {
            sum -= 2 * weights[target][relabelled.Example];
        }

        return (float)sum;
    }

    public IEnumerable<TrainingOutput> Train(
        TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation = default)
    {
        TrainingTask[] given = [.. tasks];
        Tasks.AddRange(given);
        foreach (TrainingTask task in backwards ? given.Reverse() : given)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new TrainingOutput(
                task.Id, [.. Enumerable.Range(0, biases.Length).Select(target => MarginOf(task, target))]);
        }
    }

    /// <summary>A run in this world, not trained yet.</summary>
    public SubsetTraining NewRun(string folder, ulong seed = 1) => SubsetTraining.CreateOrOpen(
        folder, TestData.Blobs(TrainCount, biases.Length), new NetworkLearner(), new SubsetPlan(seed, 0.5, 4), Name);

    /// <summary>
    /// The true datamodel of a target, or one with every weight and the bias multiplied by <paramref name="scale"/>.
    /// </summary>
    public Datamodel DatamodelOf(
        SubsetTraining training, int target, double scale = 1, FitMethod method = FitMethod.Lasso)
    {
        int[] nonzero = [.. Enumerable.Range(0, TrainCount).Where(example => scale * weights[target][example] != 0)];
        return new Datamodel
        {
            Training = training,
            Target = target,
            TargetExample = training.Spec.Observation.Targets.ExampleOf(target),
            Label = training.Data.Classes[training.Data.Test.Labels[target]],
            Examples = [.. nonzero],
            Weights = [.. nonzero.Select(example => scale * weights[target][example])],
            Bias = scale * biases[target],
            Options = new FitOptions { Method = method },
            Lambda = 0,
            HeldOutR2 = 1,
            DualityGap = 0,
            Converged = true,
            ModelCount = 4,
        };
    }

    public Datamodel[] Datamodels(SubsetTraining training, double scale = 1, FitMethod method = FitMethod.Lasso) =>
        [.. Enumerable.Range(0, biases.Length).Select(target => DatamodelOf(training, target, scale, method))];
}
