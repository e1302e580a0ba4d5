using System.Management.Automation;
using Datamodels.Data;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Shows examples by their numbers, as every other cmdlet names them: the class, the features, and the line or record of the file
/// that it was read from.
/// </summary>
[Cmdlet(VerbsCommon.Get, "TrainingExample", DefaultParameterSetName = nameof(Data))]
[OutputType(typeof(TrainingExample))]
public sealed class GetTrainingExampleCommand : DatamodelCommand
{
    /// <summary>The data, as from Import-TrainingData.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = nameof(Data))]
    public TrainingData Data { get; set; } = null!;

    /// <summary>A run, whose data is meant.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = nameof(Training))]
    public SubsetTraining Training { get; set; } = null!;

    /// <summary>
    /// Index of each example in its set, from 0; by default all. Influencers, leaks and brittle sets from the pipe give theirs.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Examples", "Removed")]
    [AllowEmptyCollection]
    public int[]? Example { get; set; }

    /// <summary>The set that they are in.</summary>
    [Parameter]
    public TargetSet Set { get; set; } = TargetSet.Train;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Here, and not by property name: data that is gone is an error of its run alone.
        bool ofRun = ParameterSetName == nameof(Training);
        Attempt(ofRun ? Training : Data, () =>
            Stream((_, _) => TrainingExample.Of(ofRun ? Training.Data : Data, Set, Example)));
    }
}
