using System.Globalization;
using System.Xml.Linq;
using Datamodels.Insight;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class GraphFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void GraphML_holds_nodes_and_edges_to_the_last_bit()
    {
        DatamodelGraph graph = Graph();
        string path = _folder.File("graph.graphml");
        GraphFiles.Write(path, graph, Clustering(graph));
        XNamespace ns = "http://graphml.graphdrawing.org/xmlns";
        XElement read = XDocument.Load(path).Root!.Element(ns + "graph")!;
        Assert.Equal("undirected", read.Attribute("edgedefault")!.Value);
        Assert.Equal(
            [("0", "0 1"), ("1", "1 1"), ("2", "2 2")],
            read.Elements(ns + "node").Select(node => (node.Attribute("id")!.Value, Values(node))));
        Assert.Equal(
            graph.Edges, read.Elements(ns + "edge").Select(edge => new GraphEdge(
                int.Parse(edge.Attribute("source")!.Value, CultureInfo.InvariantCulture),
                int.Parse(edge.Attribute("target")!.Value, CultureInfo.InvariantCulture),
                double.Parse(Values(edge), CultureInfo.InvariantCulture))));

        Assert.Equal(["label", "cluster", "weight"], Keys());
        GraphFiles.Write(path, graph);
        Assert.Equal(["label", "weight"], Keys());

        string[] Keys() => [.. XDocument.Load(path).Root!.Elements(ns + "key").Select(key => key.Attribute("id")!.Value)];

        string Values(XElement element) => string.Join(' ', element.Elements(ns + "data").Select(data => data.Value));
    }

    [Fact]
    public void CSV_is_a_table_of_edges_and_one_of_nodes()
    {
        DatamodelGraph graph = Graph();
        string path = _folder.File("graph.csv");
        GraphFiles.Write(path, graph);
        Assert.Equal(
            "Source,Target,Type,Weight\n0,1,Undirected,0.15000000000000002\n", File.ReadAllText(_folder.File("graph-edges.csv")));
        Assert.Equal("Id,Label\n0,0\n1,1\n2,2\n", File.ReadAllText(_folder.File("graph-nodes.csv")));
        GraphFiles.Write(path, graph, Clustering(graph));
        Assert.Equal("Id,Label,Cluster\n0,0,1\n1,1,1\n2,2,2\n", File.ReadAllText(_folder.File("graph-nodes.csv")));
    }

    [Fact]
    public void Other_formats_are_refused() => Assert.Equal(
        "GraphFormatUnknown", Assert.Throws<DatamodelException>(() => GraphFiles.Write(_folder.File("graph.gexf"), Graph())).Id);

    private DatamodelGraph Graph() => DatamodelGraph.Of(
        WeightWorld.Of(_folder.File("run"), [[0, 0.1, 0], [0.2, 0, 0], [0, 0, 0]]),
        cancellation: TestContext.Current.CancellationToken);

    private static DatamodelClustering Clustering(DatamodelGraph graph) =>
        DatamodelClusters.Of(
            graph, ClusterMethod.Component, cancellation: TestContext.Current.CancellationToken)[0].Clustering;
}
