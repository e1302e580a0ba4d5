using System.Diagnostics;
using System.Text.Json.Nodes;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Worker;

/// <summary>The host as a user starts it: a process of its own.</summary>
public sealed class HostProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_experiment_ends_with_tables_a_summary_and_code_0()
    {
        string file = WriteExperiment(models: 200, epochs: 2);
        (int code, string output, string errors) =
            Finish(Start("run", file, "--output", _folder.File("elsewhere"), "--threads", "2"));
        Assert.Equal((0, ""), (code, errors));
        Assert.All(
            ["Training: 200 of 200", "Influencers", "Brittleness in all", "held-out subsets", "summary.json"],
            part => Assert.Contains(part, output, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', output);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(_folder.File("elsewhere/summary.json")))!;
        Assert.Equal(200, (int)summary["models"]!);
        Assert.Equal(2, (int)summary["threads"]!);
    }

    [Fact]
    public void Shards_train_their_models_and_no_more_and_the_run_without_them_does_the_rest()
    {
        string file = WriteExperiment(models: 200, epochs: 2);
        foreach (string shard in new[] { "1/2", "2/2" })
        {
            (int code, string output, string errors) = Finish(Start("run", file, "--shard", shard));
            Assert.Equal((0, ""), (code, errors));
            Assert.All(
                [$"shard {shard}", "100 of 100", "5 of 5"], part => Assert.Contains(part, output, StringComparison.Ordinal));
            Assert.Equal(["run"], Directory.GetFileSystemEntries(_folder.File("out")).Select(path => Path.GetFileName(path)));
        }

        (int last, _, _) = Finish(Start("run", file));
        Assert.Equal(0, last);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(_folder.File("out/summary.json")))!;
        Assert.Equal((200, 0), ((int)summary["models"]!, (int)summary["models_trained"]!));
    }

    [Fact]
    public void A_run_is_trained_from_its_folder_alone_to_the_bytes_of_any_other_way()
    {
        SubsetTraining run = MakeRun("run");
        MakeRun("other").Train(new CpuEngine(), cancellation: TestContext.Current.CancellationToken);
        foreach ((string shard, string total) in new[] { ("1/2", "20 of 40"), ("2/2", "40 of 40") })
        {
            (int code, string output, string errors) = Finish(Start("train", run.Path, "--shard", shard, "--threads", "1"));
            Assert.Equal((0, ""), (code, errors));
            Assert.All(
                [$"shard {shard}", "20 of 20", total], part => Assert.Contains(part, output, StringComparison.Ordinal));
        }

        (int last, string said, _) = Finish(Start("train", run.Path));
        Assert.Equal(0, last);
        Assert.Contains("40 of 40", said, StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(_folder.File("other"), "*.npy"))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(run.Path, Path.GetFileName(file))));
        }

        AssertError(2, "There is no folder", "train", _folder.File("nowhere"));
        SubsetTraining changed = MakeRun("changed");
        string spec = Path.Combine(changed.Path, "run.yaml");
        File.WriteAllText(spec, File.ReadAllText(spec).Replace("testSize: 20", "testSize: 21", StringComparison.Ordinal));
        AssertError(2, "not the data of the run", "train", changed.Path);
    }

    [Fact]
    public void Stopped_by_a_signal_it_ends_at_once_with_code_130_and_goes_on_later()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        string file = WriteExperiment(models: 1500, epochs: 20);
        foreach (string signal in new[] { "-INT", "-TERM" })
        {
            Process process = Start("run", file, "--threads", "1");
            string? line;
            do
            {
                line = process.StandardOutput.ReadLine();
            }
            while (line is not null && !line.StartsWith("Training", StringComparison.Ordinal));
            Thread.Sleep(200); // one thread has made some models by then, but not all
            long start = Stopwatch.GetTimestamp();
            Process.Start("kill", [signal, $"{process.Id}"]).WaitForExit();
            (int code, _, string errors) = Finish(process);
            Assert.Equal(130, code);
            Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 5); // under one where nothing else runs
            Assert.Contains($"'datamodels run {file} --threads 1' goes on", errors, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder.File("out/summary.json")));
        }

        (int last, _, _) = Finish(Start("run", file));
        Assert.Equal(0, last);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(_folder.File("out/summary.json")))!;
        Assert.Equal(1500, (int)summary["models"]!);
        Assert.InRange((int)summary["models_trained"]!, 1, 1499);
    }

    [Fact]
    public void Errors_are_one_line_on_standard_error_and_code_2()
    {
        AssertError(2, "'datamodels --help'", "walk");
        AssertError(2, "none.yaml", "run", _folder.File("none.yaml"));
        AssertError(2, "line 1, column 1", "run", _folder.Write("wrong.yaml", "dat: {}"));
        AssertError(2, "none.csv", "run", _folder.Write("nodata.yaml", """
            data: { path: none.csv }
            learner: {}
            subsets: { alpha: 0.5, count: 10 }
            output: out
            """));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_code_3()
    {
        string file = WriteExperiment(models: 20, epochs: 1);
        AssertError(3, "blocked", "run", file, "--output", Path.Combine(_folder.Write("blocked", "a file, not a folder"), "out"));
    }

    private SubsetTraining MakeRun(string name)
    {
        var source = new DataSource { Path = [Repository.Digits], Scaling = FeatureScaling.UnitRange, TestSize = 20 };
        return SubsetTraining.CreateOrOpen(
            _folder.File(name), TrainingDataReader.Read(source, TestContext.Current.CancellationToken),
            new NetworkLearner { Hidden = [4], Epochs = 1, PeakEpoch = 0.5 }, new SubsetPlan(1, 0.5, 40), new CpuEngine().Name);
    }

    private void AssertError(int code, string named, params string[] arguments)
    {
        (int actual, string output, string errors) = Finish(Start(arguments));
        Assert.Equal((code, ""), (actual, output));
        Assert.StartsWith("datamodels: ", errors, StringComparison.Ordinal);
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.Equal(1, errors.Count(character => character == '\n'));
    }

    private string WriteExperiment(int models, int epochs) => _folder.Write("experiment.yaml", $$"""
        data: { path: '{{Repository.Digits}}', scaling: UnitRange, testSize: 20, imageShape: 8x8 }
        learner: { hidden: [8], epochs: {{epochs}}, peakEpoch: 1 }
        subsets: { alpha: 0.5, count: {{models}} }
        fit: { lambdaCount: 10, epsilon: 0.1 }
        brittle: { targets: 4, retrainings: 2, sizeFactors: [1, 1.2] }
        heldOut: [{ alpha: 0.5, subsets: 5, retrainings: 2 }]
        output: out
        """);

    private static Process Start(params string[] arguments)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string host = Path.Combine(AppContext.BaseDirectory, "Datamodels.Worker.dll");
        return Process.Start(new ProcessStartInfo(dotnet, [host, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private static (int ExitCode, string Output, string Errors) Finish(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.Result, errors);
        }
    }
}
