using System.Management.Automation;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Trains a run on a cluster with Slurm: submits an array job with a task for each shard that has models to train. A node needs
/// .NET and no PowerShell.
/// </summary>
[Cmdlet(VerbsLifecycle.Submit, "SubsetTraining", SupportsShouldProcess = true)]
[OutputType(typeof(SlurmJob))]
public sealed class SubmitSubsetTrainingCommand : DatamodelCommand
{
    private string _host = "";

    /// <summary>The run, in a folder that the nodes share; it is made by Start-SubsetTraining.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public SubsetTraining Training { get; set; } = null!;

    /// <summary>
    /// Number of shards that the run is cut into, one task each. The same number again submits those that are not done.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(1, int.MaxValue)]
    public int ShardCount { get; set; }

    /// <summary>Partition of the cluster; by default what the cluster chooses.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    /// <summary>Longest time for a task, such as 12:00:00; a task that did not end is submitted again later.</summary>
    [Parameter]
    public TimeSpan? Time { get; set; }

    /// <summary>Cores of a task; so many models are trained at once.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? CpusPerTask { get; set; }

    /// <summary>Memory of a task in bytes, such as 8GB.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? Memory { get; set; }

    /// <summary>Further options of sbatch, such as --account=mine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Argument { get; set; } = [];

    /// <summary>
    /// The headless host, where the nodes find it: its .dll, started by dotnet, or a program; by default the one of this module.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HostPath { get; set; }

    /// <summary>Writes the batch script into the run's folder and does not submit it.</summary>
    [Parameter]
    public SwitchParameter NoSubmit { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Require(HostPath, () =>
        _host = HostPath is null
            ? Path.GetFullPath("../host/Datamodels.Worker.dll", Path.GetDirectoryName(GetType().Assembly.Location)!)
            : ResolvePath(HostPath));

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(Training, () =>
    {
        string action = FormattableString.Invariant(
            $"{(NoSubmit ? "Write a script for" : "Submit")} an array job of up to {ShardCount} tasks");
        if (!ShouldProcess(Training.Path, action))
        {
            return;
        }

        if (Training.Workers.Count > 0)
        {
            WriteWarning(FormattableString.Invariant($"{Training.Workers.Count} processes train '{Training.Path}' now; ")
                + "a shard that one of them has not done yet gets a task all the same, and they share its work.");
        }

        var options = new SlurmOptions
        {
            ShardCount = ShardCount,
            HostPath = _host,
            Partition = Partition,
            Time = Time,
            CpusPerTask = CpusPerTask,
            Memory = Memory,
            Arguments = [.. Argument],
        };
        SlurmJob? job = Run((_, cancellation) => SlurmSubmission.Submit(Training, options, !NoSubmit, cancellation));
        if (job is null)
        {
            WriteWarning($"Every model of '{Training.Path}' is trained; there is nothing to submit.");
            return;
        }

        WriteVerbose($"'{job.Script}' trains {job.Shards.Count} of {ShardCount} shards of '{job.Path}' by '{_host}'.");
        WriteObject(job);
    });
}
