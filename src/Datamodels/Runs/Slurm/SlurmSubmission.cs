using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Datamodels.IO;
using Datamodels.Learners;

namespace Datamodels.Runs;

/// <summary>Trains runs on a cluster with the workload manager Slurm.</summary>
public static partial class SlurmSubmission
{
    private const string Program = "sbatch";
    private const string FolderName = "slurm";

    /// <summary>
    /// Writes a batch script into the run's folder, for an array job with a task for each shard that has models to train, and
    /// submits it. A task trains its shard by the headless host, <c>datamodels train</c>, and needs .NET and the folders of the
    /// run, its data and the host on the node. Tasks that died are made good by submitting again.
    /// </summary>
    /// <param name="training">The run.</param>
    /// <param name="options">What the cluster is asked for.</param>
    /// <param name="submit">Whether it is submitted, or only written.</param>
    /// <returns>The job; null where every model is trained already, and nothing is written or submitted.</returns>
    /// <exception cref="DatamodelException">
    /// The run cannot be trained without PowerShell or without its data, an option is out of range, there is no host or no
    /// sbatch, or sbatch failed; the script could not be written.
    /// </exception>
    public static SlurmJob? Submit(SubsetTraining training, SlurmOptions options, bool submit = true)
    {
        Validate(options);
        RequirePlain([training.Path, options.HostPath, options.Partition ?? "", .. options.Arguments]);
        RequireTrainable(training);
        EquatableList<int> shards = training.ShardsLeft(options.ShardCount);
        if (shards.Count == 0)
        {
            return null;
        }

        string? program = submit ? ProgramFinder.Find(Program, training.Path) : null;
        if (submit && program is null)
        {
            throw new DatamodelException(
                "SbatchNotFound", ErrorKind.NotFound,
                "There is no sbatch on PATH: this is no login node of a cluster with Slurm. Submit from one; or have the script "
                + "written only, with NoSubmit.");
        }

        string folder = Path.Combine(training.Path, FolderName);
        string script = Path.Combine(folder, "train.sh");

        // % begins what Slurm replaces.
        string logPath = Path.Combine(folder.Replace("%", "%%", StringComparison.Ordinal), "%A_%a.log");
        byte[] text = Encoding.UTF8.GetBytes(SlurmScript.Write(training.Path, logPath, shards, options));
        MakeFolder(folder);
        AtomicFile.Write(script, stream => stream.Write(text));
        return new SlurmJob
        {
            JobId = program is null ? null : Start(program, script, training.Path),
            ShardCount = options.ShardCount,
            Shards = shards,
            Script = script,
            LogPath = logPath,
            Path = training.Path,
        };
    }

    private static void Validate(SlurmOptions options)
    {
        Require(options.ShardCount >= 1, nameof(options.ShardCount), options.ShardCount, "at least 1");
        Require(options.Time is null || options.Time > TimeSpan.Zero, nameof(options.Time), options.Time, "above 0");
        Require(options.CpusPerTask is null or >= 1, nameof(options.CpusPerTask), options.CpusPerTask, "at least 1");
        Require(options.Memory is null or >= 1, nameof(options.Memory), options.Memory, "a number of bytes above 0");
        if (!File.Exists(options.HostPath))
        {
            throw new DatamodelException(
                "HostNotFound", ErrorKind.NotFound,
                $"There is no headless host '{options.HostPath}'; build it with build.sh, or say with HostPath where it is.");
        }

        static void Require<T>(bool valid, string name, T value, string expected)
        {
            if (!valid)
            {
                throw new DatamodelException(
                    "SlurmOptionOutOfRange", ErrorKind.InvalidArgument,
                    FormattableString.Invariant($"{name} of the job is {value}; it must be {expected}."));
            }
        }
    }

    // A line break would end a line of #SBATCH.
    private static void RequirePlain(IEnumerable<string> texts)
    {
        if (texts.FirstOrDefault(text => text.Any(char.IsControl)) is string text)
        {
            throw new DatamodelException(
                "SlurmTextNotPlain", ErrorKind.InvalidArgument,
                $"'{text}' has a line break or another control character in it, which no batch script takes; use a path or option "
                + "without.");
        }
    }

    // What a task would say hours later.
    private static void RequireTrainable(SubsetTraining training)
    {
        if (training.Spec.Learner is ImportedLearner)
        {
            throw ImportedLearner.NotTrainable();
        }

        if (training.Spec.Learner is ScriptLearner)
        {
            throw new DatamodelException(
                "ScriptNeedsPowerShell", ErrorKind.InvalidArgument,
                $"The models of the run in '{training.Path}' are trained by a PowerShell script, and the nodes of a cluster run the "
                + "headless host, which has no PowerShell. Make the learner a program, or train by Start-SubsetTraining.");
        }

        if (training.Spec.DataSource is null)
        {
            throw new DatamodelException(
                "RunDataUnknown", ErrorKind.NotFound,
                $"The run in '{training.Path}' is of data that was made in memory, which no other process can read again.");
        }
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "FolderNotMade", ErrorKind.InputOutput,
                $"The folder '{folder}' could not be made: {e.Message.TrimEnd('.')}. Check its permissions.", e);
        }
    }

    private static string Start(string program, string script, string folder)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, ["--parsable", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();

        // The number, and behind it the cluster where there are several.
        Match id = JobId().Match(output);
        return process.ExitCode == 0 && id.Success
            ? id.Groups[1].Value
            : throw new DatamodelException(
                "SbatchFailed", ErrorKind.InvalidArgument,
                $"sbatch did not take '{script}': exit code {process.ExitCode}, "
                + $"'{string.Join(' ', (errors.Result + output).Split('\n', StringSplitOptions.TrimEntries)).Trim()}'. "
                + "Change what the job asks for.");
    }

    [GeneratedRegex(@"^(\d+)(;.*)?$")]
    private static partial Regex JobId();
}
