using Datamodels.Attribution;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Datamodels.Tests.Insight;
using Xunit;

namespace Datamodels.Tests.Attribution;

public sealed class AttributionStudyTests : IDisposable
{
    private const int TrainCount = 15;
    private const int TargetCount = 8;

    private readonly TemporaryFolder _folder = new();

    // Each target has the weights -0.7 to 0.7 in an order of its own, and a bias of its own. With the median 0 the fit takes
    // these weights, and not others that predict the same on subsets of one size.
    private readonly LinearWorld _world = new(
        [.. Enumerable.Range(0, TargetCount).Select(target => 0.35 + (0.4 * target))],
        [.. Enumerable.Range(0, TargetCount).Select(target => Enumerable.Range(0, TrainCount)
            .Select(i => ((((i * 4) + target) % TrainCount) - 7) / 10.0).ToArray())]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_a_linear_world_the_datamodel_has_the_curve_of_the_true_weights()
    {
        SubsetTraining run = Run();
        int[] sizes = [1, 2, 4, 8];
        AttributionComparison compared = Study(run, null, [8, 2, 1, 4, 2]).Compare(AttributionMethod.Datamodel, null, Stop);
        Assert.InRange(compared.Lds, 0.99, 1);
        Assert.Equal(300, compared.ModelCount);
        Assert.Equal(sizes, compared.Flips.Select(point => point.Size));
        Datamodels.Regression.Datamodel[] truth = _world.Datamodels(run);
        int[] expected = [.. sizes.Select(size => truth.Count(x => LeastMargin(x, size) <= 0))];
        Assert.Equal(expected, compared.Flips.Select(point => point.Count));
        Assert.True(expected[0] < expected[^1], "no target flips on the way");
        FlipPoint last = compared.Flips[^1];
        Assert.Equal((double)last.Count / TargetCount, last.Fraction);
        Assert.Equal(Math.Sqrt(last.Fraction * (1 - last.Fraction) / TargetCount), last.Error, 1e-12);
    }

    [Fact]
    public void Chosen_targets_come_in_their_order_and_without_sizes_nothing_is_retrained()
    {
        SubsetTraining run = Run();
        AttributionComparison all = Study(run, null, []).Compare(AttributionMethod.EmpiricalInfluence, null, Stop);
        int trained = _world.Tasks.Count;
        AttributionComparison two = Study(run, [5, 1], []).Compare(AttributionMethod.EmpiricalInfluence, null, Stop);
        Assert.Equal(trained, _world.Tasks.Count);
        Assert.Equal([5, 1], two.Targets);
        Assert.Equal([all.TargetLds[5], all.TargetLds[1]], two.TargetLds);
        Assert.Empty(two.Flips);
    }

    [Theory]
    [InlineData(AttributionMethod.Trak)]
    [InlineData(AttributionMethod.InfluenceFunctions)]
    [InlineData(AttributionMethod.TracIn)]
    [InlineData(AttributionMethod.RepresentationDistance)]
    public void A_method_that_looks_into_networks_needs_an_engine_that_has_some(AttributionMethod method)
    {
        var error = Assert.Throws<DatamodelException>(() => Study(Run(), null, []).Compare(method, null, Stop));
        Assert.Equal("NetworkNeeded", error.Id);
        Assert.Contains(method.ToString(), error.Message);
    }

    [Fact]
    public void Targets_and_sizes_are_checked()
    {
        SubsetTraining run = Run();
        Assert.Equal("TargetOutOfRange", Assert.Throws<DatamodelException>(() => Study(run, [8], [])).Id);
        Assert.Equal("RemovalSizeOutOfRange", Assert.Throws<DatamodelException>(() => Study(run, null, [3, 0])).Id);
    }

    private SubsetTraining Run()
    {
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File("run"), TestData.Blobs(TrainCount, TargetCount), new NetworkLearner(),
            new SubsetPlan(1, 0.5, 300), _world.Name);
        run.Train(_world, null, Stop);
        return run;
    }

    private AttributionStudy Study(SubsetTraining run, int[]? targets, int[] sizes)
    {
        SubsetTraining heldOut = HeldOutSubsets.Open(run, 0.5, 40, 2, seed: 9, _world.Name);
        heldOut.Train(_world, null, Stop);
        return new AttributionStudy(run, heldOut, _world, new Retrainer(run, _world, 2), targets, sizes);
    }

    /// <summary>The margin without the strongest of the positive weights, or with them where that is less.</summary>
    private static double LeastMargin(Datamodels.Regression.Datamodel truth, int size) =>
        truth.FullMargin - truth.Weights.Where(weight => weight > 0).OrderDescending().Take(size).Sum();
}
