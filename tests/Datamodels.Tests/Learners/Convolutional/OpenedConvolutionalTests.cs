using System.Runtime.Intrinsics;
using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Learners;

public class OpenedConvolutionalTests
{
    public static TheoryData<string, string, int, int> Networks => ConvolutionalTrainerTests.Networks;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_agree_with_finite_differences_by_running_moments(
        string layers, string shape, int classes, int examples)
    {
        TrainingData data = ConvolutionalTrainerTests.Images(examples, 20, shape, classes);
        NetworkLearner learner = Learner(layers);
        using var train = new PaddedFeatures(data.Train);
        using var test = new PaddedFeatures(data.Test);
        using var trainer = new ConvolutionalTrainer<Simd256, Vector256<float>>(data, learner, train, test);
        float[] trained = trainer.Train(new TrainingTask(0, Mask.Full(examples), 3), Stop);
        var network = new ReferenceLayers(trainer.Network, learner, data) { Evaluates = true };

        const int First = 1;
        const int Count = 18;
        float[] logits = new float[Count * classes];
        trainer.Logits(data.Test, First, Count, logits);
        Assert.Equal(trained[(First * classes)..((First + Count) * classes)], logits);

        float[] wanted = [.. Enumerable.Range(0, Count * classes).Select(i => MathF.Sin(i))];
        float[] gradients = new float[Count * trainer.ParameterCount];
        trainer.Gradients(data.Test, First, Count, wanted, gradients);

        double Value(int i)
        {
            double[] z = network.Logits(data.Test, [First + i])[0];
            return z.Select((value, c) => value * wanted[(i * classes) + c]).Sum();
        }

        Value(0);
        Assert.Equal(
            Enumerable.Range(0, network.Used.Length).Where(at => network.Used[at]), trainer.Network.Parameters.Order());

        // About thirty of many parameters, of the first example and of the last.
        int every = 1 + (trainer.ParameterCount / 30);
        foreach (int i in new[] { 0, Count - 1 })
        {
            for (int k = 0; k < trainer.ParameterCount; k += every)
            {
                const double Delta = 1e-6;
                int at = trainer.Network.Parameters[k];
                double weight = network.Weights[at];
                network.Weights[at] = weight + Delta;
                double up = Value(i);
                network.Weights[at] = weight - Delta;
                double down = Value(i);
                network.Weights[at] = weight;
                double expected = (up - down) / (2 * Delta);
                float actual = gradients[(i * trainer.ParameterCount) + k];
                Assert.True(
                    Math.Abs(actual - expected) < 1e-4 + (3e-4 * Math.Abs(expected)),
                    $"example {i}, parameter {k}: {actual} against {expected} by finite differences");
            }
        }
    }

    [Theory]
    [InlineData("conv 4 3x3, batchNorm, relu, dense", 4 * 5 * 6, 1)]
    [InlineData("conv 4 3x3, relu, maxPool 2, dense 7, relu, dense, scale 0.25", 7, 0.25f)]
    public void The_last_dense_layer_makes_the_logits_of_the_representation(string layers, int size, float bias)
    {
        TrainingData data = ConvolutionalTrainerTests.Images(40, 20, "5x6x2", 3);
        foreach (bool flip in new[] { false, true })
        {
            new CpuEngine(1).Inspect(
                data, Learner(layers) with { FlipAtTest = flip }, [new TrainingTask(0, Mask.Full(40), 3)], [],
                (_, _, network) =>
                {
                    Assert.Equal(size, network.RepresentationSize);
                    float[] seen = new float[20 * size];
                    network.Representations(data.Test, 0, 20, seen);
                    float[] logits = new float[20 * 3];
                    network.Logits(data.Test, 0, 20, logits);

                    // The gradient of a logit with respect to the last layer is what it sees, and the scale for the bias.
                    float[] gradients = new float[20 * network.ParameterCount];
                    network.Gradients(data.Test, 0, 20, [.. Enumerable.Range(0, 60).Select(i => i % 3 == 1 ? 1f : 0)], gradients);
                    for (int i = 0; i < 20; i++)
                    {
                        Span<float> gradient = gradients.AsSpan(i * network.ParameterCount, network.ParameterCount);
                        Span<float> last = gradient[^(3 * (size + 1))..];
                        for (int j = 0; j < size; j++)
                        {
                            Assert.Equal((0, seen[(i * size) + j], 0), (last[j], last[size + j], last[(2 * size) + j]));
                        }

                        Assert.Equal([0, bias, 0], last[^3..].ToArray());
                    }

                    return logits;
                },
                Stop).Single();
        }
    }

    [Fact]
    public void Without_a_dense_layer_there_is_no_representation()
    {
        TrainingData data = ConvolutionalTrainerTests.Images(40, 20, "5x6x2", 3);
        IEnumerable<int> opened = new CpuEngine(1).Inspect(
            data, Learner("conv 3 3x3, globalPool mean"), [new TrainingTask(0, Mask.Full(40), 3)], [],
            (_, _, network) => network.RepresentationSize, Stop);
        Assert.Equal("RepresentationMissing", Assert.Throws<DatamodelException>(() => opened.Single()).Id);
    }

    private static NetworkLearner Learner(string layers) => new()
    {
        Kind = LearnerKind.Convolutional,
        Hidden = [],
        Layers = Layer.Parse(layers),
        Epochs = 2,
        PeakEpoch = 1,
        LearningRate = 0.02,
    };
}
