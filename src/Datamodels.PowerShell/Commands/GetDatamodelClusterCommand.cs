using System.Management.Automation;
using Datamodels.Insight;

namespace Datamodels.PowerShell.Commands;

/// <summary>Cuts a graph into clusters of training examples that help each other.</summary>
[Cmdlet(VerbsCommon.Get, "DatamodelCluster")]
[OutputType(typeof(DatamodelCluster))]
public sealed class GetDatamodelClusterCommand : DatamodelCommand
{
    /// <summary>The graph to cut, as from Get-DatamodelGraph.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public DatamodelGraph Graph { get; set; } = null!;

    /// <summary>Number of spectral clusters; by default that of the classes.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>How the graph is cut: spectral clustering, or its connected components.</summary>
    [Parameter]
    public ClusterMethod Method { get; set; }

    /// <summary>Seed of spectral clustering.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(
        Graph, () => Stream((_, cancellation) => DatamodelClusters.Of(Graph, Method, Count, Seed, cancellation)));
}
