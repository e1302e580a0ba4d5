using System.Management.Automation;
using Datamodels.Insight;

namespace Datamodels.PowerShell.Commands;

/// <summary>Writes a graph, or its clusters, for graph tools: GraphML, or two tables of edges and nodes as CSV.</summary>
[Cmdlet(VerbsData.Export, "DatamodelGraph", DefaultParameterSetName = "Graph", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDatamodelGraphCommand : ExportCommand
{
    private DatamodelGraph? _graph;
    private DatamodelClustering? _clustering;

    /// <summary>The file to write, named .graphml; or .csv, for x-edges.csv and x-nodes.csv.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public override string Path { get; set; } = "";

    /// <summary>The graph to write.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Graph", ValueFromPipeline = true)]
    public DatamodelGraph Graph { get; set; } = null!;

    /// <summary>Clusters of one clustering; nodes then say which one they are in.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Cluster", ValueFromPipeline = true)]
    public DatamodelCluster[] Cluster { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Require(Path, () =>
    {
        DatamodelClustering? clustering = ParameterSetName == "Cluster" ? Cluster[0].Clustering : null;
        DatamodelGraph graph = clustering?.Graph ?? Graph;
        bool another = Cluster.Any(cluster => !ReferenceEquals(cluster.Clustering, clustering))
            || (_graph is not null && (clustering is null || !ReferenceEquals(clustering, _clustering)));
        if (another)
        {
            throw new DatamodelException(
                "GraphsDiffer", ErrorKind.InvalidArgument,
                $"There is more than one graph or clustering to write to '{FullPath}'; export them one at a time.");
        }

        (_graph, _clustering) = (graph, clustering);
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_graph is { } graph)
        {
            Export($"Write {graph}", _ => GraphFiles.Write(FullPath, graph, _clustering));
        }
    }

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> FilesOf(string path) => GraphFiles.PathsOf(path);
}
