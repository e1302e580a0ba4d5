using System.Management.Automation;
using Datamodels.Insight;

namespace Datamodels.PowerShell.Commands;

/// <summary>Writes a graph, or its clusters, for graph tools: GraphML, or two tables of edges and nodes as CSV.</summary>
[Cmdlet(VerbsData.Export, "DatamodelGraph", DefaultParameterSetName = "Graph", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDatamodelGraphCommand : DatamodelCommand
{
    private string _path = "";
    private DatamodelGraph? _graph;
    private DatamodelClustering? _clustering;

    /// <summary>The file to write, named .graphml; or .csv, for x-edges.csv and x-nodes.csv.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The graph to write.</summary>
    [Parameter(
        Mandatory = true, ParameterSetName = "Graph", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public DatamodelGraph Graph { get; set; } = null!;

    /// <summary>Clusters of one clustering; nodes then say which one they are in.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Cluster", ValueFromPipeline = true)]
    public DatamodelCluster[] Cluster { get; set; } = [];

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the files that were written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Require(Path, () =>
    {
        _path = ResolvePath(Path);
        RequireFree();
    });

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
                $"There is more than one graph or clustering to write to '{_path}'; export them one at a time.");
        }

        (_graph, _clustering) = (graph, clustering);
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(_path, () =>
    {
        IReadOnlyList<string> files = GraphFiles.PathsOf(_path);
        if (_graph is null || !ShouldProcess(string.Join(", ", files), $"Write {_graph}"))
        {
            return;
        }

        RequireFree();
        GraphFiles.Write(_path, _graph, _clustering);
        if (PassThru)
        {
            WriteObject(files.Select(file => new FileInfo(file)), enumerateCollection: true);
        }
    });

    private void RequireFree()
    {
        foreach (string file in GraphFiles.PathsOf(_path))
        {
            RequireFree(file, Force);
        }
    }
}
