using System.Globalization;
using System.Text;
using Datamodels.IO;

namespace Datamodels.Runs;

/// <summary>
/// The text of a batch script: what the cluster is asked for, in lines of <c>#SBATCH</c>, and the command of a task. Lines end in
/// LF, and the same job gives the same text.
/// </summary>
internal static class SlurmScript
{
    /// <summary>The script.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="logPath">Pattern of the logs, as <see cref="SlurmJob.LogPath"/>.</param>
    /// <param name="shards">The shards that are trained, ascending, from 1; at least one.</param>
    /// <param name="options">What is asked for.</param>
    public static string Write(string folder, string logPath, IReadOnlyList<int> shards, SlurmOptions options)
    {
        var text = new StringBuilder();
        text.Append("#!/bin/bash\n");
        Option("--job-name=datamodels");
        Option($"--array={AscendingRanges.Format(shards, ',')}");
        Option($"--output={logPath}");

        // A task that is started again goes on where it was.
        Option("--requeue");
        Option("--open-mode=append");
        if (options.Partition is string partition)
        {
            Option($"--partition={partition}");
        }

        if (options.Time is TimeSpan time)
        {
            Option($"--time={Format(time)}");
        }

        if (options.CpusPerTask is int cpus)
        {
            Option(FormattableString.Invariant($"--cpus-per-task={cpus}"));
        }

        if (options.Memory is long memory)
        {
            const long Mebi = 1 << 20;
            Option(FormattableString.Invariant($"--mem={((memory - 1) / Mebi) + 1}M"));
        }

        foreach (string argument in options.Arguments)
        {
            Option(argument);
        }

        string dotnet = options.HostPath.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? "dotnet " : "";
        text.Append("\n# The host itself gets the signals of Slurm, and its exit code is that of the task.\n");
        text.Append(CultureInfo.InvariantCulture, $"exec {dotnet}{Quote(options.HostPath)} train {Quote(folder)} \\\n");
        text.Append(CultureInfo.InvariantCulture, $"    --shard \"$SLURM_ARRAY_TASK_ID/{options.ShardCount}\" ");
        text.Append("--threads \"${SLURM_CPUS_PER_TASK:-0}\"\n");
        return text.ToString();

        void Option(string option) => text.Append("#SBATCH ").Append(QuoteOption(option)).Append('\n');
    }

    // Days, hours, minutes and seconds.
    private static string Format(TimeSpan time)
    {
        var seconds = TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{seconds.Days}-{seconds:hh\\:mm\\:ss}");
    }

    // In a line of #SBATCH, blanks end an option and # begins a comment, but not in double quotes; a backslash takes the meaning
    // of a quote or another backslash behind it, there as well, but not of a blank.
    private static string QuoteOption(string option) => option.AsSpan().IndexOfAny(" \t#'\"\\") < 0
        ? option
        : $"\"{option.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // For the shell: nothing in single quotes means anything but a single quote.
    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
