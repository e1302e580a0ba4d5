using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

public sealed class SlurmTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_script_is_the_same_text_each_time_and_asks_for_what_it_is_told()
    {
        SubsetTraining run = Run("run");
        var options = new SlurmOptions
        {
            ShardCount = 4,
            HostPath = Host(),
            Partition = "short,long",
            Time = new TimeSpan(1, 2, 3, 4, 5),
            CpusPerTask = 8,
            Memory = (1L << 30) + 1,
            Arguments = ["--account=mine", "--comment=it's a \"#1\" test"],
        };
        SlurmJob job = Write(run, options);
        string folder = Path.Combine(run.Path, "slurm");
        Assert.Equal(
            (null, 4, Path.Combine(folder, "train.sh"), Path.Combine(folder, "%A_%a.log"), run.Path),
            (job.JobId, job.ShardCount, job.Script, job.LogPath, job.Path));
        Assert.Equal([1, 2, 3, 4], job.Shards);
        string text = File.ReadAllText(job.Script);
        Assert.Equal(
            $$"""
            #!/bin/bash
            #SBATCH --job-name=datamodels
            #SBATCH --array=1-4
            #SBATCH --output={{folder}}/%A_%a.log
            #SBATCH --requeue
            #SBATCH --open-mode=append
            #SBATCH --partition=short,long
            #SBATCH --time=1-02:03:05
            #SBATCH --cpus-per-task=8
            #SBATCH --mem=1025M
            #SBATCH --account=mine
            #SBATCH "--comment=it's a \"#1\" test"

            # The host itself gets the signals of Slurm, and its exit code is that of the task.
            exec dotnet '{{options.HostPath}}' train '{{run.Path}}' \
                --shard "$SLURM_ARRAY_TASK_ID/4" --threads "${SLURM_CPUS_PER_TASK:-0}"

            """.ReplaceLineEndings("\n"),
            text);
        byte[] before = File.ReadAllBytes(job.Script);
        Write(run, options);
        Assert.Equal(before, File.ReadAllBytes(job.Script));
    }

    [Fact]
    public void Only_shards_with_missing_models_are_submitted_and_none_of_a_whole_run()
    {
        SubsetTraining run = Run("run");
        foreach (int part in new[] { 2, 3, 6 })
        {
            SubsetTraining.Open(run.Path, new Shard(part, 6)).Train(
                new CpuEngine(), cancellation: TestContext.Current.CancellationToken);
        }

        SlurmJob job = Write(run, Options(6));
        Assert.Equal([1, 4, 5], job.Shards);
        Assert.Contains("#SBATCH --array=1,4-5\n", File.ReadAllText(job.Script), StringComparison.Ordinal);
        Assert.Equal([1, 2], Write(run, Options(2)).Shards);

        run.Train(new CpuEngine(), cancellation: TestContext.Current.CancellationToken);
        Assert.Null(SlurmSubmission.Submit(run, Options(6), submit: false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Paths_with_blanks_quotes_and_signs_of_Slurm_are_quoted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names");
        SubsetTraining run = Run("it's 100% \"#1\" $HOME");
        string text = File.ReadAllText(Write(run, Options(2)).Script);
        Assert.Contains(
            $@"#SBATCH ""--output={_folder.Path}/it's 100%% \""#1\"" $HOME/slurm/%A_%a.log""", text, StringComparison.Ordinal);
        Assert.Contains($"train '{_folder.Path}/it'\\''s 100% \"#1\" $HOME' \\\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_is_started_as_it_is()
    {
        string program = _folder.Write("datamodels", "");
        string text = File.ReadAllText(Write(Run("run"), Options(2) with { HostPath = program }).Script);
        Assert.Contains($"\nexec '{program}' train", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_task_could_do_is_refused_and_leaves_nothing()
    {
        SubsetTraining run = Run("run");
        Fails("SlurmOptionOutOfRange", "ShardCount of the job is 0", run, Options(0));
        Fails("SlurmOptionOutOfRange", "ShardCount of the job is 25; it must be at least 1 and at most 24", run, Options(25));
        Fails("SlurmOptionOutOfRange", "Time", run, Options(1) with { Time = TimeSpan.Zero });
        Fails("SlurmOptionOutOfRange", "at most 3650 days", run, Options(1) with { Time = TimeSpan.MaxValue });
        Fails("SlurmOptionOutOfRange", "CpusPerTask", run, Options(1) with { CpusPerTask = 0 });
        Fails("SlurmOptionOutOfRange", "Memory", run, Options(1) with { Memory = 0 });
        Fails("SlurmTextNotPlain", "--x\n", run, Options(1) with { Arguments = ["--x\n#SBATCH --y"] });
        Fails("HostNotFound", "nowhere.dll", run, Options(1) with { HostPath = _folder.File("nowhere.dll") });
        Fails("RunDataUnknown", "memory", Run("blobs", TestData.Blobs(20, 4)), Options(1));
        Fails(
            "ScriptNeedsPowerShell", "headless host", Run("script", learner: new ScriptLearner { Script = "1" }), Options(1));
        Assert.All(
            Directory.GetDirectories(_folder.Path), folder => Assert.False(Directory.Exists(Path.Combine(folder, "slurm"))));
    }

    [Fact]
    public void The_longest_time_and_a_task_for_each_model_are_taken()
    {
        SlurmJob job = Write(Run("run"), Options(24) with { Time = TimeSpan.FromDays(3650) });
        Assert.Equal(24, job.Shards.Count);
        Assert.Contains("#SBATCH --time=3650-00:00:00\n", File.ReadAllText(job.Script), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_once_cancellation_was_asked_for()
    {
        SubsetTraining run = Run("run");
        Assert.Throws<OperationCanceledException>(
            () => SlurmSubmission.Submit(run, Options(2), submit: false, new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(Path.Combine(run.Path, "slurm")));
    }

    private static SlurmJob Write(SubsetTraining run, SlurmOptions options)
    {
        SlurmJob? job = SlurmSubmission.Submit(run, options, submit: false, TestContext.Current.CancellationToken);
        Assert.NotNull(job);
        return job;
    }

    private static void Fails(string id, string named, SubsetTraining run, SlurmOptions options)
    {
        var exception = Assert.Throws<DatamodelException>(
            () => SlurmSubmission.Submit(run, options, submit: false, TestContext.Current.CancellationToken));
        Assert.Equal(id, exception.Id);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    private static string Host() => Path.Combine(AppContext.BaseDirectory, "Datamodels.Worker.dll");

    private static SlurmOptions Options(int shards) => new() { ShardCount = shards, HostPath = Host() };

    private SubsetTraining Run(string name, TrainingData? data = null, Learner? learner = null)
    {
        data ??= TrainingDataReader.Read(
            new DataSource { Path = [Repository.Digits], Scaling = FeatureScaling.UnitRange, TestSize = 20 },
            TestContext.Current.CancellationToken);
        return SubsetTraining.CreateOrOpen(
            _folder.File(name), data, learner ?? new NetworkLearner { Hidden = [4], Epochs = 1, PeakEpoch = 0.5 },
            new SubsetPlan(1, 0.5, 24), new CpuEngine().Name);
    }
}
