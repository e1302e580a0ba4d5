using System.Diagnostics;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

/// <summary>A run that others train too, that is trained in parts, and that gets more models.</summary>
public sealed class SharedRunTests : IDisposable
{
    private static readonly string[] s_files = ["completed.npy", "margins.npy", "run.yaml", "subsets.npy"];
    private static readonly string[] s_rows = ["completed.npy", "margins.npy", "subsets.npy"];
    private static readonly NetworkLearner s_learner = new();

    private readonly TemporaryFolder _folder = new();
    private readonly TrainingData _data = TestData.Blobs(30, 10);

    public void Dispose() => _folder.Dispose();

    private SubsetTraining New(string name, int count, Shard? shard = null, int retrainings = 1) => SubsetTraining.CreateOrOpen(
        _folder.File(name), _data, s_learner, new SubsetPlan(7, 0.5, count, retrainings), "fake", shard: shard);

    private static TrainingReport Train(SubsetTraining run, ITrainingEngine? engine = null) =>
        run.Train(engine ?? new FakeEngine(), cancellation: TestContext.Current.CancellationToken);

    private byte[][] Bytes(string name) => [.. s_files.Select(file => File.ReadAllBytes(Path.Combine(_folder.File(name), file)))];

    private string[] Entries(string name) =>
        [.. new DirectoryInfo(_folder.File(name)).GetFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal)];

    private static DatamodelException Fails(string id, Action action)
    {
        var e = Assert.Throws<DatamodelException>(action);
        Assert.Equal(id, e.Id);
        return e;
    }

    [Fact]
    public void What_another_trains_meanwhile_is_left_out_and_counts_as_done()
    {
        Train(New("alone", 200));
        SubsetTraining ours = New("shared", 200);
        TrainingReport? theirs = null;
        var reports = new List<WorkProgress>();

        // After our fifth model another process comes and does the rest; ours has two more in its hands by then.
        var engine = new FakeEngine(group: 2, trained: count =>
        {
            if (count == 5)
            {
                WaitUntilMarked(ours, 5);
                theirs = Train(New("shared", 200));
            }
        });
        TrainingReport report = ours.Train(engine, new Collected(reports), TestContext.Current.CancellationToken);
        Assert.Equal(195, theirs!.Trained);
        Assert.Equal(6, report.Trained);
        Assert.Equal((200, RunState.Complete), (ours.CompletedCount, ours.State));
        Assert.Equal((200, 200), (reports[^1].Done, reports[^1].Total));
        Assert.Equal(Bytes("alone"), Bytes("shared"));
        Assert.Equal(s_files, Entries("shared"));
    }

    private static void WaitUntilMarked(SubsetTraining run, int models)
    {
        long start = Stopwatch.GetTimestamp();
        while (SubsetTraining.Open(run.Path).CompletedCount < models)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "Rows are not marked.");
            Thread.Sleep(5);
        }
    }

    private sealed class Collected(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }

    [Fact]
    public void A_row_of_another_that_does_not_match_its_mark_is_trained_again()
    {
        Train(New("alone", 40));
        SubsetTraining ours = New("shared", 40);
        var engine = new FakeEngine(trained: count =>
        {
            if (count == 1)
            {
                // Marks without rows, as a machine might see them whose view of a shared disk is old.
                string marks = Path.Combine(ours.Path, "completed.npy");
                byte[] content = File.ReadAllBytes(marks);
                Array.Fill<byte>(content, 1, 128, content.Length - 128);
                File.WriteAllBytes(marks, content);
            }
        });
        Assert.Equal(new TrainingReport(40, 0), Train(ours, engine));
        Assert.Equal(Bytes("alone"), Bytes("shared"));
    }

    [Fact]
    public void Marks_that_are_lost_are_made_again_and_ever_again_is_an_error()
    {
        Train(New("alone", 40));
        SubsetTraining ours = New("shared", 40);
        string marks = Path.Combine(ours.Path, "completed.npy");
        byte[] none = File.ReadAllBytes(marks);
        FakeEngine Losing(int times) => new(trained: count =>
        {
            if (count % 20 == 0 && count <= times)
            {
                WaitUntilMarked(ours, 20);
                File.WriteAllBytes(marks, none);
            }
        });
        Assert.InRange(Train(ours, Losing(20)).Trained, 41, 60);
        Assert.Equal(Bytes("alone"), Bytes("shared"));

        File.WriteAllBytes(marks, none);
        string message = Fails("RunMarksLost", () => Train(ours, Losing(int.MaxValue))).Message;
        Assert.Contains("completed.npy", message, StringComparison.Ordinal);
        Train(ours);
        Assert.Equal(Bytes("alone"), Bytes("shared"));
    }

    [Fact]
    public void A_folder_deleted_in_mid_run_is_an_error_and_does_not_come_back()
    {
        SubsetTraining run = New("run", 40);
        var engine = new FakeEngine(trained: count =>
        {
            if (count == 3)
            {
                Directory.Delete(run.Path, recursive: true);
            }
        });
        Assert.SkipWhen(OperatingSystem.IsWindows(), "open files are not deleted there");
        Assert.Throws<DatamodelException>(() => Train(run, engine));
        Assert.False(Directory.Exists(run.Path));
    }

    [Fact]
    public void A_shard_trains_its_models_only_and_says_what_of_it_and_of_the_run_is_done()
    {
        SubsetTraining second = New("run", 40, new Shard(2, 3));
        Assert.Equal((26 - 13, 0, 40), (second.ShardModelCount, second.ShardCompletedCount, second.ModelCount));
        Assert.Equal(new TrainingReport(13, 0), Train(second));
        Assert.Equal((13, 13, false), (second.ShardCompletedCount, second.CompletedCount, second.IsComplete));
        Assert.Equal(Enumerable.Range(13, 13), second.ReadRows().Models);
        Assert.Equal(new TrainingReport(0, 0), Train(New("run", 40, new Shard(2, 3))));

        SubsetTraining first = New("run", 40, new Shard(1, 3));
        Assert.Equal((0, 13), (first.ShardCompletedCount, first.CompletedCount));
        Train(first);
        Train(New("run", 40, new Shard(3, 3)));
        Train(New("whole", 40));
        Assert.Equal(Bytes("whole"), Bytes("run"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_run_gets_more_models_and_keeps_what_it_has(int retrainings)
    {
        Train(New("run", 40, retrainings: retrainings));
        SubsetTraining grown = New("run", 100, retrainings: retrainings);
        Assert.Equal((40 * retrainings, 100 * retrainings), (grown.CompletedCount, grown.ModelCount));
        Assert.Equal(s_files, Entries("run"));
        Assert.Equal(60 * retrainings, Train(grown).Trained);
        Train(New("at once", 100, retrainings: retrainings));
        Assert.Equal(Bytes("at once"), Bytes("run"));
    }

    [Fact]
    public void A_run_never_gets_fewer_models()
    {
        Train(New("run", 40));
        byte[][] before = Bytes("run");
        string message = Fails("RunSpecDiffers", () => New("run", 39)).Message;
        Assert.Contains("the number of subsets is 40 in the run, 39 is asked for", message, StringComparison.Ordinal);
        Assert.Contains("never fewer", message, StringComparison.Ordinal);
        Assert.Equal(before, Bytes("run"));
    }

    [Fact]
    public void Who_has_the_run_open_goes_on_unharmed_when_it_gets_more_models()
    {
        SubsetTraining opened = New("run", 40);
        var engine = new FakeEngine(trained: count =>
        {
            if (count == 5)
            {
                Train(New("run", 60, new Shard(6, 6)));
            }
        });
        Assert.Equal(new TrainingReport(40, 0), Train(opened, engine));
        Assert.True(opened.IsComplete);
        Assert.Equal(Enumerable.Range(0, 40), opened.ReadRows().Models);
        Assert.Equal(new TrainingReport(0, 0), Train(opened));

        Assert.Equal((50, 60), (New("run", 60).CompletedCount, New("run", 60).ModelCount));
        Train(New("run", 60));
        Train(New("at once", 60));
        Assert.Equal(Bytes("at once"), Bytes("run"));
    }

    // A kill while a run gets more models, at each step: files that are longer by any number of bytes, then headers that say
    // so, and last run.yaml. Each opens with what it had, goes on as it was, and gets its models when it is asked again.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    public void A_kill_while_a_run_gets_more_models_loses_nothing(int longer, int headers)
    {
        Train(New("at once", 60));
        foreach (int cut in new[] { 0, 1, 7 })
        {
            string name = $"run {cut}";
            Train(New(name, 40), new FakeEngine());
            byte[][] small = Bytes(name);
            for (int i = 0; i < longer; i++)
            {
                string path = Path.Combine(_folder.File(name), s_rows[i]);
                byte[] grown = File.ReadAllBytes(Path.Combine(_folder.File("at once"), s_rows[i]));
                byte[] content = File.ReadAllBytes(path);
                int size = grown.Length - (i == longer - 1 && headers == 0 ? cut : 0);
                int length = content.Length;
                Array.Resize(ref content, size);
                Array.Clear(content, length, size - length);
                if (i < headers)
                {
                    grown.AsSpan(0, 128).CopyTo(content);
                }

                File.WriteAllBytes(path, content);
            }

            File.WriteAllText(Path.Combine(_folder.File(name), "run.yaml.growing"), "whatever");

            SubsetTraining opened = SubsetTraining.Open(_folder.File(name));
            Assert.Equal((40, 40), (opened.CompletedCount, opened.ModelCount));
            Assert.Equal(40, opened.ReadRows().Count);
            Assert.Equal(new TrainingReport(0, 0), Train(New(name, 40)));
            Assert.Equal(new TrainingReport(20, 0), Train(New(name, 60)));
            Assert.Equal(Bytes("at once"), Bytes(name));
            Assert.Equal(s_files, Entries(name));
            Assert.NotEqual(small, Bytes(name));
        }
    }

    [Fact]
    public void A_file_that_is_cut_short_gets_no_more_models_and_stays_as_it_is()
    {
        Train(New("run", 40));
        string margins = Path.Combine(_folder.File("run"), "margins.npy");
        File.WriteAllBytes(margins, File.ReadAllBytes(margins)[..^1]);
        byte[][] before = Bytes("run");
        Fails("NpyTruncated", () => New("run", 60));
        Assert.Equal(before, Bytes("run"));
        Assert.Equal(s_files, Entries("run"));
    }

    [Fact]
    public void A_spec_that_is_cut_short_anywhere_is_refused()
    {
        Train(New("run", 40, retrainings: 12));
        string path = Path.Combine(_folder.File("run"), "run.yaml");
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<DatamodelException>(() => SubsetTraining.Open(_folder.File("run")));
        }

        File.WriteAllBytes(path, whole);
        Assert.True(SubsetTraining.Open(_folder.File("run")).IsComplete);
    }

    [Fact]
    public void A_mark_that_a_fault_gave_to_a_model_never_trained_is_no_row()
    {
        Train(New("whole", 40));
        Assert.Throws<InvalidOperationException>(() => Train(New("run", 40), new FakeEngine(failAfter: 20)));
        string path = Path.Combine(_folder.File("run"), "completed.npy");
        byte[] marks = File.ReadAllBytes(path);
        int row = Enumerable.Range(0, 40).First(model => BitConverter.ToUInt32(marks, 128 + (4 * model)) == 0);
        marks[128 + (4 * row)] ^= 16;
        File.WriteAllBytes(path, marks);
        RunRows rows = SubsetTraining.Open(_folder.File("run")).ReadRows();
        Assert.Equal((20, 1), (rows.Count, rows.DamagedCount));
        Assert.Equal(new TrainingReport(20, 1), Train(New("run", 40)));
        Assert.Equal(Bytes("whole"), Bytes("run"));
    }

    [Fact]
    public void A_run_says_where_it_stands_and_who_is_at_it()
    {
        SubsetTraining run = New("run", 40);
        Assert.Equal((RunState.NotStarted, 0.0, null), (run.State, run.PerSecond, run.TimeLeft));
        SubsetTraining? seen = null;
        var engine = new FakeEngine(failAfter: 30, trained: count =>
        {
            if (count == 20)
            {
                // The second sign of life comes two seconds after the first.
                long start = Stopwatch.GetTimestamp();
                do
                {
                    Thread.Sleep(100);
                    seen = SubsetTraining.Open(run.Path);
                }
                while (seen.PerSecond == 0 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1));
            }
        });
        Assert.Throws<InvalidOperationException>(() => Train(run, engine));
        Assert.Equal((RunState.Running, 20), (seen!.State, seen.CompletedCount));
        RunWorker worker = Assert.Single(seen.Workers);
        Assert.Equal((Environment.MachineName, Environment.ProcessId, 20), (worker.Machine, worker.ProcessId, worker.Trained));
        Assert.InRange(DateTime.UtcNow - worker.Started, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));
        Assert.InRange(worker.PerSecond, 0.1, 10);
        Assert.Equal(worker.PerSecond, seen.PerSecond);
        Assert.Equal(20 / worker.PerSecond, seen.TimeLeft!.Value.TotalSeconds, 1e-3);

        foreach (SubsetTraining stopped in new[] { run, SubsetTraining.Open(run.Path) })
        {
            Assert.Equal((RunState.Stopped, 30, 0), (stopped.State, stopped.CompletedCount, stopped.Workers.Count));
        }

        Train(run);
        Assert.Equal((RunState.Complete, null), (run.State, run.TimeLeft));
    }

    [Fact]
    public void Workers_that_are_dead_or_silent_count_for_nothing_and_are_taken_away()
    {
        SubsetTraining run = New("run", 40);
        string workers = Directory.CreateDirectory(Path.Combine(run.Path, "workers")).FullName;
        using (Process dead = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!)
        {
            dead.WaitForExit();
            Add(Environment.MachineName, dead.Id, TimeSpan.Zero);
        }

        Add("elsewhere", 7, TimeSpan.FromSeconds(31));
        Assert.Empty(SubsetTraining.Open(run.Path).Workers);
        string alive = Add("elsewhere", 8, TimeSpan.FromSeconds(20));
        File.WriteAllText(Path.Combine(workers, "elsewhere-9-00000000.yaml"), "not what a worker writes");
        string notes = Path.Combine(workers, "notes.txt");
        File.WriteAllText(notes, "somebody's");
        File.SetLastWriteTimeUtc(notes, DateTime.UtcNow - TimeSpan.FromDays(1));
        SubsetTraining seen = SubsetTraining.Open(run.Path);
        Assert.Equal("elsewhere:8", seen.Workers.ToString());
        Assert.Equal((RunState.Running, 2.5, TimeSpan.FromSeconds(16)), (seen.State, seen.PerSecond, seen.TimeLeft));

        Train(run);
        Assert.Equal(
            new[] { Path.GetFileName(alive), "elsewhere-9-00000000.yaml", "notes.txt" }.Order(StringComparer.Ordinal),
            Directory.GetFiles(workers).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

        string Add(string machine, int process, TimeSpan age)
        {
            string path = Path.Combine(workers, $"{machine}-{process}-0123abcd.yaml");
            WorkerFolder.Write(path, new RunWorker(machine, process, DateTime.UtcNow, 10, 2.5));
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
            return path;
        }
    }
}
