using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

public sealed class RetrainerTests : IDisposable
{
    private const int Targets = 5;
    private const int Retrainings = 4;

    private static readonly TrainingChange[] s_changes =
    [
        TrainingChange.None,
        new() { Removed = [3, 1], Targets = [2], Stream = TrainingChange.StreamOf(2) },
        new() { Removed = [3, 1, 7], Targets = [2], Stream = TrainingChange.StreamOf(2) },
        new() { Relabelled = [new(4, 0), new(2, 1)], Targets = [4, 0], Stream = TrainingChange.StreamOf(4) },
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_model_is_trained_on_what_the_change_leaves_and_gives_the_targets_wanted()
    {
        var engine = new FakeEngine(group: 3);
        SubsetTraining run = NewRun();
        RetrainedOutputs[] outputs = Train(run, engine);
        Assert.Equal(s_changes, outputs.Select(output => output.Change));
        Assert.Equal([5, 1, 1, 2], outputs.Select(output => output.Width));
        Assert.Equal(Retrainings * s_changes.Length, engine.TrainedCount);

        // The outputs that the engine makes up follow from mask and seed; the seeds are those of the stream.
        var tasks = new TaskList();
        _ = Train(NewRun("other"), tasks);
        Assert.Equal([30, 28, 27, 30], tasks.Given.Chunk(Retrainings).Select(models => models[0].Mask.Count));
        Assert.Equal(s_changes[3].Relabelled, tasks.Given[^1].LabelOverrides);
        for (int c = 0; c < s_changes.Length; c++)
        {
            EquatableList<int> wanted = s_changes[c].Targets ?? [0, 1, 2, 3, 4];
            float[] expected =
            [
                .. tasks.Given.Skip(c * Retrainings).Take(Retrainings).Select(task => FakeEngine.MarginsOf(task, Targets))
                    .SelectMany(margins => wanted.Select(target => margins[target])),
            ];
            Assert.Equal(expected, outputs[c].Values);
        }
    }

    [Fact]
    public void Changes_of_one_stream_share_their_seeds_and_others_do_not()
    {
        var tasks = new TaskList();
        _ = Train(NewRun(), tasks);
        ulong[][] seeds = [.. tasks.Given.Chunk(Retrainings).Select(models => models.Select(task => task.Seed).ToArray())];
        Assert.Equal(seeds[1], seeds[2]);
        Assert.Equal(3 * Retrainings, seeds.SelectMany(models => models).Distinct().Count());
    }

    [Fact]
    public void Means_and_their_errors_are_those_of_the_models()
    {
        var outputs = new RetrainedOutputs(TrainingChange.None, 3, [1, 10, 2, 20, 6, 60]);
        Assert.Equal(3, outputs.Mean(0));
        Assert.Equal(30, outputs.Mean(1));

        // Deviations -2, -1, 3: variance 14 / 2, error sqrt(7 / 3).
        Assert.Equal(Math.Sqrt(7.0 / 3), outputs.StandardError(0), 1e-12);
    }

    [Fact]
    public void What_was_trained_is_kept_and_a_stopped_study_goes_on_to_the_same_numbers()
    {
        float[][] expected = Values(Train(NewRun("whole"), new FakeEngine()));
        SubsetTraining run = NewRun();
        var breaking = new FakeEngine(failAfter: 7);
        Assert.Throws<InvalidOperationException>(() => Train(run, breaking));
        var rest = new FakeEngine(group: 2);
        var retrainer = new Retrainer(run, rest, Retrainings);
        RetrainedOutputs[] resumed = Train(retrainer, s_changes);
        Assert.Equal(expected, Values(resumed));
        Assert.Equal((Retrainings * s_changes.Length) - 7, rest.TrainedCount);
        Assert.Equal(rest.TrainedCount, retrainer.TrainedCount);

        var idle = new FakeEngine();
        Assert.Equal(expected, Values(Train(run, idle)));
        Assert.Equal(0, idle.TrainedCount);
    }

    [Fact]
    public void Another_seed_or_change_or_number_of_retrainings_trains_what_is_new()
    {
        SubsetTraining run = NewRun();
        float[][] first = Values(Train(run, new FakeEngine()));
        var more = new FakeEngine();
        float[][] longer = Values(Train(new Retrainer(run, more, Retrainings + 2), s_changes));
        Assert.Equal(2 * s_changes.Length, more.TrainedCount);
        Assert.All(first.Zip(longer), pair => Assert.Equal(pair.First, pair.Second[..pair.First.Length]));

        var other = new FakeEngine();
        float[][] seeded = Values(Train(new Retrainer(run, other, Retrainings, seed: 1), s_changes));
        Assert.Equal(Retrainings * s_changes.Length, other.TrainedCount);
        Assert.All(first.Zip(seeded), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void A_damaged_record_is_trained_again()
    {
        SubsetTraining run = NewRun();
        float[][] expected = Values(Train(run, new FakeEngine()));
        string log = Assert.Single(Directory.GetFiles(Path.Combine(run.Path, "retrained")));
        byte[] bytes = File.ReadAllBytes(log);
        bytes[^1] ^= 1;
        File.WriteAllBytes(log, bytes);
        var engine = new FakeEngine();
        Assert.Equal(expected, Values(Train(run, engine)));
        Assert.Equal(1, engine.TrainedCount);
    }

    [Fact]
    public void Where_another_process_writes_the_log_results_are_the_same_and_not_kept()
    {
        SubsetTraining run = NewRun();
        string folder = Path.Combine(run.Path, "retrained");
        Directory.CreateDirectory(folder);
        float[][] values;
        using (File.Open(Path.Combine(folder, "fake-Margin.log"), FileMode.Create, FileAccess.Write, FileShare.None))
        {
            values = Values(Train(run, new FakeEngine()));
        }

        var again = new FakeEngine();
        Assert.Equal(values, Values(Train(run, again)));
        Assert.Equal(Retrainings * s_changes.Length, again.TrainedCount);
    }

    [Theory]
    [InlineData("NothingLeft")]
    [InlineData("ExampleOutOfRange")]
    [InlineData("ClassOutOfRange")]
    [InlineData("TargetOutOfRange")]
    public void What_cannot_be_trained_is_said_before_anything_is(string id)
    {
        TrainingChange change = id switch
        {
            "NothingLeft" => new() { Removed = [.. Enumerable.Range(0, 30)] },
            "ExampleOutOfRange" => new() { Removed = [30] },
            "ClassOutOfRange" => new() { Relabelled = [new(0, 3)] },
            _ => new() { Targets = [Targets] },
        };
        var engine = new FakeEngine();
        var retrainer = new Retrainer(NewRun(), engine, Retrainings);
        Assert.Equal(id, Assert.Throws<DatamodelException>(() => Train(retrainer, [change])).Id);
        Assert.Equal(0, engine.TrainedCount);
    }

    [Fact]
    public void One_retraining_is_refused() => Assert.Equal(
        "RetrainingsOutOfRange",
        Assert.Throws<DatamodelException>(() => new Retrainer(NewRun(), new FakeEngine(), retrainings: 1)).Id);

    [Fact]
    public void Looking_for_what_is_kept_stops_within_a_second()
    {
        var engine = new FakeEngine();
        var retrainer = new Retrainer(NewRun(), engine, retrainings: 500);
        TrainingChange[] changes = [.. Enumerable.Repeat(s_changes[1], 20_000)];
        Cancelled.After(TimeSpan.FromSeconds(0.3), stop => retrainer.Train(changes, progress: null, stop).Count());
        Assert.Equal(0, engine.TrainedCount);
    }

    private static RetrainedOutputs[] Train(SubsetTraining run, ITrainingEngine engine) =>
        Train(new Retrainer(run, engine, Retrainings), s_changes);

    private static RetrainedOutputs[] Train(Retrainer retrainer, TrainingChange[] changes) =>
        [.. retrainer.Train(changes, progress: null, TestContext.Current.CancellationToken)];

    private static float[][] Values(RetrainedOutputs[] outputs) => [.. outputs.Select(output => output.Values)];

    private SubsetTraining NewRun(string name = "run") => SubsetTraining.CreateOrOpen(
        _folder.File(name), TestData.Blobs(30, Targets), new NetworkLearner(), new SubsetPlan(1, 0.5, 4), "fake");

    /// <summary>Gives what the made-up engine gives, and remembers what it was asked for.</summary>
    private sealed class TaskList : ITrainingEngine
    {
        private readonly FakeEngine _engine = new();

        public List<TrainingTask> Given { get; } = [];

        public string Name => _engine.Name;

        public IEnumerable<TrainingOutput> Train(
            Datamodels.Data.TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
            CancellationToken cancellation = default)
        {
            Given.AddRange(tasks);
            return _engine.Train(data, learner, observation, Given, cancellation);
        }
    }
}
