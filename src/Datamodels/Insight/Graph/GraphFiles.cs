using System.Globalization;
using System.Text;
using System.Xml;
using CsvHelper;
using Datamodels.IO;

namespace Datamodels.Insight;

/// <summary>Writes a graph for graph tools (Gephi, yEd, NetworkX, igraph).</summary>
public static class GraphFiles
{
    private const string Namespace = "http://graphml.graphdrawing.org/xmlns";

    private static readonly CsvWriterOptions s_options = new() { NewLine = "\n" };

    /// <summary>
    /// The files that <see cref="Write"/> writes: <c>x.graphml</c> itself; for <c>x.csv</c> the two files <c>x-edges.csv</c> and
    /// <c>x-nodes.csv</c>.
    /// </summary>
    /// <param name="path">A path that ends in .graphml or .csv.</param>
    /// <exception cref="DatamodelException"><c>GraphFormatUnknown</c>: it ends in something else.</exception>
    public static IReadOnlyList<string> PathsOf(string path)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".graphml":
                return [path];
            case ".csv":
                string stem = path[..^".csv".Length];
                return [$"{stem}-edges.csv", $"{stem}-nodes.csv"];
            default:
                throw new DatamodelException(
                    "GraphFormatUnknown", ErrorKind.InvalidArgument,
                    $"'{path}' does not say in which format to write a graph; end it in .graphml, or in .csv for two tables.");
        }
    }

    /// <summary>
    /// Writes nodes, with the index, class name and cluster of the training example, and edges with their weight. The same
    /// graph gives the same bytes. Each file is there whole or not at all; one of that name is replaced.
    /// </summary>
    /// <param name="path">As for <see cref="PathsOf"/>.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="clustering">Clusters of its vertices; null for none.</param>
    /// <exception cref="DatamodelException">The format is unknown, or writing failed.</exception>
    public static void Write(string path, DatamodelGraph graph, DatamodelClustering? clustering = null)
    {
        IReadOnlyList<string> paths = PathsOf(path);
        if (paths.Count == 1)
        {
            AtomicFile.Write(path, stream => WriteGraphMl(stream, graph, clustering));
        }
        else
        {
            AtomicFile.Write(paths[0], stream => WriteTable(
                stream, ["Source", "Target", "Type", "Weight"],
                graph.Edges.Select(edge => new[] { Text(edge.Example), Text(edge.Neighbor), "Undirected", Text(edge.Weight) })));
            string[] columns = clustering is null ? ["Id", "Label"] : ["Id", "Label", "Cluster"];
            AtomicFile.Write(paths[1], stream => WriteTable(
                stream, columns,
                graph.Vertices.Select((vertex, i) => clustering is null
                    ? new[] { Text(vertex.Example), vertex.Label }
                    : [Text(vertex.Example), vertex.Label, Text(clustering.Clusters[i])])));
        }
    }

    private static void WriteGraphMl(Stream stream, DatamodelGraph graph, DatamodelClustering? clustering)
    {
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\n",
        });
        xml.WriteStartElement("graphml", Namespace);
        WriteKey("label", "node", "string");
        if (clustering is not null)
        {
            WriteKey("cluster", "node", "int");
        }

        WriteKey("weight", "edge", "double");
        xml.WriteStartElement("graph", Namespace);
        xml.WriteAttributeString("edgedefault", "undirected");
        for (int i = 0; i < graph.VertexCount; i++)
        {
            xml.WriteStartElement("node", Namespace);
            xml.WriteAttributeString("id", Text(graph.Vertices[i].Example));
            WriteData("label", graph.Vertices[i].Label);
            if (clustering is not null)
            {
                WriteData("cluster", Text(clustering.Clusters[i]));
            }

            xml.WriteEndElement();
        }

        foreach (GraphEdge edge in graph.Edges)
        {
            xml.WriteStartElement("edge", Namespace);
            xml.WriteAttributeString("source", Text(edge.Example));
            xml.WriteAttributeString("target", Text(edge.Neighbor));
            WriteData("weight", Text(edge.Weight));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();

        void WriteKey(string name, string of, string type)
        {
            xml.WriteStartElement("key", Namespace);
            xml.WriteAttributeString("id", name);
            xml.WriteAttributeString("for", of);
            xml.WriteAttributeString("attr.name", name);
            xml.WriteAttributeString("attr.type", type);
            xml.WriteEndElement();
        }

        void WriteData(string key, string value)
        {
            xml.WriteStartElement("data", Namespace);
            xml.WriteAttributeString("key", key);
            xml.WriteString(value);
            xml.WriteEndElement();
        }
    }

    private static void WriteTable(Stream stream, string[] columns, IEnumerable<string[]> rows)
    {
        using CsvWriter csv = CsvWriter.Create(stream, s_options, leaveOpen: true);
        csv.WriteRecord(columns);
        foreach (string[] row in rows)
        {
            csv.WriteRecord(row);
        }
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
