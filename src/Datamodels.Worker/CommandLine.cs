using System.Globalization;
using Datamodels.Runs;

namespace Datamodels.Worker;

/// <summary>What the user asked for.</summary>
/// <param name="ExperimentFile">The experiment to run; null for something else.</param>
/// <param name="Output">Folder for the results instead of the file's own.</param>
/// <param name="Threads">Models trained, and targets fitted, at once; 0 takes every core.</param>
/// <param name="Shard">Train only this part of the run, or of each run of the experiment; null does all.</param>
/// <param name="RunFolder">The run to train; null for something else.</param>
/// <param name="Answer">Help or version, to be printed.</param>
internal sealed record CommandLine(
    string? ExperimentFile = null, string? Output = null, int Threads = 0, Shard? Shard = null, string? RunFolder = null,
    string? Answer = null)
{
    private const string Help = """
        Which training examples drive a model's predictions.

        usage: datamodels run EXPERIMENT.YAML [--output DIR] [--threads N] [--shard K/N]
               datamodels train RUN [--threads N] [--shard K/N]
               datamodels --help | --version

        run     trains models on random subsets, fits the datamodels, lists influencers, verifies brittle sets by
                retraining and scores it all on held-out subsets, as the experiment file says
        train   trains what the run in the folder RUN lacks, which Start-SubsetTraining has made: its run.yaml says
                with which data, learner and subsets

        Stopped at any time, the same command goes on where it was. Several machines that share the folder of the
        output, or of the run, share the training.

          --output DIR   write there instead of the folder named in the file
          --threads N    use N threads; 0, the default, uses every core. Never changes a result
          --shard K/N    only train part K of N of the models, such as 3/100 for a job of an array; run without it
                         afterwards to do what is left and the rest

        exit codes
            0  done
            1  an error in the program itself
            2  wrong arguments, experiment file, run, data, or a run of another experiment in the output folder; or
               the learner's program failed
            3  a file could not be read or written (permission, disk full)
          130  stopped by Ctrl+C or SIGTERM; the run can be resumed
        """;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="DatamodelException">They make no sense; the message says which and why.</exception>
    public static CommandLine Parse(string[] arguments)
    {
        if (arguments.Any(argument => argument is "--help" or "-h"))
        {
            return new CommandLine(Answer: Help);
        }

        if (arguments is ["--version"])
        {
            return new CommandLine(Answer: $"datamodels {typeof(CommandLine).Assembly.GetName().Version!.ToString(3)}");
        }

        if (arguments is not [("run" or "train") and { } name, ..])
        {
            throw Wrong(arguments.Length == 0
                ? "no command was given."
                : $"'{arguments[0]}' is not a command; they are 'run' and 'train'.");
        }

        bool trains = name == "train";
        string kind = trains ? "folder of a run" : "experiment file";
        var command = new CommandLine();
        for (int i = 1; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            command = argument switch
            {
                "--output" when !trains => command with { Output = Value() },
                "--shard" => command with { Shard = ShardOf(Value()) },
                "--threads" => command with { Threads = ThreadCount(Value()) },
                ['-', ..] => throw Wrong(
                    $"'{argument}' is not an option of '{name}'; it has {(trains ? "" : "--output, ")}--threads and --shard."),
                _ when (command.ExperimentFile ?? command.RunFolder) is string other => throw Wrong(
                    $"'{name}' takes one {kind}; found '{other}' and '{argument}'."),
                _ when trains => command with { RunFolder = argument },
                _ => command with { ExperimentFile = argument },
            };

            string Value() => ++i < arguments.Length && arguments[i].Length > 0
                ? arguments[i]
                : throw Wrong($"{argument} needs a value after it.");
        }

        return (command.ExperimentFile ?? command.RunFolder) is null
            ? throw Wrong($"'{name}' needs the path of one {kind}.")
            : command;
    }

    private static int ThreadCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads <= 1024
            ? threads
            : throw Wrong($"--threads is '{text}'; expected a whole number from 0 to 1024.");

    private static Shard ShardOf(string text)
    {
        try
        {
            return Shard.Parse(text);
        }
        catch (DatamodelException e)
        {
            throw Wrong(e.Message);
        }
    }

    private static DatamodelException Wrong(string what) =>
        new("CommandLine", ErrorKind.InvalidArgument, $"{what} 'datamodels --help' shows the usage.");
}
