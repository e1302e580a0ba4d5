namespace Datamodels.Insight;

/// <summary>Cuts a graph into clusters, and says how they agree with the classes.</summary>
public static class DatamodelClusters
{
    /// <summary>The clusters of a graph, the largest first; of several, the one with the first vertex.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="method">How it is cut.</param>
    /// <param name="count">
    /// Number of clusters, 1..vertices; null takes the number of classes. Components are as many as there are: null only.
    /// </param>
    /// <param name="seed">Seed of eigenvectors and k-means.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The clusters; fewer than asked for where vertices cannot be told apart.</returns>
    /// <exception cref="DatamodelException">The count is outside its range.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>Of n vertices, spectral clustering takes 24 n max(160, 4 (count + 8)) bytes.</remarks>
    public static IReadOnlyList<DatamodelCluster> Of(
        DatamodelGraph graph, ClusterMethod method = ClusterMethod.Spectral, int? count = null, ulong seed = 0,
        CancellationToken cancellation = default)
    {
        string[] labels = [.. graph.Vertices.Select(vertex => vertex.Label)];
        if (method == ClusterMethod.Component && count is not null)
        {
            throw new DatamodelException(
                "ClusterCountOfComponents", ErrorKind.InvalidArgument,
                $"{count} clusters are asked for, and connected components are as many as the graph has; leave the number "
                + "out, or cluster by Spectral.");
        }

        int wanted = count ?? Math.Min(labels.Distinct().Count(), graph.VertexCount);
        if (wanted < 1 || wanted > graph.VertexCount)
        {
            throw new DatamodelException(
                "ClusterCountOutOfRange", ErrorKind.InvalidArgument,
                $"{wanted} clusters are asked for; a graph of {graph.VertexCount} vertices has 1 to {graph.VertexCount}.");
        }

        int[] found = method == ClusterMethod.Component
            ? ConnectedComponents.Of(graph.Adjacency)
            : SpectralClustering.Of(graph.Adjacency, wanted, seed, cancellation);
        int[][] members = [.. Enumerable.Range(0, found.Length).GroupBy(i => found[i])
            .Select(cluster => cluster.ToArray()).OrderByDescending(cluster => cluster.Length).ThenBy(cluster => cluster[0])];
        int[] clusters = new int[found.Length];
        for (int c = 0; c < members.Length; c++)
        {
            foreach (int vertex in members[c])
            {
                clusters[vertex] = c + 1;
            }
        }

        var clustering = new DatamodelClustering
        {
            Graph = graph,
            Method = method,
            Clusters = new EquatableList<int>(clusters),
            ClusterCount = members.Length,
            Purity = LabelAgreement.Purity(clusters, labels),
            NormalizedMutualInformation = LabelAgreement.NormalizedMutualInformation(clusters, labels),
        };
        return [.. members.Select((vertices, c) => ClusterOf(clustering, c + 1, vertices))];
    }

    private static DatamodelCluster ClusterOf(DatamodelClustering clustering, int number, int[] vertices)
    {
        DatamodelGraph graph = clustering.Graph;
        var commonest = vertices.GroupBy(vertex => graph.Vertices[vertex].Label).MaxBy(label => label.Count())!;
        double[] inner = Array.ConvertAll(vertices, vertex =>
        {
            double sum = 0;
            for (int at = 0; at < graph.Adjacency.Columns(vertex).Length; at++)
            {
                int neighbor = graph.Adjacency.Columns(vertex)[at];
                sum += clustering.Clusters[neighbor] == number ? graph.Adjacency.Values(vertex)[at] : 0;
            }

            return sum;
        });
        double strength = vertices.Sum(vertex => graph.Vertices[vertex].Strength);
        return new DatamodelCluster
        {
            Clustering = clustering,
            Cluster = number,
            Label = commonest.Key,
            Purity = (double)commonest.Count() / vertices.Length,
            InnerWeight = strength > 0 ? inner.Sum() / strength : 1,
            Examples = [.. vertices.Zip(inner).OrderByDescending(pair => pair.Second)
                .Select(pair => graph.Vertices[pair.First].Example)],
        };
    }
}
