using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Regression;

namespace Datamodels.PowerShell.Commands;

/// <summary>Makes a graph of training examples that help each other, from their datamodels.</summary>
[Cmdlet(VerbsCommon.Get, "DatamodelGraph")]
[OutputType(typeof(DatamodelGraph))]
public sealed class GetDatamodelGraphCommand : DatamodelCommand
{
    private readonly List<Datamodel> _datamodels = [];

    /// <summary>Datamodels of one run whose targets are training examples (Start-SubsetTraining -TargetSet Train).</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>Neighbours that each example has an edge to, the strongest ones.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, int.MaxValue)]
    public int NeighborCount { get; set; } = 10;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _datamodels.AddRange(Datamodel);

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(
        _datamodels, () => WriteObject(Run((_, cancellation) => DatamodelGraph.Of(_datamodels, NeighborCount, cancellation))));
}
