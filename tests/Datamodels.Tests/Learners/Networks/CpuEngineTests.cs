using System.Numerics;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Learners;

public class CpuEngineTests
{
    private static readonly TrainingData s_data = TestData.Blobs(90, 20, 10, 3);
    private static readonly NetworkLearner s_learner = new() { Hidden = [12, 5], Epochs = 4, PeakEpoch = 1, BatchSize = 7 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Threads_and_order_do_not_change_a_bit()
    {
        TrainingTask[] tasks = Tasks(40);
        Dictionary<int, float[]> expected = Outputs(new CpuEngine(1), tasks);
        Assert.Equal(40, expected.Count);
        Assert.Equal(40, expected.Values.Select(m => m[0]).Distinct().Count());
        foreach (int threads in new[] { 2, 5 })
        {
            AssertSame(expected, Outputs(new CpuEngine(threads), [.. tasks.Reverse()]));
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    public void Every_vector_width_gives_the_bits_of_the_scalar_twin(int width) =>
        AssertSame(Outputs(new CpuEngine(2, width: 1), Tasks(6)), Outputs(new CpuEngine(2, width), Tasks(6)));

    [Fact]
    public void The_bits_belong_to_the_name_of_the_engine()
    {
        // Whoever changes these bits on purpose gives the engine another name, so that a run of the old one is not gone on with.
        float[] margins = Outputs(new CpuEngine(1), Tasks(1))[0];
        uint bits = margins.Aggregate(0u, (crc, margin) => BitOperations.Crc32C(crc, BitConverter.SingleToUInt32Bits(margin)));
        Assert.Equal(("cpu-1", 4224191763u), (new CpuEngine(1).Name, bits));

        TrainingData images = ConvolutionalTrainerTests.Images(60, 20, "7x6x2", 3);
        NetworkLearner convolutional = new()
        {
            Kind = LearnerKind.Convolutional,
            Hidden = [],
            Layers = Layer.Parse(
                "conv 9 3x3, batchNorm, relu, residual(conv 9 3x3, relu), maxPool 2, conv 4 2x2 stride 2, dense"),
            Epochs = 3,
            PeakEpoch = 1,
            Flip = true,
            Translate = 1,
            Cutout = 2,
            FlipAtTest = true,
        };
        var task = new TrainingTask(0, Mask.Full(60), 1);
        margins = new CpuEngine(1).Train(images, convolutional, new Observation(), [task], Stop).Single().Values;
        bits = margins.Aggregate(0u, (crc, margin) => BitOperations.Crc32C(crc, BitConverter.SingleToUInt32Bits(margin)));
        Assert.Equal(("cpu-1", 1633649668u), (new CpuEngine(1).Name, bits));
    }

    [Fact]
    public void A_model_does_not_depend_on_the_models_trained_before_it()
    {
        TrainingTask[] tasks = Tasks(3);
        float[] alone = Outputs(new CpuEngine(1), [tasks[2]])[2];
        Assert.Equal(alone, Outputs(new CpuEngine(1), tasks)[2]);
    }

    [Fact]
    public void The_seed_changes_the_model()
    {
        Mask mask = Mask.Full(90);
        Dictionary<int, float[]> outputs = Outputs(new CpuEngine(1), [new(0, mask, 1), new(1, mask, 2), new(2, mask, 1)]);
        Assert.NotEqual(outputs[0], outputs[1]);
        Assert.Equal(outputs[0], outputs[2]);
    }

    [Fact]
    public void An_overridden_label_trains_as_if_the_data_had_it()
    {
        int[] labels = s_data.Train.Labels.ToArray();
        labels[4] = (labels[4] + 1) % 3;
        var changed = new TrainingData(
            "changed", new ExampleSet(s_data.Train.Features.ToArray(), labels, 10), s_data.Test, s_data.Classes);
        var plain = new TrainingTask(0, Mask.Full(90), 5);
        var overridden = plain with { Id = 1, LabelOverrides = [new LabelOverride(4, labels[4])] };

        float[] expected = new CpuEngine(1).Train(changed, s_learner, new(), [plain], Stop).Single().Values;
        Dictionary<int, float[]> actual = Outputs(new CpuEngine(1), [overridden, plain]);
        Assert.Equal(expected, actual[1]);
        Assert.NotEqual(expected, actual[0]);
    }

    [Fact]
    public void Every_output_is_that_of_the_logits_on_the_targets_asked_for()
    {
        var targets = new TargetSelection { Set = TargetSet.Train, Examples = [8, 3] };
        float[] Values(OutputKind output) => new CpuEngine(1).Train(
            s_data, s_learner, new Observation { Output = output, Targets = targets }, Tasks(1), Stop).Single().Values;
        float[] logits = Values(OutputKind.Logits);
        Assert.Equal(2 * 3, logits.Length);
        int[] labels = [s_data.Train.Labels[8], s_data.Train.Labels[3]];
        foreach (OutputKind output in Enum.GetValues<OutputKind>())
        {
            Assert.Equal(ModelOutput.Of(output, logits, labels), Values(output));
        }

        float[] all = new CpuEngine(1).Train(
            s_data, s_learner, new Observation { Targets = new TargetSelection { Set = TargetSet.Train } }, Tasks(1), Stop)
            .Single().Values;
        Assert.Equal([all[8], all[3]], Values(OutputKind.Margin));
    }

    [Fact]
    public void It_learns()
    {
        var learner = new NetworkLearner { Hidden = [16], Epochs = 30, BatchSize = 16 };
        float[] margins = new CpuEngine(1).Train(s_data, learner, new(), [new(0, Mask.Full(90), 1)], Stop).Single().Values;
        Assert.True(margins.Count(m => m > 0) >= 17, $"right on {margins.Count(m => m > 0)} of 20");
    }

    [Fact]
    public void A_subset_smaller_than_the_batch_is_one_batch()
    {
        var task = new TrainingTask(0, Mask.FromExamples(90, [3, 50]), 1);
        float[] margins = Outputs(new CpuEngine(1), [task])[0];
        Assert.All(margins, m => Assert.True(float.IsFinite(m)));
        Assert.NotEqual(Outputs(new CpuEngine(1), [task with { Mask = Mask.FromExamples(90, [3, 51]) }])[0], margins);
    }

    [Fact]
    public void Cancellation_stops_within_a_model_and_says_so()
    {
        using var stop = new CancellationTokenSource();
        int seen = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (TrainingOutput output in new CpuEngine(2).Train(s_data, s_learner, new(), Endless(), stop.Token))
            {
                if (++seen == 10)
                {
                    stop.Cancel();
                }
            }
        });
        Assert.InRange(seen, 10, 100);
    }

    [Fact]
    public void Leaving_the_enumeration_stops_the_threads()
    {
        int begun = 0;
        IEnumerable<TrainingTask> Counted()
        {
            foreach (TrainingTask task in Endless())
            {
                begun++;
                yield return task;
            }
        }

        foreach (TrainingOutput output in new CpuEngine(2).Train(s_data, s_learner, new(), Counted(), Stop))
        {
            break;
        }

        int after = begun;
        Thread.Sleep(50);
        Assert.Equal(after, begun);
    }

    [Fact]
    public void A_mask_of_another_training_set_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Outputs(new CpuEngine(2), [new(8, Mask.Full(91), 1)]));
        Assert.Contains("Task 8 has a mask over 91 examples; the training set has 90", error.Message);
    }

    [Fact]
    public void An_empty_subset_is_refused()
    {
        var error = Assert.Throws<DatamodelException>(() => Outputs(new CpuEngine(2), [new(8, Mask.FromExamples(90, []), 1)]));
        Assert.Equal("SubsetEmpty", error.Id);
    }

    [Fact]
    public void A_label_override_outside_the_classes_is_refused() =>
        Assert.Throws<ArgumentException>(() => Outputs(
            new CpuEngine(2), [new(8, Mask.Full(90), 1) { LabelOverrides = [new LabelOverride(0, 3)] }]));

    [Fact]
    public void A_negative_number_of_threads_is_refused() =>
        Assert.Equal("ThreadsOutOfRange", Assert.Throws<DatamodelException>(() => new CpuEngine(-1)).Id);

    private static TrainingTask[] Tasks(int count)
    {
        var plan = new SubsetPlan(11, 0.5, count);
        return [.. Enumerable.Range(0, count).Select(m => new TrainingTask(m, plan.MaskOf(m, 90), plan.TrainingSeedOf(m)))];
    }

    private static IEnumerable<TrainingTask> Endless()
    {
        for (int i = 0; ; i++)
        {
            yield return new TrainingTask(i, Mask.Full(90), (ulong)i);
        }
    }

    private static Dictionary<int, float[]> Outputs(CpuEngine engine, TrainingTask[] tasks) =>
        engine.Train(s_data, s_learner, new(), tasks, Stop).ToDictionary(o => o.TaskId, o => o.Values);

    private static void AssertSame(Dictionary<int, float[]> expected, Dictionary<int, float[]> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach ((int id, float[] margins) in expected)
        {
            Assert.Equal(margins, actual[id]);
        }
    }
}
