using System.Management.Automation;
using Datamodels.Data;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Shows examples by their numbers, as every other cmdlet names them: the class, the features, and the line or record of the file
/// that it was read from.
/// </summary>
[Cmdlet(VerbsCommon.Get, "TrainingExample")]
[OutputType(typeof(TrainingExample))]
public sealed class GetTrainingExampleCommand : DatamodelCommand
{
    /// <summary>The data, or from the pipe a run, for its data.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public TrainingData Data { get; set; } = null!;

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
    protected override void ProcessRecord() =>
        Attempt(Data, () => Stream((_, _) => TrainingExample.Of(Data, Set, Example)));
}
