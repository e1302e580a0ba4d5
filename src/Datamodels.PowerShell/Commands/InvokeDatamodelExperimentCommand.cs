using System.Management.Automation;
using Datamodels.Experiments;
using Datamodels.Learners;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Does everything that an experiment file says: subset training, fit, influencers, brittle sets, held-out scores. A
/// stopped experiment goes on where it was when it is started again.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "DatamodelExperiment", DefaultParameterSetName = "Path")]
[OutputType(typeof(ExperimentResult))]
public sealed class InvokeDatamodelExperimentCommand : DatamodelCommand
{
    private string? _output;

    /// <summary>Experiment files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Experiment files, as they are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Folder for everything that is written; by default the one that the file names.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Output { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        Require(Output, () => _output = Output is null ? null : ResolvePath(Output));

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, LiteralPath, file =>
    {
        Experiment experiment = ExperimentFile.Read(file, _output);
        WriteVerbose(
            $"'{file}': {experiment.Plan} of '{experiment.Data}' with {experiment.Learner}, to '{experiment.Output}'.");
        WriteObject(Run((progress, cancellation) => ExperimentRunner.Run(experiment, new CpuEngine(), progress, cancellation)));
    });
}
