using System.Management.Automation;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>Opens runs; changes nothing in them.</summary>
[Cmdlet(VerbsCommon.Get, "SubsetTraining", DefaultParameterSetName = "Path")]
[OutputType(typeof(SubsetTraining))]
public sealed class GetSubsetTrainingCommand : DatamodelCommand
{
    /// <summary>Folders of runs; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Folders of runs, as they are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForEachPath(Path, LiteralPath, folder =>
        {
            SubsetTraining training = SubsetTraining.Open(folder);
            WriteVerbose($"'{folder}' holds {training.CompletedCount} of {training.ModelCount} models: {training.Spec.Plan}.");
            WriteObject(training);
        });
}
