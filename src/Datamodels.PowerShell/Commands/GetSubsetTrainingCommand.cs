using System.Management.Automation;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>Opens runs; changes nothing in them.</summary>
[Cmdlet(VerbsCommon.Get, "SubsetTraining", DefaultParameterSetName = "Path")]
[OutputType(typeof(SubsetTraining))]
public sealed class GetSubsetTrainingCommand : EachPathCommand
{
    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        SubsetTraining training = SubsetTraining.Open(path);
        WriteVerbose($"'{path}' holds {training.CompletedCount} of {training.ModelCount} models: {training.Spec.Plan}.");
        WriteObject(training);
    }

    /// <inheritdoc/>
    private protected override bool IsMeant(string path) => SubsetTraining.IsRun(path);
}
