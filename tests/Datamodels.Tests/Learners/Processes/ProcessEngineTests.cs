using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Learners;

/// <summary>A learner's program (LearnerProgram of the test host) that does right, or one thing wrong.</summary>
public sealed class ProcessEngineTests : IDisposable
{
    private static readonly TrainingData s_data = TestData.Blobs(40, 7, 5, 3);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> WrongAnswers => new()
    {
        { "chatty", "on model 0: it is not JSON; * write everything else to standard error. The line is: Loading the data *" },
        { "not-an-object", "it is not a JSON object. The line is: [1, 2]" },
        { "other-model", "on model 0: it answers model 100. The line is: {\"model\":100,*" },
        { "second-time", "on model 1: it answers model 0 a second time." },
        { "no-model", "it has no 'model'." },
        { "no-logits", "it has neither 'logits' nor 'outputs'. The line is: {\"model\":0}" },
        { "few-rows", "its 'logits' have 6 rows; expected 7, one for each target." },
        { "many-rows", "its 'logits' have more than 7 rows; expected one for each target." },
        { "few-classes", "its 'logits[0]' has 2 numbers; expected 3, one for each class." },
        { "few-outputs", "its 'outputs' has 6 numbers; expected 7, one for each target." },
        { "nan", "it holds NaN or Infinity; every number must be finite" },
        { "null", "its outputs[0] is not a number." },
        { "too-large", "its outputs[0] is 1e300, which is too large for a float32." },
        { "other-key", "it has 'logit'; expected 'model', and either 'logits' or 'outputs', each of them once." },
        { "endless", "it is too long for an answer. The line is: 1111" },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_gets_seed_subset_labels_and_files_and_its_logits_are_turned_into_what_is_asked_for()
    {
        TrainingTask[] tasks = Tasks(5);
        int[] examples = tasks[2].Mask.ToExamples();
        tasks[2] = tasks[2] with { LabelOverrides = [new(examples[0], 2), new(examples[3], 0)] };
        foreach (Observation observation in new Observation[]
        {
            new(),
            new() { Output = OutputKind.Logits },
            new() { Output = OutputKind.Loss, Targets = new TargetSelection { Set = TargetSet.Train, Examples = [9, 3, 4] } },
            new() { Output = OutputKind.Correctness, Targets = new TargetSelection { Set = TargetSet.Train } },
        })
        {
            Dictionary<int, float[]> outputs = Outputs(new ProcessEngine(2), Learner("well"), tasks, observation);
            Assert.Equal(5, outputs.Count);
            foreach (TrainingTask task in tasks)
            {
                Assert.Equal(Expected(task, observation), outputs[task.Id]);
            }
        }

        Assert.NotEqual(Expected(tasks[2], new()), Expected(tasks[2] with { LabelOverrides = [] }, new()));
    }

    [Fact]
    public void Outputs_are_taken_as_they_are()
    {
        TrainingTask[] tasks = Tasks(3);
        Dictionary<int, float[]> outputs = Outputs(new ProcessEngine(1), Learner("outputs"), tasks);
        foreach (TrainingTask task in tasks)
        {
            float[] logits = Expected(task, new() { Output = OutputKind.Logits });
            Assert.Equal(logits.Where((_, i) => i % 3 == 0), outputs[task.Id]);
        }

        AssertFails(
            "LearnerAnswerWrong", "it has 'outputs', but 'logits' are asked for", Learner("outputs"),
            new() { Output = OutputKind.Logits });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_more_processes_run_than_asked_for_and_each_trains_many_models(int processes)
    {
        Assert.Equal(20, Outputs(new ProcessEngine(processes), Learner("slow"), Tasks(20)).Count);
        Assert.Equal(processes, ProcessesStarted().Length);
        AssertGone();
    }

    [Fact]
    public void A_program_that_dies_is_started_again_and_the_run_is_that_of_one_that_does_not()
    {
        string undisturbed = Train("well");
        var messages = new Messages();
        string disturbed = Train("dies-now-and-then", messages);
        foreach (string file in new[] { "completed.npy", "margins.npy", "subsets.npy" })
        {
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(undisturbed, file)), File.ReadAllBytes(Path.Combine(disturbed, file)));
        }

        EngineMessage[] warnings = [.. messages.Where(message => message.Kind == MessageKind.Warning)];
        Assert.Equal(4, warnings.Length);
        Assert.Contains(warnings, warning => Like(
            warning.Text, "* is started again for model 3: it ended with exit code 9; the last it wrote to standard error:*"
            + "out of luck on model 3"));
        Assert.Contains(messages, message => message.Kind == MessageKind.Information
            && Like(message.Text, "dotnet* out of luck on model 13"));

        string Train(string behaviour, Messages? messages = null)
        {
            var engine = new ProcessEngine(2, messages);
            SubsetTraining training = SubsetTraining.CreateOrOpen(
                _folder.File(behaviour), s_data, Learner(behaviour), new SubsetPlan(3, 0.5, 20), engine.Name);
            Assert.Equal(20, training.Train(engine, null, Stop).Trained);
            return training.Path;
        }
    }

    [Fact]
    public void A_run_goes_on_from_another_folder_but_not_with_another_command()
    {
        var plan = new SubsetPlan(3, 0.5, 4);
        string path = _folder.File("run");
        ProcessLearner learner = Learner("well") with { WorkingDirectory = _folder.File("gone") };
        SubsetTraining.CreateOrOpen(path, s_data, learner, plan, "process-1");
        SubsetTraining lost = SubsetTraining.CreateOrOpen(path, s_data, learner, plan, "process-1");
        Assert.Equal(
            "WorkingDirectoryNotFound",
            Assert.Throws<DatamodelException>(() => lost.Train(new ProcessEngine(1), null, Stop)).Id);
        SubsetTraining moved = SubsetTraining.CreateOrOpen(path, s_data, Learner("well"), plan, "process-1");
        Assert.Equal(4, moved.Train(new ProcessEngine(1), null, Stop).Trained);

        DatamodelException error = Assert.Throws<DatamodelException>(
            () => SubsetTraining.CreateOrOpen(path, s_data, Learner("slow"), plan, "process-1"));
        Assert.Equal("RunSpecDiffers", error.Id);
        Assert.Contains("the learner's Arguments is", error.Message);
        error = Assert.Throws<DatamodelException>(
            () => SubsetTraining.CreateOrOpen(path, s_data, new NetworkLearner(), plan, "process-1"));
        Assert.Contains("the learner's kind is", error.Message);
    }

    [Fact]
    public void A_program_that_ends_after_each_model_serves_too()
    {
        TrainingTask[] tasks = Tasks(6);
        Dictionary<int, float[]> outputs = Outputs(new ProcessEngine(1), Learner("once"), tasks);
        Assert.All(tasks, task => Assert.Equal(Expected(task, new()), outputs[task.Id]));
    }

    [Fact]
    public void A_program_that_always_dies_ends_the_training_and_what_it_said_last_is_told()
    {
        DatamodelException error = AssertFails(
            "LearnerProcessDied",
            "The program '*learn dies *' did not train model 0, 3 times in a row: it ended with exit code 7; "
            + "the last it wrote to standard error:*line 21*line 30", Learner("dies"));
        Assert.DoesNotContain("line 20", error.Message);
        Assert.Equal(3, ProcessesStarted().Length);
    }

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public void A_wrong_answer_is_refused_with_the_reason_and_the_line(string behaviour, string message)
    {
        AssertFails("LearnerAnswerWrong", $"The program '*' gave a wrong answer *{message}*", Learner(behaviour));
        Assert.Single(ProcessesStarted());
        AssertGone();
    }

    [Fact]
    public void An_answer_too_many_at_the_end_is_wrong_too() => Assert.Contains(
        "gave a wrong answer of no model: it was asked for none any more.",
        AssertThrows(Learner("second-time"), new(), Tasks(1)).Message);

    [Fact]
    public void A_flood_on_standard_error_stops_nobody_and_is_passed_on()
    {
        var messages = new Messages();
        TrainingTask[] tasks = Tasks(3);
        Dictionary<int, float[]> outputs = Outputs(new ProcessEngine(1, messages), Learner("floods"), tasks);
        Assert.All(tasks, task => Assert.Equal(Expected(task, new()), outputs[task.Id]));

        // The line of three millions comes in pieces, the last of them with the first dots of the next model.
        string[] lines = [.. messages.Where(message => message.Kind == MessageKind.Information).Select(message => message.Text)];
        Assert.Equal(3 * (2000 + 1500), lines.Length);
        Assert.All(lines, line => Assert.True(line.Length < 2100));
    }

    [Fact]
    public void Long_tasks_and_long_answers_pass()
    {
        // Both are many times what a pipe holds.
        TrainingData data = TestData.Blobs(60_000, 30_000, 2, 3);
        var task = new TrainingTask(5, Mask.Full(60_000), 8);
        var engine = new ProcessEngine(1);
        float[] margins = Assert.Single(engine.Train(data, Learner("well"), new(), [task], Stop)).Values;
        Assert.Equal(Expected(data, task, new()), margins);
    }

    [Fact]
    public void An_exit_code_at_the_end_is_told()
    {
        var messages = new Messages();
        Assert.Equal(2, Outputs(new ProcessEngine(1, messages), Learner("ends-badly"), Tasks(2)).Count);
        Assert.Contains(messages, message => message.Kind == MessageKind.Warning
            && Like(message.Text, "*[0] trained its models, but ended with exit code 4."));
    }

    [Fact]
    public void A_program_that_does_not_end_is_killed_after_five_seconds()
    {
        var messages = new Messages();
        using IEnumerator<TrainingOutput> outputs =
            new ProcessEngine(1, messages).Train(s_data, Learner("lingers"), new(), Tasks(2), Stop).GetEnumerator();
        Assert.True(outputs.MoveNext());
        Assert.True(outputs.MoveNext());
        var waited = Stopwatch.StartNew();
        Assert.False(outputs.MoveNext());
        Assert.InRange(waited.Elapsed.TotalSeconds, 4, 8);
        Assert.Contains(messages, message => message.Kind == MessageKind.Warning
            && Like(message.Text, "*[0] trained its models, but did not end when its standard input did, and is killed."));
    }

    [Fact]
    public void A_program_that_closes_its_output_and_goes_on_is_taken_for_dead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sh");
        var learner = new ProcessLearner { Command = "sh", Arguments = ["-c", "exec 1>&-; sleep 987654"] };
        AssertFails("LearnerProcessDied", "*it closed its standard input or output without ending*", learner);
    }

    [Theory]
    [InlineData("deaf", 1)]
    [InlineData("mute", 1)]
    [InlineData("parent", 2)]
    public async Task Cancellation_ends_every_process_soon(string behaviour, int processesEach)
    {
        // A task longer than a pipe holds, so that nobody can leave it there.
        TrainingData data = TestData.Blobs(60_000, 5, 2, 3);
        using var cancel = new CancellationTokenSource();
        Task training = Task.Run(
            () => new ProcessEngine(2).Train(
                data, Learner(behaviour), new(), [new(0, Mask.Full(60_000), 1), new(1, Mask.Full(60_000), 2)], cancel.Token)
                .Count(), Stop);
        var waited = Stopwatch.StartNew();
        while (ProcessesStarted().Length < 2 * processesEach && waited.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(20, Stop);
        }

        Assert.Equal(2 * processesEach, ProcessesStarted().Length);
        Assert.False(training.IsCompleted);
        var stopping = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);

        // A second is what is meant; the rest is for a machine that does much else, as when many suites run at once.
        Assert.True(stopping.Elapsed < TimeSpan.FromSeconds(4), $"It took {stopping.Elapsed}.");
        AssertGone();
    }

    [Fact]
    public void Abandoning_the_outputs_ends_every_process()
    {
        _ = new ProcessEngine(2).Train(s_data, Learner("slow"), new(), Tasks(1000), Stop).First();
        AssertGone();
    }

    [Fact]
    public void The_files_for_the_program_are_gone_afterwards()
    {
        string[] Folders() => Directory.GetDirectories(Path.GetTempPath(), "datamodels-*")
            .Where(folder => File.Exists(Path.Combine(folder, "targets-labels.npy"))).ToArray();
        using IEnumerator<TrainingOutput> outputs =
            new ProcessEngine(1).Train(s_data, Learner("slow"), new(), Tasks(50), Stop).GetEnumerator();
        string[] before = Folders();
        Assert.True(outputs.MoveNext());
        string made = Assert.Single(Folders().Except(before));
        outputs.Dispose();
        Assert.False(Directory.Exists(made));
    }

    [Fact]
    public void A_program_or_a_folder_that_is_not_there_is_an_error_at_the_start()
    {
        var learner = new ProcessLearner { Command = "no-such-program-9" };
        DatamodelException error = Assert.Throws<DatamodelException>(() => TrainingEngines.For(learner));
        Assert.Equal(("ProgramNotFound", ErrorKind.NotFound), (error.Id, error.Kind));
        Assert.Contains("'no-such-program-9'", error.Message);

        learner = learner with { Command = "./train" };
        Assert.Equal("ProgramNotFound", Assert.Throws<DatamodelException>(() => TrainingEngines.For(learner)).Id);

        learner = Learner("well") with { WorkingDirectory = _folder.File("missing") };
        error = Assert.Throws<DatamodelException>(() => new ProcessEngine().Train(s_data, learner, new(), [], Stop));
        Assert.Equal("WorkingDirectoryNotFound", error.Id);
        Assert.Contains(_folder.File("missing"), error.Message);
    }

    [Fact]
    public void A_relative_command_starts_from_the_working_directory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "writes a shell script");
        string script = _folder.Write("train", $"#!/bin/sh\nexec '{DotNet}' '{Host}' learn well \"$1\"\n");
        AllowExecution(script);
        var learner = new ProcessLearner
        {
            Command = "./train", Arguments = [_folder.Path], WorkingDirectory = _folder.Path,
        };
        Assert.Equal(2, Outputs(new ProcessEngine(1), learner, Tasks(2)).Count);
    }

    [Fact]
    public void A_file_that_is_no_program_is_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the execute permission of Unix");
        string file = _folder.Write("nonsense", "\u0001\u0002");
        foreach (string command in (string[])[file, "nonsense"])
        {
            DatamodelException refused = Assert.Throws<DatamodelException>(
                () => TrainingEngines.For(new ProcessLearner { Command = command, WorkingDirectory = _folder.Path }));
            Assert.Equal("ProgramNotFound", refused.Id);
            Assert.Contains($"'{file}' is not a program", refused.Message);
            Assert.Contains("such as python3", refused.Message);
        }

        AllowExecution(file);
        DatamodelException error = AssertThrows(new ProcessLearner { Command = file }, new(), Tasks(1));
        Assert.Equal("ProgramNotStarted", error.Id);
        Assert.Contains(file, error.Message);
    }

    [Fact]
    public void A_seed_is_short_enough_for_every_language()
    {
        Assert.Equal(5, new TrainingTask(0, Mask.Full(1), 5).ShortSeed);
        Assert.Equal(int.MaxValue, new TrainingTask(0, Mask.Full(1), 0xFFFF_FFFF_0000_0000).ShortSeed);
        Assert.Equal(0x0B0B_0B0B, new TrainingTask(0, Mask.Full(1), 0x0102_0304_8A09_080F).ShortSeed);
    }

    private static string Host => Path.Combine(AppContext.BaseDirectory, "Datamodels.TestHost.dll");

    /// <summary>Whether a text is as a pattern says, in which * is any text.</summary>
    private static bool Like(string text, string pattern) => Regex.IsMatch(
        text, $"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}$", RegexOptions.Singleline);

    private static void AllowExecution(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static TrainingTask[] Tasks(int count) =>
        [.. Enumerable.Range(0, count).Select(id => new TrainingTask(
            id, new SubsetPlan(4, 0.5, 100).MaskOf(id, 40), new SubsetPlan(4, 0.5, 100).TrainingSeedOf(id)))];

    private static float[] Expected(TrainingTask task, Observation observation) => Expected(s_data, task, observation);

    /// <summary>What the program's formula gives, from the data as it is here.</summary>
    private static float[] Expected(TrainingData data, TrainingTask task, Observation observation)
    {
        int[] labels = data.Train.Labels.ToArray();
        foreach (LabelOverride replaced in task.LabelOverrides)
        {
            labels[replaced.Example] = replaced.Label;
        }

        float[] shares = new float[data.ClassCount];
        foreach (int example in task.Mask.ToExamples())
        {
            shares[labels[example]] += 1f / task.Mask.Count;
        }

        ExampleSet targets = observation.Targets.Of(data);
        float[] logits = new float[targets.Count * data.ClassCount];
        for (int i = 0; i < logits.Length; i++)
        {
            (int target, int c) = Math.DivRem(i, data.ClassCount);
            float sum = targets.Row(target).ToArray().Sum();
            logits[i] = (task.ShortSeed % 1000 / 1000f) + shares[c] + (sum * (c % 2));
        }

        return ModelOutput.Of(observation.Output, logits, targets.Labels);
    }

    private static Dictionary<int, float[]> Outputs(
        ProcessEngine engine, ProcessLearner learner, TrainingTask[] tasks, Observation? observation = null) =>
        engine.Train(s_data, learner, observation ?? new(), tasks, Stop)
            .ToDictionary(output => output.TaskId, output => output.Values);

    private ProcessLearner Learner(string behaviour) => new()
    {
        Command = DotNet, Arguments = [Host, "learn", behaviour, _folder.Path], WorkingDirectory = _folder.Path,
    };

    private static DatamodelException AssertThrows(ProcessLearner learner, Observation observation, TrainingTask[] tasks) =>
        Assert.Throws<DatamodelException>(() => new ProcessEngine(1).Train(s_data, learner, observation, tasks, Stop).Count());

    private static DatamodelException AssertFails(
        string id, string pattern, ProcessLearner learner, Observation? observation = null)
    {
        DatamodelException error = AssertThrows(learner, observation ?? new(), Tasks(3));
        Assert.Equal((id, ErrorKind.LearnerFailed), (error.Id, error.Kind));
        Assert.True(Like(error.Message, $"*{pattern}*"), $"'{error.Message}' is not like '{pattern}'.");
        return error;
    }

    private int[] ProcessesStarted() => [.. Directory.GetFiles(_folder.Path, "*.process")
        .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture))];

    /// <summary>None of the processes that were started is left, but for what the system has not buried yet.</summary>
    private void AssertGone() => Assert.DoesNotContain(ProcessesStarted(), IsRunning);

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !OperatingSystem.IsLinux() || !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            return false;
        }
    }

    private sealed class Messages : ConcurrentQueue<EngineMessage>, IProgress<EngineMessage>
    {
        public void Report(EngineMessage value) => Enqueue(value);
    }
}
