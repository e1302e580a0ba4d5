using System.Runtime.Intrinsics;
using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Learners;

public class PerceptronTrainerTests
{
    [Theory]
    [InlineData("", 5, 3, 0.0)]
    [InlineData("", 17, 2, 0.1)]
    [InlineData("7", 5, 3, 0.0)]
    [InlineData("32", 64, 10, 0.0)]
    [InlineData("33,16", 9, 17, 0.2)]
    [InlineData("5,4,3", 3, 4, 0.05)]
    public void Gradients_agree_with_finite_differences(string hidden, int features, int classes, double smoothing)
    {
        TrainingData data = TestData.Blobs(24, 4, features, classes);
        var learner = new NetworkLearner
        {
            Kind = hidden.Length == 0 ? LearnerKind.Softmax : LearnerKind.Perceptron,
            Hidden = [.. hidden.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)],
            Epochs = 1,
            PeakEpoch = 0,
            BatchSize = 100,
            Momentum = 0,
            WeightDecay = 0,
            LabelSmoothing = smoothing,
        };
        int[] examples = [.. Enumerable.Range(0, 24).Where(i => i % 5 != 0)];
        var task = new TrainingTask(0, Mask.FromExamples(24, examples), 7);

        // One step of one batch: its rate is half the highest (the schedule at the middle of the only epoch).
        const double Step = 1.0 / 64;
        float[] before = TrainedWeights(data, learner with { LearningRate = 1e-30 }, task);
        float[] after = TrainedWeights(data, learner with { LearningRate = 2 * Step }, task);

        var shape = new PerceptronShape(learner, features, classes);
        var network = new ReferenceNetwork(shape, before, smoothing);
        int compared = 0;
        for (int layer = 0; layer < shape.LayerCount; layer++)
        {
            for (int i = 0; i <= shape.Sizes[layer]; i++)
            {
                for (int j = 0; j < shape.Sizes[layer + 1]; j++)
                {
                    int at = network.At(layer, i, j);
                    const double Delta = 1e-6;
                    double weight = network.Weights[at];
                    network.Weights[at] = weight + Delta;
                    double up = network.Loss(data.Train, examples);
                    network.Weights[at] = weight - Delta;
                    double down = network.Loss(data.Train, examples);
                    network.Weights[at] = weight;
                    double expected = (up - down) / (2 * Delta);
                    double actual = (before[at] - after[at]) / Step;
                    Assert.True(
                        Math.Abs(actual - expected) < 2e-5 + 1e-4 * Math.Abs(expected),
                        $"layer {layer}, weight [{i}, {j}]: {actual} against {expected} by finite differences");
                    compared++;
                }
            }
        }

        Assert.True(compared >= (features + 1) * classes);
    }

    [Fact]
    public void Momentum_and_weight_decay_follow_their_definition()
    {
        TrainingData data = TestData.Blobs(24, 4, 5, 3);
        var learner = new NetworkLearner
        {
            Kind = LearnerKind.Softmax,
            Hidden = [],
            Epochs = 2,
            PeakEpoch = 0,
            BatchSize = 24,
            LearningRate = 0.1,
            Momentum = 0.8,
            WeightDecay = 0.01,
        };
        int[] all = [.. Enumerable.Range(0, 24)];
        var task = new TrainingTask(0, Mask.Full(24), 7);
        float[] initial = TrainedWeights(data, learner with { LearningRate = 1e-30 }, task);
        float[] trained = TrainedWeights(data, learner, task);

        // The same two full-batch steps in float64, with gradients by finite differences.
        var network = new ReferenceNetwork(new PerceptronShape(learner, 5, 3), initial, 0);
        int[] used = [.. Enumerable.Range(0, 6).SelectMany(i => Enumerable.Range(0, 3).Select(j => network.At(0, i, j)))];
        double[] velocity = new double[initial.Length];
        foreach (double rate in new[] { 0.1 * 0.75, 0.1 * 0.25 })
        {
            ReferenceDescent.Step(
                network.Weights, velocity, used, () => network.Loss(data.Train, all), rate, momentum: 0.8, decay: 0.01);
        }

        for (int at = 0; at < trained.Length; at++)
        {
            Assert.Equal(network.Weights[at], trained[at], 1e-5);
        }
    }

    [Fact]
    public void It_gives_the_logits_of_the_network_it_has_trained()
    {
        TrainingData data = TestData.Blobs(60, 12, 6, 4);
        var learner = new NetworkLearner { Hidden = [9], Epochs = 3, PeakEpoch = 1, BatchSize = 8 };
        var task = new TrainingTask(0, Mask.Full(60), 3);
        using var train = new PaddedFeatures(data.Train);
        using var test = new PaddedFeatures(data.Test);
        using var trainer = new PerceptronTrainer<Simd256, Vector256<float>>(data, learner, train, test);
        float[] actual = trainer.Train(task, TestContext.Current.CancellationToken);

        var network = new ReferenceNetwork(new PerceptronShape(learner, 6, 4), trainer.Weights, 0);
        for (int i = 0; i < 12; i++)
        {
            double[] logits = network.Logits(data.Test.Row(i));
            for (int c = 0; c < 4; c++)
            {
                Assert.Equal(logits[c], actual[(i * 4) + c], 1e-4);
            }
        }
    }

    private static float[] TrainedWeights(TrainingData data, NetworkLearner learner, TrainingTask task)
    {
        using var train = new PaddedFeatures(data.Train);
        using var test = new PaddedFeatures(data.Test);
        using var trainer = new PerceptronTrainer<Simd256, Vector256<float>>(data, learner.Validate(), train, test);
        trainer.Train(task, TestContext.Current.CancellationToken);
        return trainer.Weights.ToArray();
    }
}
