using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Regression;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class DatamodelGraphTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Edges_are_the_mean_of_two_positive_weights_without_the_own_one()
    {
        DatamodelGraph graph = Graph([[9, 1, -5, 0], [3, 9, 0, 0.5], [4, 0, 9, 0], [0, 0, 0, 9]], neighborCount: 3);
        Assert.Equal([new(0, 1, 2), new(0, 2, 2), new(1, 3, 0.25)], graph.Edges);
        Assert.Equal(
            [new(0, "0", 4), new(1, "1", 2.25), new(2, "2", 2), new(3, "0", 0.25)], graph.Vertices);
        Assert.Equal(0, graph.SameLabelFraction);
    }

    [Fact]
    public void An_edge_stays_where_either_end_has_it_among_its_strongest()
    {
        // A star: the middle keeps its strongest only, and each tip has no other than the middle.
        double[][] star = [[0, 1, 2, 3], [0, 0, 0, 0], [0, 0, 0, 0.5], [0, 0, 0, 0]];
        DatamodelGraph graph = Graph(star, neighborCount: 1);
        Assert.Equal([new(0, 1, 0.5), new(0, 2, 1), new(0, 3, 1.5)], graph.Edges);
        Assert.Equal(1.5 / 3, graph.SameLabelFraction);
    }

    [Fact]
    public void Of_equally_strong_neighbours_the_first_stays()
    {
        double[][] equal = [[0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]];
        Assert.Equal([new(0, 1, 1), new(0, 2, 1), new(0, 3, 1)], Graph(equal, neighborCount: 1).Edges);
    }

    [Fact]
    public void Some_training_examples_can_be_the_vertices_in_any_order()
    {
        Datamodel[] models = WeightWorld.Of(
            _folder.File("run"), [[0, 7, 0, 2, 1], [5, 7, 0, 0, 4], [0, 7, 0, 1, 0]], targets: [4, 0, 3]);
        DatamodelGraph graph = Of(models);
        Assert.Equal([4, 0, 3], graph.Vertices.Select(vertex => vertex.Example));
        Assert.Equal([new(4, 0, 2), new(4, 3, 1)], graph.Edges);
    }

    [Fact]
    public void What_is_no_graph_is_refused()
    {
        Datamodel[] models = WeightWorld.Of(_folder.File("run"), [[0, 1], [1, 0]]);
        Datamodel[] tests = WeightWorld.Of(_folder.File("tests"), [[0, 1], [1, 0]], TargetSet.Test);
        AssertRefused("NoDatamodels", () => DatamodelGraph.Of([]));
        AssertRefused("TargetsNotTraining", () => DatamodelGraph.Of(tests));
        AssertRefused("NeighborCountOutOfRange", () => DatamodelGraph.Of(models, 0));
        AssertRefused("TargetRepeated", () => DatamodelGraph.Of([models[0], models[1], models[0]]));

        static void AssertRefused(string id, Action action) =>
            Assert.Equal(id, Assert.Throws<DatamodelException>(action).Id);
    }

    private DatamodelGraph Graph(double[][] weights, int neighborCount) =>
        Of(WeightWorld.Of(_folder.File("run"), weights), neighborCount);

    private static DatamodelGraph Of(Datamodel[] models, int neighborCount = 10) =>
        DatamodelGraph.Of(models, neighborCount, TestContext.Current.CancellationToken);
}
