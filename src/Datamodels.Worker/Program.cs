using System.Runtime.InteropServices;
using Datamodels;
using Datamodels.Experiments;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Worker;
using Spectre.Console;

// A first Ctrl+C or SIGTERM asks the work to stop; a second one ends the process as it would any other.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
if (!AnsiConsole.Profile.Out.IsTerminal)
{
    // A file or a pipe: no escape codes, and a width that does not depend on a terminal.
    AnsiConsole.Console = AnsiConsole.Create(
        new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
    AnsiConsole.Profile.Width = 110;
}

CommandLine? command = null;
try
{
    command = CommandLine.Parse(args);
    if (command.Answer is not null)
    {
        Console.WriteLine(command.Answer);
        return (int)ExitCode.Done;
    }

    var messages = new MessageLines(Console.Error);
    if (command.RunFolder is not null)
    {
        var run = SubsetTraining.Open(command.RunFolder, command.Shard);
        ITrainingEngine trainer = TrainingEngines.For(run.Spec.Learner, command.Threads, messages);
        TrainingReport report = ProgressDisplay.Run(progress => run.Train(trainer, progress, stop.Token));
        ResultReport.Write(run, report, AnsiConsole.Console);
        return (int)ExitCode.Done;
    }

    Experiment experiment = ExperimentFile.Read(command.ExperimentFile!, command.Output);
    experiment = experiment with { Fit = experiment.Fit with { Threads = command.Threads } };
    ITrainingEngine engine = TrainingEngines.For(experiment.Learner, command.Threads, messages);
    if (command.Shard is not null)
    {
        IReadOnlyList<SubsetTraining> runs = ProgressDisplay.Run(progress => ExperimentRunner.TrainShard(
            experiment, engine, command.Shard, progress, stop.Token));
        ResultReport.Write(runs, AnsiConsole.Console);
        return (int)ExitCode.Done;
    }

    ExperimentResult result = ProgressDisplay.Run(
        progress => ExperimentRunner.Run(experiment, engine, progress, stop.Token));
    ResultReport.Write(result, AnsiConsole.Console);
    foreach (string warning in result.Warnings())
    {
        Console.Error.WriteLine($"datamodels: warning: {warning}");
    }

    return (int)ExitCode.Done;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    string again = string.Join(' ', args.Select(argument => argument.Contains(' ') ? $"\"{argument}\"" : argument));
    Console.Error.WriteLine(
        "datamodels: stopped. The models trained on subsets so far are kept; "
        + $"'datamodels {again}' goes on from there.");
    return (int)ExitCode.Stopped;
}
catch (DatamodelException exception)
{
    Console.Error.WriteLine($"datamodels: {exception.Message}");
    return (int)(exception.Kind == ErrorKind.InputOutput ? ExitCode.InputOutput : ExitCode.BadInput);
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"datamodels: {exception.Message}");
    return (int)ExitCode.InputOutput;
}
catch (Exception exception)
{
    Console.Error.WriteLine(
        $"datamodels: an error in the program itself; please report it: {exception.GetType().Name}: {exception.Message}");
    return (int)ExitCode.Unexpected;
}
