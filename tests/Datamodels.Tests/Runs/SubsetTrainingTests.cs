using System.Text;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

public sealed class SubsetTrainingTests : IDisposable
{
    private static readonly string[] s_files = ["completed.npy", "margins.npy", "run.yaml", "subsets.npy"];
    private static readonly SubsetPlan s_plan = new(7, 0.5, 40);
    private static readonly NetworkLearner s_learner = new() { Epochs = 10 };

    private readonly TemporaryFolder _folder = new();
    private readonly TrainingData _data;

    public SubsetTrainingTests()
    {
        var csv = new StringBuilder();
        for (int i = 0; i < 60; i++)
        {
            csv.Append(i).Append(',').Append(i * i % 17).Append(',').Append(i % 3).Append('\n');
        }

        _data = TrainingDataReader.Read(
            new DataSource { Path = [_folder.Write("data.csv", csv.ToString())], TestSize = 11 },
            TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Dispose();

    private SubsetTraining New(
        string name = "run", SubsetPlan? plan = null, Learner? learner = null, TrainingData? data = null) =>
        SubsetTraining.CreateOrOpen(_folder.File(name), data ?? _data, learner ?? s_learner, plan ?? s_plan, "fake");

    private static TrainingReport Train(SubsetTraining run, ITrainingEngine? engine = null) =>
        run.Train(engine ?? new FakeEngine(), cancellation: TestContext.Current.CancellationToken);

    private byte[][] Bytes(string name) => [.. s_files.Select(file => File.ReadAllBytes(Path.Combine(_folder.File(name), file)))];

    private string InRun(string file) => Path.Combine(_folder.File("run"), file);

    private static DatamodelException Fails(string id, Action action)
    {
        var e = Assert.Throws<DatamodelException>(action);
        Assert.Equal(id, e.Id);
        return e;
    }

    [Fact]
    public void Trains_every_model_of_the_plan()
    {
        SubsetTraining run = New();
        Assert.Equal((0, 40, false), (run.CompletedCount, run.ModelCount, run.IsComplete));
        Assert.Equal(new TrainingReport(40, 0), Train(run));
        Assert.Equal((40, true), (run.CompletedCount, run.IsComplete));

        RunRows rows = run.ReadRows();
        Assert.Equal(Enumerable.Range(0, 40), rows.Models);
        for (int m = 0; m < 40; m++)
        {
            Mask mask = s_plan.MaskOf(m, _data.TrainCount);
            Assert.Equal(mask.ToExamples(), rows.MaskOf(m).ToExamples());
            Assert.Equal(
                FakeEngine.MarginsOf(new TrainingTask(m, mask, s_plan.TrainingSeedOf(m)), 11),
                rows.OutputsOf(m).ToArray());
        }
    }

    [Fact]
    public void Training_ends_soon_after_its_folder_is_gone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "deletes files that are open");
        SubsetTraining run = New();
        int trained = 0;
        var engine = new FakeEngine(trained: _ =>
        {
            Thread.Sleep(50);
            if (++trained == 5)
            {
                Directory.Delete(run.Path, recursive: true);
            }
        });
        DatamodelException e = Fails("RunNotFound", () => Train(run, engine));
        Assert.Contains($"'{run.Path}' was deleted or moved", e.Message);
        Assert.InRange(trained, 5, 39);
        Assert.False(Directory.Exists(run.Path));
    }

    [Fact]
    public void Holds_the_same_bytes_whatever_the_order_and_the_interruptions()
    {
        Train(New("plain"));
        Train(New("turned"), new FakeEngine(group: 16));
        for (int i = 0; i < 4; i++)
        {
            Assert.Throws<InvalidOperationException>(() => Train(New("broken"), new FakeEngine(group: 8, failAfter: 9)));
        }

        Assert.Equal(36, New("broken").CompletedCount);
        Train(New("broken"), new FakeEngine(group: 8));
        Assert.Equal(Bytes("plain"), Bytes("turned"));
        Assert.Equal(Bytes("plain"), Bytes("broken"));
    }

    [Fact]
    public void Keeps_what_was_done_when_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        SubsetTraining run = New();
        var engine = new FakeEngine(trained: count =>
        {
            if (count == 13)
            {
                cancellation.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => run.Train(engine, cancellation: cancellation.Token));
        Assert.Equal(13, run.CompletedCount);
        Assert.Equal(13, SubsetTraining.Open(run.Path).CompletedCount);
        Assert.Equal(13, SubsetTraining.Open(run.Path).ReadRows().Count);
        Assert.Equal(new TrainingReport(27, 0), Train(run));
    }

    [Fact]
    public void Trains_nothing_again()
    {
        Train(New());
        byte[][] before = Bytes("run");
        var engine = new FakeEngine();
        Assert.Equal(new TrainingReport(0, 0), Train(New(), engine));
        Assert.Equal(0, engine.TrainedCount);
        Assert.Equal(before, Bytes("run"));
    }

    [Fact]
    public void Opens_by_its_path_alone_and_reads_its_data_again()
    {
        Train(New());
        SubsetTraining run = SubsetTraining.Open(_folder.File("run"));
        Assert.Equal(s_plan, run.Spec.Plan);
        Assert.Equal(s_learner, run.Spec.Learner);
        Assert.Equal(_data.Source, run.Spec.DataSource);
        Assert.Equal(_data.Fingerprint, run.Data.Fingerprint);
        Assert.True(run.IsComplete);
    }

    [Fact]
    public void Says_when_its_data_is_gone_or_changed()
    {
        New();
        string csv = _folder.File("data.csv");
        File.AppendAllText(csv, "60,3,0\n61,4,1\n62,5,2\n");
        Fails("RunDataChanged", () => _ = SubsetTraining.Open(_folder.File("run")).Data);
        File.Delete(csv);
        Assert.Contains(
            "data.csv", Fails("DataFileNotFound", () => _ = SubsetTraining.Open(_folder.File("run")).Data).Message,
            StringComparison.Ordinal);

        var inMemory = new TrainingData("memory", _data.Train, _data.Test, _data.Classes);
        Train(New("memory", data: inMemory));
        Fails("RunDataUnknown", () => _ = SubsetTraining.Open(_folder.File("memory")).Data);
    }

    [Fact]
    public void Reports_progress_with_what_was_done_before()
    {
        Assert.Throws<InvalidOperationException>(() => Train(New(), new FakeEngine(failAfter: 10)));
        var reports = new List<WorkProgress>();
        New().Train(new FakeEngine(), new Collected(reports), TestContext.Current.CancellationToken);
        Assert.All(reports, report => Assert.InRange(report.Done, 10, 40));
        Assert.Equal((40, 40), (reports[^1].Done, reports[^1].Total));
    }

    private sealed class Collected(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }

    [Fact]
    public void Refuses_another_spec_and_names_each_difference()
    {
        Train(New());
        byte[][] before = Bytes("run");
        string message = Fails(
            "RunSpecDiffers",
            () => New(plan: new SubsetPlan(8, 0.25, 50, 2), learner: new NetworkLearner { Hidden = [16, 8] })).Message;
        foreach (string difference in new[]
        {
            "number of subsets is 40 in the run, 50 is asked for", "retrainings per subset is 1 in the run, 2",
            "alpha is 0.5 in the run, 0.25", "seed is 7 in the run, 8", "Hidden is 32 in the run, 16 8",
            "Epochs is 10 in the run, 20",
        })
        {
            Assert.Contains(difference, message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Momentum", message, StringComparison.Ordinal);
        TrainingData other = TrainingDataReader.Read(_data.Source! with { Seed = 1 }, TestContext.Current.CancellationToken);
        string differences = Fails("RunSpecDiffers", () => New(data: other)).Message;
        Assert.Contains("the data's Seed is 0 in the run, 1 is asked for", differences, StringComparison.Ordinal);
        Assert.Contains("fingerprint", differences, StringComparison.Ordinal);
        Assert.DoesNotContain("Scaling", differences, StringComparison.Ordinal);
        Assert.Contains(
            "Hidden is 32 in the run, none is asked for",
            Fails("RunSpecDiffers", () => New(learner: new NetworkLearner { Kind = LearnerKind.Softmax, Hidden = [] })).Message,
            StringComparison.Ordinal);
        Fails("RunSpecDiffers", () => SubsetTraining.CreateOrOpen(_folder.File("run"), _data, s_learner, s_plan, "cpu"));
        Assert.Equal(before, Bytes("run"));
    }

    [Fact]
    public void Refuses_another_engine() =>
        Fails("EngineDiffers", () => Train(SubsetTraining.CreateOrOpen(_folder.File("run"), _data, s_learner, s_plan, "cpu")));

    [Fact]
    public void Refuses_a_folder_with_other_files_and_leaves_them()
    {
        Directory.CreateDirectory(_folder.File("run"));
        File.WriteAllText(InRun("thesis.tex"), "words");
        Assert.Contains("thesis.tex", Fails("RunFolderNotEmpty", () => New()).Message, StringComparison.Ordinal);
        Assert.Equal(["thesis.tex"], Directory.GetFileSystemEntries(_folder.File("run")).Select(Path.GetFileName));
        Assert.Equal("words", File.ReadAllText(InRun("thesis.tex")));
        Fails("RunPathIsFile", () => New("data.csv"));
    }

    [Fact]
    public void Refuses_rows_whose_spec_is_gone()
    {
        Train(New());
        File.Delete(InRun("run.yaml"));
        byte[] margins = File.ReadAllBytes(InRun("margins.npy"));
        Fails("RunFolderNotEmpty", () => New());
        Fails("RunNotFound", () => SubsetTraining.Open(_folder.File("run")));
        File.WriteAllText(InRun("run.yaml.unfinished"), "");
        Fails("RunSpecMissing", () => New());
        Assert.Equal(margins, File.ReadAllBytes(InRun("margins.npy")));
    }

    [Fact]
    public void Makes_a_run_anew_whose_making_was_interrupted()
    {
        Train(New("whole"));
        New();
        File.Move(InRun("run.yaml"), InRun("run.yaml.unfinished"));
        File.Delete(InRun("completed.npy"));
        File.WriteAllBytes(InRun("margins.npy"), [1, 2, 3]);
        Fails("RunNotFound", () => SubsetTraining.Open(_folder.File("run")));
        Train(New());
        Assert.Equal(Bytes("whole"), Bytes("run"));
        Assert.Equal(s_files, Directory.GetFiles(_folder.File("run")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Waits_for_a_process_that_makes_the_run_and_opens_it_then()
    {
        New("other");
        Directory.CreateDirectory(_folder.File("run"));
        var made = new FileStream(InRun("run.yaml.unfinished"), FileMode.Create, FileAccess.Write, FileShare.None);
        Task<SubsetTraining> waiting = Task.Run(() => New(), TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        foreach (string file in s_files.Except(["run.yaml"]))
        {
            File.WriteAllBytes(InRun(file), File.ReadAllBytes(Path.Combine(_folder.File("other"), file)));
        }

        made.Write(File.ReadAllBytes(Path.Combine(_folder.File("other"), "run.yaml")));
        made.Flush();
        File.Move(InRun("run.yaml.unfinished"), InRun("run.yaml"));
        made.Dispose();
        Assert.Equal((0, 40), ((await waiting).CompletedCount, (await waiting).ModelCount));
        Assert.Equal(Bytes("other"), Bytes("run"));
    }

    [Fact]
    public async Task Makes_the_run_when_the_process_that_did_dies()
    {
        Directory.CreateDirectory(_folder.File("run"));
        var made = new FileStream(InRun("run.yaml.unfinished"), FileMode.Create, FileAccess.Write, FileShare.None);
        Task<SubsetTraining> waiting = Task.Run(() => New(), TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        made.Dispose();
        Assert.Equal(new TrainingReport(40, 0), Train(await waiting));
    }

    [Fact]
    public void Gives_up_when_a_process_that_makes_the_run_gets_nowhere()
    {
        Directory.CreateDirectory(_folder.File("run"));
        using (new FileStream(InRun("run.yaml.unfinished"), FileMode.Create, FileAccess.Write, FileShare.None))
        {
            string message = Fails(
                "RunFolderNotWritable",
                () => RunFolder.Ensure(_folder.File("run"), New("other").Spec, TimeSpan.FromMilliseconds(50))).Message;
            Assert.Contains("another process is making it", message, StringComparison.Ordinal);
        }

        New();
    }

    [Fact]
    public void Takes_an_empty_folder()
    {
        Directory.CreateDirectory(_folder.File("run"));
        Train(New());
    }

    [Fact]
    public void Says_what_is_missing()
    {
        Assert.Contains(
            "no folder", Fails("RunNotFound", () => SubsetTraining.Open(_folder.File("none"))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is a file", Fails("RunNotFound", () => SubsetTraining.Open(_folder.Write("file", ""))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "run.yaml", Fails("RunNotFound", () => SubsetTraining.Open(_folder.Path)).Message, StringComparison.Ordinal);
        New();
        File.Delete(InRun("subsets.npy"));
        Assert.Contains(
            "subsets.npy", Fails("RunFileMissing", () => SubsetTraining.Open(_folder.File("run"))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("subsets.npy")]
    [InlineData("margins.npy")]
    [InlineData("completed.npy")]
    public void Refuses_a_file_that_is_cut_short_or_foreign_and_changes_nothing(string name)
    {
        Train(New());
        byte[] whole = File.ReadAllBytes(InRun(name));
        byte[] foreign = File.ReadAllBytes(InRun(name == "subsets.npy" ? "margins.npy" : "subsets.npy"));
        foreach ((string id, byte[] content) in new[]
        {
            ("NpyTruncated", whole[..^1]), ("NpyTruncated", whole[..200]), ("NpyTruncated", [.. whole, 0]),
            ("NpyForeign", whole[..9]),
            ("NpyForeign", []), ("NpyForeign", Encoding.ASCII.GetBytes("something else entirely")), ("NpyShapeDiffers", foreign),
        })
        {
            File.WriteAllBytes(InRun(name), content);
            Assert.Contains(name, Fails(id, () => SubsetTraining.Open(_folder.File("run"))).Message, StringComparison.Ordinal);
            Fails(id, () => New());
            Assert.Equal(content, File.ReadAllBytes(InRun(name)));
        }

        File.WriteAllBytes(InRun(name), whole);
        Assert.Equal(40, SubsetTraining.Open(_folder.File("run")).ReadRows().Count);
    }

    [Theory]
    [InlineData("margins.npy")]
    [InlineData("subsets.npy")]
    public void Refuses_a_file_of_another_run_of_the_same_shape(string name)
    {
        Train(New());
        Train(New("other", new SubsetPlan(8, 0.5, 40)));
        File.Copy(Path.Combine(_folder.File("other"), name), InRun(name), overwrite: true);
        byte[][] before = Bytes("run");
        Fails("RunFilesForeign", () => Train(New()));
        Fails("RunFilesForeign", () => New().ReadRows());
        Assert.Equal(before, Bytes("run"));
    }

    [Theory]
    [InlineData("margins.npy")]
    [InlineData("subsets.npy")]
    [InlineData("completed.npy")]
    public void Trains_rows_again_that_were_damaged(string name)
    {
        Train(New());
        byte[][] whole = Bytes("run");
        byte[] damaged = File.ReadAllBytes(InRun(name));
        damaged[^1] ^= 1;
        damaged[128] ^= 1;
        File.WriteAllBytes(InRun(name), damaged);

        SubsetTraining run = New();
        RunRows rows = run.ReadRows();
        Assert.Equal((38, 2), (rows.Count, rows.DamagedCount));
        Assert.Equal(Enumerable.Range(1, 38), rows.Models);
        Assert.Equal(new TrainingReport(2, 2), Train(run));
        Assert.Equal(whole, Bytes("run"));
        Assert.Equal((40, 0), (run.ReadRows().Count, run.ReadRows().DamagedCount));
    }

    [Fact]
    public void Stops_at_a_model_that_diverged_and_names_it()
    {
        SubsetTraining run = New();
        var engine = new OneOutput(model => new TrainingOutput(model, [.. new float[10], float.NaN]));
        string message = Fails("TrainingDiverged", () => Train(run, engine)).Message;
        Assert.Contains($"Model {engine.Asked} ", message, StringComparison.Ordinal);
        Assert.Equal(0, SubsetTraining.Open(run.Path).CompletedCount);
    }

    [Fact]
    public void Trusts_no_engine_that_answers_other_than_asked()
    {
        void Breaks(Func<int, TrainingOutput> output) =>
            Assert.Throws<InvalidOperationException>(() => Train(New(), new OneOutput(output)));

        Breaks(model => new TrainingOutput(model, new float[10]));
        Breaks(model => new TrainingOutput(model + 1, new float[11]));
        Breaks(model => new TrainingOutput(model, new float[11]));
        Assert.Equal(1, New().CompletedCount);
    }

    /// <summary>Asks for one model and answers; models are handed out in any order.</summary>
    private sealed class OneOutput(Func<int, TrainingOutput> output) : ITrainingEngine
    {
        public string Name => "fake";

        public int Asked { get; private set; }

        public IEnumerable<TrainingOutput> Train(
            TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
            CancellationToken cancellation = default)
        {
            Asked = tasks.First().Id;
            yield return output(Asked);
        }
    }
}
