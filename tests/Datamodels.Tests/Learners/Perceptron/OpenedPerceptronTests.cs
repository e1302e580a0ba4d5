using System.Runtime.Intrinsics;
using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Learners;

public class OpenedPerceptronTests
{
    [Theory]
    [InlineData("", 5, 3)]
    [InlineData("7", 5, 3)]
    [InlineData("33,16", 9, 17)]
    [InlineData("5,4,3", 3, 4)]
    public void What_it_shows_agrees_with_the_network_in_float64(string hidden, int features, int classes)
    {
        TrainingData data = TestData.Blobs(24, 11, features, classes);
        var learner = new NetworkLearner
        {
            Kind = hidden.Length == 0 ? LearnerKind.Softmax : LearnerKind.Perceptron,
            Hidden = [.. hidden.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)],
            Epochs = 3,
            PeakEpoch = 1,
            BatchSize = 4,
        };
        using var train = new PaddedFeatures(data.Train);
        using var test = new PaddedFeatures(data.Test);
        using var trainer = new PerceptronTrainer<Simd256, Vector256<float>>(data, learner, train, test);
        float[] trained = trainer.Train(new TrainingTask(0, Mask.Full(24), 3), TestContext.Current.CancellationToken);
        var shape = new PerceptronShape(learner, features, classes);
        var network = new ReferenceNetwork(shape, trainer.Weights, 0);

        // From the third on and seven of them: more than a batch, and not whole batches.
        const int First = 2;
        const int Count = 7;
        float[] logits = new float[Count * classes];
        trainer.Logits(data.Test, First, Count, logits);
        Assert.Equal(trained[(First * classes)..((First + Count) * classes)], logits);

        float[] representations = new float[Count * trainer.RepresentationSize];
        trainer.Representations(data.Test, First, Count, representations);

        float[] wanted = [.. Enumerable.Range(0, Count * classes).Select(i => MathF.Sin(i))];
        float[] gradients = new float[Count * trainer.ParameterCount];
        trainer.Gradients(data.Test, First, Count, wanted, gradients);
        for (int i = 0; i < Count; i++)
        {
            AssertLogitsOfRepresentation(network, shape, representations, logits, i);
            AssertGradient(network, shape, data.Test.Row(First + i), wanted.AsSpan(i * classes, classes),
                gradients.AsSpan(i * trainer.ParameterCount, trainer.ParameterCount));
        }
    }

    [Fact]
    public void Models_come_in_the_order_of_tasks_and_checkpoints_whatever_the_threads()
    {
        TrainingData data = TestData.Blobs(60, 12);
        var learner = new NetworkLearner { Hidden = [9], Epochs = 6, PeakEpoch = 1, BatchSize = 8 };
        var plan = new SubsetPlan(5, 0.5, 20);
        TrainingTask[] tasks =
            [.. Enumerable.Range(0, 20).Select(m => new TrainingTask(100 - m, plan.MaskOf(m, 60), plan.TrainingSeedOf(m)))];
        float[][] Opened(int threads, params int[] epochs) =>
        [
            .. new CpuEngine(threads).Inspect(
                data, learner, tasks, epochs,
                (task, epoch, network) =>
                {
                    float[] seen = new float[12 * 3];
                    network.Logits(data.Test, 0, 12, seen);
                    return (float[])[task.Id, epoch, .. seen];
                },
                TestContext.Current.CancellationToken)
        ];

        float[][] checkpoints = Opened(3, 2, 6);
        Assert.Equal(tasks.SelectMany(task => new[] { (task.Id, 2), (task.Id, 6) }),
            checkpoints.Select(row => ((int)row[0], (int)row[1])));
        Assert.Equal(Opened(1, 2, 6), checkpoints);

        // The end is the model that is trained without a look at it on the way.
        float[][] ends = Opened(2);
        Assert.Equal(ends, checkpoints.Where(row => row[1] == 6));
        Dictionary<int, float[]> trained = new CpuEngine(2)
            .Train(data, learner, new Observation { Output = OutputKind.Logits }, tasks, TestContext.Current.CancellationToken)
            .ToDictionary(output => output.TaskId, output => output.Values);
        Assert.All(ends, row => Assert.Equal(trained[(int)row[0]], row[2..]));
        Assert.NotEqual(checkpoints[0][2..], checkpoints[1][2..]);
    }

    [Fact]
    public void A_look_on_the_way_changes_nothing()
    {
        TrainingData data = TestData.Blobs(60, 12);
        var learner = new NetworkLearner { Hidden = [9, 4], Epochs = 4, PeakEpoch = 1, BatchSize = 8 };
        TrainingTask[] tasks = [new(0, Mask.Full(60), 3)];
        float[] Opened(params int[] epochs) => new CpuEngine(1).Inspect(
            data, learner, tasks, epochs,
            (_, _, network) =>
            {
                float[] gradients = new float[12 * network.ParameterCount];
                network.Gradients(data.Test, 0, 12, [.. Enumerable.Repeat(1f, 36)], gradients);
                return gradients;
            },
            TestContext.Current.CancellationToken).Last();
        Assert.Equal(Opened(), Opened(1, 2, 3, 4));
    }

    [Fact]
    public void A_failure_of_who_looks_ends_it()
    {
        TrainingData data = TestData.Blobs(60, 12);
        IEnumerable<int> opened = new CpuEngine(2).Inspect<int>(
            data, new NetworkLearner { Epochs = 5 }, [new(0, Mask.Full(60), 3), new(1, Mask.Full(60), 4)], [],
            (task, _, _) => task.Id == 0 ? 0 : throw new InvalidDataException("seen"), TestContext.Current.CancellationToken);
        Assert.Equal("seen", Assert.Throws<InvalidDataException>(() => opened.Count()).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(3, 3)]
    [InlineData(3, 2)]
    public void Checkpoints_that_are_not_ascending_epochs_are_refused(params int[] epochs) =>
        Assert.Throws<ArgumentException>(() => new CpuEngine(1).Inspect(
            TestData.Blobs(60, 12), new NetworkLearner { Epochs = 5 }, [], epochs, (_, epoch, _) => epoch,
            TestContext.Current.CancellationToken));

    // The last layer makes the logits of the representation.
    private static void AssertLogitsOfRepresentation(
        ReferenceNetwork network, PerceptronShape shape, float[] representations, float[] logits, int example)
    {
        int last = shape.LayerCount - 1;
        int width = shape.Sizes[last];
        int classes = shape.Sizes[last + 1];
        for (int c = 0; c < classes; c++)
        {
            double logit = network.Weights[network.At(last, width, c)];
            for (int j = 0; j < width; j++)
            {
                logit += representations[(example * width) + j] * network.Weights[network.At(last, j, c)];
            }

            Assert.Equal(logit, logits[(example * classes) + c], 1e-4);
        }
    }

    private static void AssertGradient(
        ReferenceNetwork network, PerceptronShape shape, ReadOnlySpan<float> features, ReadOnlySpan<float> wanted,
        ReadOnlySpan<float> gradient)
    {
        int next = 0;
        for (int layer = 0; layer < shape.LayerCount; layer++)
        {
            for (int i = 0; i <= shape.Sizes[layer]; i++)
            {
                for (int j = 0; j < shape.Sizes[layer + 1]; j++)
                {
                    const double Delta = 1e-6;
                    int at = network.At(layer, i, j);
                    double weight = network.Weights[at];
                    network.Weights[at] = weight + Delta;
                    double up = Dot(network.Logits(features), wanted);
                    network.Weights[at] = weight - Delta;
                    double down = Dot(network.Logits(features), wanted);
                    network.Weights[at] = weight;
                    double expected = (up - down) / (2 * Delta);
                    Assert.True(
                        Math.Abs(gradient[next] - expected) < 2e-5 + (1e-4 * Math.Abs(expected)),
                        $"layer {layer}, weight [{i}, {j}]: {gradient[next]} against {expected} by finite differences");
                    next++;
                }
            }
        }

        Assert.Equal(gradient.Length, next);
    }

    private static double Dot(double[] logits, ReadOnlySpan<float> wanted)
    {
        double sum = 0;
        for (int c = 0; c < logits.Length; c++)
        {
            sum += logits[c] * wanted[c];
        }

        return sum;
    }
}
