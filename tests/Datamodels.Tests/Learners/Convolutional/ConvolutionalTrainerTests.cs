using System.Runtime.Intrinsics;
using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Learners;

public class ConvolutionalTrainerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Every layer; strides, paddings, kernels and sizes that do and do not divide; channels around the blocks of 8, 4 and 3.
    public static TheoryData<string, string, int, int> Networks => new()
    {
        { "dense", "5x4x2", 3, 7 },
        { "dense 9 noBias, relu, dense", "3x3", 4, 20 },
        { "conv 3 3x3, relu, dense", "6x5x2", 3, 17 },
        { "conv 8 3x3, relu, maxPool 2, conv 16 3x3, relu, maxPool 2, dense", "8x8", 10, 16 },
        { "conv 9 5x5 stride 2 pad 2, relu, conv 5 3x3, relu, dense", "9x7x3", 3, 5 },
        { "conv 4 3x3 pad 0, relu, conv 6 3x3 stride 3 pad 2, relu, conv 2 1x1 stride 2, dense", "11x10", 2, 18 },
        { "conv 12 2x2 pad 1, relu, conv 13 5x5 pad 1, relu, maxPool 3, dense", "9x9x4", 3, 6 },
        { "conv 4 3x3, globalPool mean, dense", "4x6x2", 3, 19 },
        { "conv 8 3x3, relu, globalPool max, dense noBias, scale 0.2", "5x5x2", 3, 17 },
        { "maxPool 2, relu, conv 3 3x3, maxPool 2, relu, dense", "9x8x2", 3, 9 },
        { "batchNorm, conv 3 3x3, relu, dense", "5x4x2", 3, 21 },
        { "conv 5 3x3, batchNorm, relu, conv 4 3x3 stride 2, batchNorm, relu, globalPool mean, dense", "7x6x2", 3, 35 },
        { "conv 4 3x3, relu, batchNorm, maxPool 2, dense 6, batchNorm, relu, dense", "6x6", 3, 18 },
        { "residual(conv 2 3x3, relu), dense", "4x4x2", 3, 17 },
        { "conv 6 3x3, relu, residual(conv 5 3x3, relu, conv 6 3x3, relu), relu, maxPool 2, dense", "6x6x2", 3, 17 },
        {
            "conv 4 3x3, batchNorm, relu, residual(conv 4 3x3, batchNorm, relu, conv 4 3x3, batchNorm, relu), conv 3 3x3, dense",
            "5x5x3", 3, 33
        },
        { "conv 4 3x3, residual(batchNorm, relu, conv 4 3x3), residual(relu, conv 4 3x3), dense", "4x5x2", 3, 20 },
        {
            "conv 3 3x3, relu, residual(residual(conv 3 3x3, relu), conv 3 1x1), batchNorm, residual(relu), dense", "4x4", 3, 18
        },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_agree_with_finite_differences(string layers, string shape, int classes, int examples)
    {
        TrainingData data = Images(examples + 6, 4, shape, classes);
        NetworkLearner learner = new()
        {
            Kind = LearnerKind.Convolutional,
            Hidden = [],
            Layers = Layer.Parse(layers),
            Epochs = 1,
            PeakEpoch = 0,
            BatchSize = 100,
            Momentum = 0,
            WeightDecay = 0,
            LabelSmoothing = 0.1,
        };
        int[] subset = [.. Enumerable.Range(0, examples + 6).Where(i => i % (examples / 6 + 2) != 1).Take(examples)];
        var task = new TrainingTask(0, Mask.FromExamples(examples + 6, subset), 7);

        // One step of one batch: its rate is half the highest (the schedule at the middle of the only epoch).
        const double Step = 1.0 / 64;
        (float[] before, ReferenceLayers network) = Trained(data, learner with { LearningRate = 1e-30 }, task);
        (float[] after, _) = Trained(data, learner with { LearningRate = 2 * Step }, task);
        network.Loss(data.Train, subset);
        int used = network.Used.Count(on => on);
        Assert.True(used >= classes);

        // About a hundred of many weights, at steps that fall on all channels and taps in turn.
        int every = 1 + used / 100 * 2;
        int seen = 0;
        for (int at = 0; at < before.Length; at++)
        {
            if (!network.Used[at])
            {
                Assert.Equal((0f, 0f), (before[at], after[at]));
                continue;
            }

            if (seen++ % every != 0)
            {
                continue;
            }

            const double Delta = 1e-6;
            double weight = network.Weights[at];
            network.Weights[at] = weight + Delta;
            double up = network.Loss(data.Train, subset);
            network.Weights[at] = weight - Delta;
            double down = network.Loss(data.Train, subset);
            network.Weights[at] = weight;
            double expected = (up - down) / (2 * Delta);
            double actual = (before[at] - after[at]) / Step;
            Assert.True(
                Math.Abs(actual - expected) < 5e-5 + 2e-4 * Math.Abs(expected),
                $"weight {at}: {actual} against {expected} by finite differences");
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    public void Every_vector_width_gives_the_bits_of_the_scalar_twin(int width)
    {
        foreach ((string layers, string shape, int classes, int examples) in Networks.Select(row => row.Data))
        {
            TrainingData data = Images(2 * examples, 37, shape, classes);
            NetworkLearner learner = Small(layers) with { BatchSize = examples - 1, Flip = true, Translate = 1, Cutout = 2 };
            TrainingTask[] tasks = [new(0, Mask.FromExamples(2 * examples, [.. Enumerable.Range(0, 2 * examples - 3)]), 5)];
            float[] scalar = Outputs(new CpuEngine(1, 1), data, learner, tasks)[0];
            Assert.All(scalar, value => Assert.True(float.IsFinite(value)));
            Assert.Equal(scalar, Outputs(new CpuEngine(1, width), data, learner, tasks)[0]);
        }
    }

    [Fact]
    public void Threads_and_order_do_not_change_a_bit()
    {
        TrainingData data = Images(60, 9, "6x6x2", 3);
        NetworkLearner learner = Small("conv 5 3x3, batchNorm, relu, maxPool 2, dense") with { BatchSize = 20, Flip = true };
        var plan = new SubsetPlan(3, 0.5, 12);
        TrainingTask[] tasks =
            [.. Enumerable.Range(0, 12).Select(m => new TrainingTask(m, plan.MaskOf(m, 60), plan.TrainingSeedOf(m)))];
        Dictionary<int, float[]> expected = Outputs(new CpuEngine(1), data, learner, tasks);
        Dictionary<int, float[]> actual = Outputs(new CpuEngine(3), data, learner, [.. tasks.Reverse()]);
        Assert.All(tasks, task => Assert.Equal(expected[task.Id], actual[task.Id]));
        Assert.Equal(12, expected.Values.Select(logits => logits[0]).Distinct().Count());
    }

    [Fact]
    public void Outputs_do_not_depend_on_the_targets_beside_them()
    {
        TrainingData data = Images(40, 37, "6x6", 3);
        NetworkLearner learner = Small("conv 5 3x3, batchNorm, relu, maxPool 2, dense") with { BatchSize = 20 };
        var task = new TrainingTask(0, Mask.Full(40), 3);
        float[] all = Outputs(new CpuEngine(1), data, learner, [task])[0];
        var one = new Observation { Output = OutputKind.Logits, Targets = new TargetSelection { Examples = [35] } };
        float[] alone = new CpuEngine(1).Train(data, learner, one, [task], Stop).Single().Values;
        Assert.Equal(all[(35 * 3)..(36 * 3)], alone);
    }

    [Fact]
    public void With_a_flip_at_test_logits_are_the_mean_over_the_image_and_its_mirror_image()
    {
        TrainingData data = Images(40, 20, "5x6x2", 3);
        var mirror = new Augmentation(new NetworkLearner(), data.ImageShape!.Value);
        float[] pixels = data.Test.Features.ToArray();
        float[] mirrored = new float[pixels.Length];
        for (int i = 0; i < data.TestCount; i++)
        {
            mirror.Mirror(data.Test.Row(i), mirrored.AsSpan(i * data.FeatureCount, data.FeatureCount));
        }

        var turned = new TrainingData(
            "mirrored", data.Train, new ExampleSet(mirrored, data.Test.Labels.ToArray(), data.FeatureCount), data.Classes,
            data.ImageShape);
        NetworkLearner learner = Small("conv 5 3x3, relu, dense") with { BatchSize = 20 };
        TrainingTask[] task = [new(0, Mask.Full(40), 3)];
        float[] plain = Outputs(new CpuEngine(1), data, learner, task)[0];
        float[] other = Outputs(new CpuEngine(1), turned, learner, task)[0];
        float[] mean = Outputs(new CpuEngine(1), data, learner with { FlipAtTest = true }, task)[0];
        Assert.NotEqual(plain, other);
        for (int i = 0; i < mean.Length; i++)
        {
            Assert.Equal((plain[i] + other[i]) / 2, mean[i], 1e-6f);
        }
    }

    [Fact]
    public void Batch_normalisation_takes_outputs_with_running_statistics()
    {
        // One batch of everything, at a rate that changes no weight: y = (x - m) / sqrt(v), with m and v a tenth of the way
        // from 0 and 1 to the batch's mean and unbiased variance.
        TrainingData data = Images(12, 5, "2x2x2", 2);
        NetworkLearner learner = Small("batchNorm, globalPool mean") with
        {
            Epochs = 1, PeakEpoch = 0, BatchSize = 12, LearningRate = 1e-30,
        };
        float[] logits = Outputs(new CpuEngine(1), data, learner, [new(0, Mask.Full(12), 1)])[0];
        for (int channel = 0; channel < 2; channel++)
        {
            double[] all =
            [
                .. Enumerable.Range(0, 12).SelectMany(i => data.Train.Row(i).Slice(4 * channel, 4).ToArray())
                    .Select(x => (double)x),
            ];
            double mean = all.Average();
            double variance = 0.9 + 0.1 * all.Sum(x => (x - mean) * (x - mean)) / (all.Length - 1);
            for (int i = 0; i < 5; i++)
            {
                double expected = (data.Test.Row(i).Slice(4 * channel, 4).ToArray().Average(x => (double)x) - 0.1 * mean)
                    / Math.Sqrt(variance + 1e-5);
                Assert.Equal(expected, logits[2 * i + channel], 1e-5);
            }
        }
    }

    [Fact]
    public void Momentum_and_weight_decay_follow_their_definition()
    {
        TrainingData data = Images(24, 4, "3x3", 3);
        NetworkLearner learner = Small("conv 2 3x3, relu, dense") with
        {
            PeakEpoch = 0, BatchSize = 24, LearningRate = 0.1, Momentum = 0.8, WeightDecay = 0.01,
        };
        var task = new TrainingTask(0, Mask.Full(24), 7);
        (_, ReferenceLayers network) = Trained(data, learner with { LearningRate = 1e-30 }, task);
        (float[] trained, _) = Trained(data, learner, task);

        // The same two full-batch steps in float64, with gradients by finite differences.
        int[] all = [.. Enumerable.Range(0, 24)];
        double[] velocity = new double[trained.Length];
        foreach (double rate in new[] { 0.1 * 0.75, 0.1 * 0.25 })
        {
            ReferenceDescent.Step(
                network.Weights, velocity, Enumerable.Range(0, trained.Length), () => network.Loss(data.Train, all), rate,
                momentum: 0.8, decay: 0.01);
        }

        for (int at = 0; at < trained.Length; at++)
        {
            Assert.Equal(network.Weights[at], trained[at], 1e-5);
        }
    }

    [Fact]
    public void It_learns_the_digits()
    {
        var source = new DataSource
        {
            Path = [Repository.Digits], Scaling = FeatureScaling.Standardize, ImageShape = new ImageShape(8, 8),
        };
        TrainingData data = TrainingDataReader.Read(source, Stop);
        NetworkLearner learner = new()
        {
            Kind = LearnerKind.Convolutional,
            Hidden = [],
            Layers = Layer.Parse("conv 8 3x3, batchNorm, relu, maxPool 2, conv 16 3x3, batchNorm, relu, dense"),
            Epochs = 10,
            PeakEpoch = 2,
            Translate = 1,
        };
        var margins = new Observation { Output = OutputKind.Margin };
        var task = new TrainingTask(0, Mask.Full(data.TrainCount), 1);
        float[] values = new CpuEngine(1).Train(data, learner, margins, [task], Stop).Single().Values;
        Assert.InRange(values.Count(margin => margin > 0) / (double)data.TestCount, 0.96, 1);
    }

    [Fact]
    public void It_learns_photographs()
    {
        string folder = Path.Combine(Repository.Root, "..", "shared", "data", "cifar10");
        Assert.SkipUnless(Directory.Exists(folder), "needs the excerpt of CIFAR-10 in ../shared/data/cifar10");
        var source = new DataSource
        {
            Path = [Path.Combine(folder, "cifar5k_train.bin")],
            TestPath = [Path.Combine(folder, "cifar1k_test.bin")],
            Scaling = FeatureScaling.StandardizeChannels,
        };
        TrainingData data = TrainingDataReader.Read(source, Stop);
        NetworkLearner learner = new()
        {
            Kind = LearnerKind.Convolutional,
            Hidden = [],
            Layers = Layer.Parse(
                "conv 16 3x3, batchNorm, relu, maxPool 2, conv 32 3x3, batchNorm, relu, maxPool 2, "
                + "conv 64 3x3, batchNorm, relu, maxPool 2, dense"),
            Epochs = 8,
            PeakEpoch = 2,
            LearningRate = 0.05,
            Flip = true,
            Translate = 2,
            FlipAtTest = true,
        };
        var correctness = new Observation { Output = OutputKind.Correctness };
        TrainingTask[] tasks = [new(0, Mask.Full(data.TrainCount), 1)];
        float accuracy = new CpuEngine().Train(data, learner, correctness, tasks, Stop).Single().Values.Average();
        Assert.InRange(accuracy, 0.58, 1);
    }

    private static NetworkLearner Small(string layers) => new()
    {
        Kind = LearnerKind.Convolutional,
        Hidden = [],
        Layers = Layer.Parse(layers),
        Epochs = 2,
        PeakEpoch = 1,
        LearningRate = 0.02,
    };

    private static Dictionary<int, float[]> Outputs(
        CpuEngine engine, TrainingData data, NetworkLearner learner, TrainingTask[] tasks) =>
        engine.Train(data, learner, new Observation { Output = OutputKind.Logits }, tasks, Stop)
            .ToDictionary(output => output.TaskId, output => output.Values);

    internal static TrainingData Images(int trainCount, int testCount, string shape, int classes)
    {
        var image = ImageShape.Parse(shape);
        TrainingData data = TestData.Blobs(trainCount, testCount, image.FeatureCount, classes);
        return new TrainingData("images", data.Train, data.Test, data.Classes, image);
    }

    private static (float[] Weights, ReferenceLayers Network) Trained(
        TrainingData data, NetworkLearner learner, TrainingTask task)
    {
        using var train = new PaddedFeatures(data.Train);
        using var targets = new PaddedFeatures(data.Test);
        using var trainer = new ConvolutionalTrainer<Simd256, Vector256<float>>(data, learner.ValidateFor(data), train, targets);
        trainer.Train(task, Stop);
        return (trainer.Network.Weights.ToArray(), new ReferenceLayers(trainer.Network, learner, data));
    }
}
