using Datamodels.Insight;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class DatamodelClustersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Groups_that_are_planted_are_found()
    {
        // Examples of a class help each other more often than they help others; four classes take turns.
        const int n = 200;
        var random = new RandomStream(3, RandomPurpose.Targets, 0);
        double[][] weights = new double[n][];
        for (int i = 0; i < n; i++)
        {
            weights[i] = new double[n];
            for (int j = 0; j < n; j++)
            {
                weights[i][j] = random.NextSingle() < (i % 4 == j % 4 ? 0.3 : 0.02) ? random.NextSingle() + 0.1 : 0;
            }
        }

        DatamodelGraph graph = Graph(weights, neighborCount: 20, classes: 4);
        IReadOnlyList<DatamodelCluster> clusters = Clusters(graph);
        Assert.Equal([50, 50, 50, 50], clusters.Select(cluster => cluster.Size));
        Assert.All(clusters, cluster => Assert.Single(cluster.Examples.Select(example => example % 4).Distinct()));
        Assert.All(clusters, cluster => Assert.Equal($"{cluster.Examples[0] % 4}", cluster.Label));
        Assert.Equal((1, 1), (clusters[0].Clustering.Purity, clusters[0].Clustering.NormalizedMutualInformation));
        Assert.Equal([1, 2, 3, 4], clusters.Select(cluster => cluster.Cluster));
        Assert.Equal(graph.SameLabelFraction, clusters.Average(cluster => cluster.InnerWeight), 0.05);
        Assert.Equal(clusters[0].Clustering.Clusters, Clusters(graph)[0].Clustering.Clusters);
    }

    [Fact]
    public void Parts_that_do_not_hang_together_are_the_clusters()
    {
        // 0-1-2, 3-4, and 5 by itself.
        double[][] weights = new double[6][];
        for (int i = 0; i < 6; i++)
        {
            weights[i] = new double[6];
        }

        weights[0][1] = weights[2][1] = weights[4][3] = 1;
        DatamodelGraph graph = Graph(weights);
        foreach (ClusterMethod method in Enum.GetValues<ClusterMethod>())
        {
            IReadOnlyList<DatamodelCluster> clusters = Clusters(graph, method, method == ClusterMethod.Spectral ? 3 : null);
            Assert.Equal([1, 1, 1, 2, 2, 3], clusters[0].Clustering.Clusters);
            Assert.Equal([1, 0, 2], clusters[0].Examples);
            Assert.All(clusters, cluster => Assert.Equal(1, cluster.InnerWeight));

            // Each example of 0-1-2 and 3-4 is of a class of its own.
            Assert.Equal([1 / 3.0, 1 / 2.0, 1], clusters.Select(cluster => cluster.Purity));
            Assert.Equal(3 / 6.0, clusters[0].Clustering.Purity);
        }
    }

    [Fact]
    public void A_graph_can_be_one_cluster_or_as_many_as_it_has_vertices()
    {
        DatamodelGraph graph = Graph([[0, 1, 0], [0, 0, 2], [1, 0, 0]]);
        Assert.Equal([0, 1, 2], Assert.Single(Clusters(graph, count: 1)).Examples.Order());
        Assert.Equal(3, Clusters(graph, count: 3).Count);
        AssertRefused("ClusterCountOutOfRange", () => DatamodelClusters.Of(graph, count: 4));
        AssertRefused("ClusterCountOutOfRange", () => DatamodelClusters.Of(graph, count: 0));
        AssertRefused("ClusterCountOfComponents", () => DatamodelClusters.Of(graph, ClusterMethod.Component, 2));

        static void AssertRefused(string id, Action action) =>
            Assert.Equal(id, Assert.Throws<DatamodelException>(action).Id);
    }

    [Fact]
    public void Agreement_with_labels_is_purity_and_mutual_information()
    {
        int[] clusters = [1, 1, 1, 2, 2, 2];
        string[] labels = ["a", "a", "b", "b", "b", "c"];
        Assert.Equal(4 / 6.0, LabelAgreement.Purity(clusters, labels));

        // H(clusters) = ln 2; H(labels) and H(both) of the counts 2, 3, 1 and 2, 1, 2, 1.
        double of = Math.Log(2);
        double with = Entropy(2, 3, 1);
        double expected = 2 * (of + with - Entropy(2, 1, 2, 1)) / (of + with);
        Assert.Equal(expected, LabelAgreement.NormalizedMutualInformation(clusters, labels), 1e-12);
        Assert.Equal(1, LabelAgreement.NormalizedMutualInformation([1, 1], ["a", "a"]));
        Assert.Equal(0, LabelAgreement.NormalizedMutualInformation([1, 1, 2, 2], ["a", "b", "a", "b"]), 1e-12);

        static double Entropy(params int[] counts) =>
            counts.Sum(count => -(double)count / counts.Sum() * Math.Log((double)count / counts.Sum()));
    }

    [Fact]
    public void Cancellation_stops_everything()
    {
        DatamodelGraph graph = Graph([[0, 1, 0], [0, 0, 2], [1, 0, 0]]);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => KMeans.Of(new Block(9, 2), 3, seed: 0, stopped.Token));
        Assert.ThrowsAny<OperationCanceledException>(
            () => DatamodelClusters.Of(graph, count: 2, cancellation: stopped.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => DatamodelGraph.Of(
            WeightWorld.Of(_folder.File("run"), [[0, 1, 0], [0, 0, 2], [1, 0, 0]]), cancellation: stopped.Token));
    }

    [Fact]
    public void Long_clustering_stops_within_a_second()
    {
        var random = new RandomStream(2, RandomPurpose.Clusters, 0);
        var points = new Block(4000, 600);
        for (int i = 0; i < points.Rows; i++)
        {
            foreach (ref double value in points.Row(i))
            {
                value = random.NextSingle();
            }
        }

        Cancelled.After(TimeSpan.FromSeconds(0.2), stop => KMeans.Of(points, 600, seed: 0, stop));
    }

    private DatamodelGraph Graph(double[][] weights, int neighborCount = 10, int classes = 3) => DatamodelGraph.Of(
        WeightWorld.Of(_folder.File("run"), weights, classes: classes), neighborCount, TestContext.Current.CancellationToken);

    private static IReadOnlyList<DatamodelCluster> Clusters(
        DatamodelGraph graph, ClusterMethod method = ClusterMethod.Spectral, int? count = null) =>
        DatamodelClusters.Of(graph, method, count, seed: 1, TestContext.Current.CancellationToken);
}
