using System.ComponentModel;
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

    // No cluster lets a task run for longer.
    private static readonly TimeSpan s_longestTime = TimeSpan.FromDays(3650);

    /// <summary>
    /// Writes a batch script into the run's folder, for an array job with a task for each shard that has models to train, and
    /// submits it. A task trains its shard by the headless host, <c>datamodels train</c>, and needs .NET and the folders of the
    /// run, its data and the host on the node. Tasks that died are made good by submitting again.
    /// </summary>
    /// <param name="training">The run.</param>
    /// <param name="options">What the cluster is asked for.</param>
    /// <param name="submit">Whether it is submitted, or only written.</param>
    /// <param name="cancellation">Ends sbatch; the job may have been taken by then.</param>
    /// <returns>The job; null where every model is trained already, and nothing is written or submitted.</returns>
    /// <exception cref="DatamodelException">
    /// The run cannot be trained without PowerShell or without its data, an option is out of range, there is no host or no
    /// sbatch, or sbatch failed or did not give the job's number; the script could not be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static SlurmJob? Submit(
        SubsetTraining training, SlurmOptions options, bool submit = true, CancellationToken cancellation = default)
    {
        Validate(options, training.ModelCount);
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
        cancellation.ThrowIfCancellationRequested();
        byte[] text = Encoding.UTF8.GetBytes(SlurmScript.Write(training.Path, logPath, shards, options));
        MakeFolder(folder);
        AtomicFile.Write(script, stream => stream.Write(text));
        return new SlurmJob
        {
            JobId = program is null ? null : Submit(program, script, training.Path, cancellation),
            ShardCount = options.ShardCount,
            Shards = shards,
            Script = script,
            LogPath = logPath,
            Path = training.Path,
        };
    }

    private static void Validate(SlurmOptions options, int modelCount)
    {
        Require(
            options.ShardCount >= 1 && options.ShardCount <= modelCount, nameof(options.ShardCount), options.ShardCount,
            FormattableString.Invariant($"at least 1 and at most {modelCount}, the number of models of the run"));
        Require(
            options.Time is null || (options.Time > TimeSpan.Zero && options.Time <= s_longestTime), nameof(options.Time),
            options.Time, FormattableString.Invariant($"above 0 and at most {s_longestTime.Days} days"));
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
                $"'{text}' has a line break or another control character in it, which no batch script takes; use a path or "
                + "option without.");
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
                $"The models of the run in '{training.Path}' are trained by a PowerShell script, and the nodes of a cluster run "
                + "the headless host, which has no PowerShell. Make the learner a program, or train by Start-SubsetTraining.");
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

    private static string Submit(string program, string script, string folder, CancellationToken cancellation)
    {
        using Process process = Start(program, script, folder);
        (string output, string errors) = Wait(process, cancellation);

        // The number, and behind it the cluster where there are several; a site may greet first.
        Match? id = output.Split('\n', StringSplitOptions.TrimEntries).Select(line => JobId().Match(line))
            .LastOrDefault(match => match.Success);
        string said = string.Join(' ', (errors + output).Split('\n', StringSplitOptions.TrimEntries)).Trim();
        return process.ExitCode != 0
            ? throw new DatamodelException(
                "SbatchFailed", ErrorKind.InvalidArgument,
                $"sbatch did not take '{script}': exit code {process.ExitCode}, '{said}'. Change what the job asks for.")
            : id?.Groups[1].Value ?? throw new DatamodelException(
                "JobIdUnknown", ErrorKind.InvalidData,
                $"sbatch took '{script}', exit code 0, but gave no number of the job: '{said}'. Look for the job with squeue "
                + "before submitting again, which would queue it twice.");
    }

    private static Process Start(string program, string script, string folder)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, ["--parsable", script])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new DatamodelException(
                "SbatchNotStarted", ErrorKind.InputOutput,
                $"'{program}' cannot be started: {e.Message.TrimEnd('.')}. Make sure that the first sbatch on PATH is that of "
                + "Slurm and runs by itself.", e);
        }
    }

    private static (string Output, string Errors) Wait(Process process, CancellationToken cancellation)
    {
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            Task.WhenAll(output, errors, process.WaitForExitAsync(cancellation)).WaitAsync(cancellation).GetAwaiter().GetResult();
            return (output.Result, errors.Result);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            throw;
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }

    [GeneratedRegex(@"^(\d+)(;.*)?$")]
    private static partial Regex JobId();
}
