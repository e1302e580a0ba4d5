using System.Management.Automation;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>Takes models that another program has trained as a run; reads their files where they lie.</summary>
[Cmdlet(VerbsData.Import, "SubsetTraining", DefaultParameterSetName = "Path")]
[OutputType(typeof(SubsetTraining))]
public sealed class ImportSubsetTrainingCommand : EachPathCommand
{
    /// <summary>The data, with the targets as its test set, for labels; without it labels are numbers.</summary>
    [Parameter]
    [ValidateNotNull]
    public TrainingData? Data { get; set; }

    /// <summary>What was recorded of each model on each target.</summary>
    [Parameter]
    public OutputKind Output { get; set; }

    /// <summary>Name of the masks, without .npy; by default masks, or else subsets, which is packed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MaskName { get; set; }

    /// <summary>Name of the outputs, without .npy; by default as in a run, such as margins.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputName { get; set; }

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        SubsetTraining training = Run((progress, cancellation) =>
            SubsetTraining.Import(path, Data, Output, MaskName, OutputName, progress, cancellation));
        WriteVerbose(
            $"'{path}' holds {training.CompletedCount} completed models of {training.ModelCount}, trained on a fraction of "
            + $"{training.Spec.Plan.Alpha} of {training.TrainCount} training examples on average.");
        WriteObject(training);
    }
}
