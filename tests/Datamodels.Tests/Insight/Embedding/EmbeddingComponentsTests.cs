using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class EmbeddingComponentsTests : IDisposable
{
    // Test targets 0 and 1 depend on examples 0 and 1, targets 2 and 3 on example 2; the lengths of the rows do not matter.
    private static readonly double[][] s_weights = [[3, 4, 0, 0], [0.3, 0.4, 0, 0], [0, 0, 2, 0], [0, 0, 7, 0]];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_length_one_about_their_mean_lie_on_components()
    {
        EmbeddingComponent first = Components(s_weights, count: 1, top: 2)[0];

        // Two points, (.6, .8, 0) and (0, 0, 1), each twice: everything is on the line between them, which is sqrt 2 long.
        Assert.Equal(1, first.ExplainedVariance, 1e-12);
        Assert.Equal(1, first.CumulativeVariance, 1e-12);
        Assert.Equal(1, first.Embedding.Variance.EffectiveRank, 1e-9);
        double half = Math.Sqrt(2) / 2;
        Assert.Equal([0, 1, 2, 3], first.Embedding.Points.Select(point => point.Target));
        foreach ((EmbeddingPoint point, double expected) in first.Embedding.Points.Zip([-half, -half, half, half]))
        {
            Assert.Equal(expected, Assert.Single(point.Coordinates), 1e-12);
        }

        // The largest loading, that of example 2, is positive.
        foreach ((double loading, double expected) in first.Loadings.Zip([-0.6 * half, -0.8 * half, half, 0]))
        {
            Assert.Equal(expected, loading, 1e-12);
        }

        Assert.Equal([2, 3], first.PositiveTargets.Order());
        Assert.Equal([0, 1], first.NegativeTargets.Order());
        Assert.Equal([2], first.PositiveExamples);
        Assert.Equal([1, 0], first.NegativeExamples);
        Assert.Null(first.RepresentationCumulativeVariance);
    }

    [Fact]
    public void The_own_weight_of_a_training_example_is_set_aside()
    {
        double[][] with = [[9, 1, 0], [1, 9, 0], [0, 1, 9]];
        double[][] without = [[0, 1, 0], [1, 0, 0], [0, 1, 0]];
        EmbeddingComponent seen = Embed(WeightWorld.Of(_folder.File("with"), with), count: 1)[0];
        EmbeddingComponent bare = Embed(WeightWorld.Of(_folder.File("without"), without), count: 1)[0];
        Assert.Equal(bare.Embedding.Points, seen.Embedding.Points);
        Assert.Equal(bare.Loadings, seen.Loadings);
    }

    [Fact]
    public void A_datamodel_without_weights_is_a_point_too()
    {
        IReadOnlyList<EmbeddingComponent> components = Components([[1, 0], [0, 0], [0, 1]], count: 2);
        Assert.Equal(3, components[0].Embedding.Points.Count);
        Assert.Equal(1, components[1].CumulativeVariance, 1e-12);
        Assert.All(components[0].Embedding.Points, point => Assert.All(point.Coordinates, value => Assert.True(
            double.IsFinite(value))));
    }

    [Fact]
    public void What_cannot_be_embedded_is_refused()
    {
        Datamodel[] models = WeightWorld.Of(_folder.File("run"), s_weights, TargetSet.Test);
        Datamodel[] others = WeightWorld.Of(_folder.File("other"), s_weights, TargetSet.Test);
        AssertRefused("NoDatamodels", () => EmbeddingComponents.Of([]));
        AssertRefused("ComponentCountOutOfRange", () => EmbeddingComponents.Of(models, count: 0));
        AssertRefused("ComponentCountOutOfRange", () => EmbeddingComponents.Of(models, count: 4));
        AssertRefused("TopOutOfRange", () => EmbeddingComponents.Of(models, count: 1, top: 0));
        AssertRefused("RunsDiffer", () => EmbeddingComponents.Of([models[0], others[1]], count: 1));
        AssertRefused("TargetRepeated", () => EmbeddingComponents.Of([models[0], models[0]], count: 1));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(PrincipalComponents.ExactRows + 1)]
    public void Datamodels_that_differ_by_their_length_alone_are_refused(int count)
    {
        double[][] alike =
            [.. Enumerable.Range(1, count).Select(times => Array.ConvertAll([0.3, -0.7, 0.1, 1.9], w => times * w))];
        AssertRefused("DatamodelsAlike", () => Components(alike, count: 2));
    }

    [Fact]
    public void The_representation_stands_beside()
    {
        TrainingData data = TestData.Blobs(60, 40);
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File("run"), data, new NetworkLearner { Hidden = [8] }, new SubsetPlan(1, 0.5, 4), "cpu-1");
        VarianceSpectrum spectrum = RepresentationVariance.Of(
            run, new CpuEngine(2), count: 10, models: 3, cancellation: TestContext.Current.CancellationToken);

        // A layer of 8 units has no more than 8 components; three classes need two.
        Assert.Equal(10, spectrum.Explained.Count);
        Assert.Equal(1, spectrum.Explained.Take(8).Sum(), 1e-9);
        Assert.All(spectrum.Explained.Skip(8), explained => Assert.Equal(0, explained));
        Assert.Equal(spectrum.Explained.OrderDescending(), spectrum.Explained);
        Assert.InRange(spectrum.EffectiveRank, 1, 8);
        Assert.Equal(spectrum, RepresentationVariance.Of(
            run, new CpuEngine(1), count: 10, models: 3, cancellation: TestContext.Current.CancellationToken));

        IReadOnlyList<EmbeddingComponent> components = Embed(
            WeightWorld.Of(_folder.File("weights"), s_weights, TargetSet.Test), count: 2, representation: () => spectrum);
        Assert.Equal(spectrum.Explained[0] + spectrum.Explained[1], components[1].RepresentationCumulativeVariance!.Value, 1e-12);
    }

    [Fact]
    public void What_is_no_network_has_no_representation()
    {
        var world = new LinearWorld([0], [[1, 2]]);
        AssertRefused("NoRepresentation", () => RepresentationVariance.Of(world.NewRun(_folder.File("run")), world, count: 2));
    }

    private IReadOnlyList<EmbeddingComponent> Components(double[][] weights, int count, int top = 5) =>
        Embed(WeightWorld.Of(_folder.File("run"), weights, TargetSet.Test), count, top);

    private static IReadOnlyList<EmbeddingComponent> Embed(
        Datamodel[] models, int count, int top = 5, Func<VarianceSpectrum>? representation = null) =>
        EmbeddingComponents.Of(models, count, top, seed: 0, representation, TestContext.Current.CancellationToken);

    private static void AssertRefused(string id, Action action) =>
        Assert.Equal(id, Assert.Throws<DatamodelException>(action).Id);
}
