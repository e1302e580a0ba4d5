using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class DataLeaksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_weight_counts_by_what_the_example_weighs_on_other_targets()
    {
        // Example 0 moves everything; example 1 moves target 2 only, by less.
        LeakPair[] pairs = Find([[1, 0.1, 0.2], [1, 0, 0.2], [1, 0.9, 0.2]], top: 3);
        LeakPair first = Assert.Single(pairs, pair => pair is { Target: 2, Rank: 1 });
        Assert.Equal((1, 0.9), (first.Example, first.Weight));

        // g is the mean of the nine squares, and the others of column 1 are 0.1 and 0.
        double g = (3 + 0.01 + 0.81 + 0.12) / 9;
        double scale = Math.Sqrt((g + 0.01) / 3);
        Assert.Equal(0.9 / scale, first.RelativeWeight, 1e-12);

        // The target's next is example 0.
        double second = 1 / Math.Sqrt((g + 2) / 3);
        Assert.Equal(0.9 / scale / second, first.Score, 1e-12);
        LeakPair next = Assert.Single(pairs, pair => pair is { Target: 2, Rank: 2 });
        Assert.Equal(0, next.Example);
        Assert.Equal(second / first.RelativeWeight, next.Score, 1e-12);
    }

    [Fact]
    public void Pairs_come_by_score_and_at_most_so_many_of_each_target()
    {
        double[][] weights = [[1, 2, 3, 0], [3, 2, 1, 0], [0, 0, 0, 9]];
        LeakPair[] pairs = Find(weights, top: 2);
        Assert.Equal(5, pairs.Length);
        Assert.Equal(pairs.OrderByDescending(pair => pair.Score), pairs);
        Assert.Equal([1, 2], pairs.Where(pair => pair.Target == 0).Select(pair => pair.Rank).Order());

        // A single weight has nothing beside it but the scale.
        LeakPair alone = Assert.Single(pairs, pair => pair.Target == 2);
        Assert.Equal(alone.RelativeWeight, alone.Score);
    }

    [Fact]
    public void Examples_that_hurt_are_no_leaks() => Assert.Empty(Find([[-1, 0], [-2, -5]]));

    [Fact]
    public void Scores_do_not_depend_on_the_unit_nor_on_the_order_of_the_targets()
    {
        double[][] weights = [[1, 2, 3, 0.5], [3, 2, 1, 0.1], [0.4, 0.2, 1.5, 9]];
        LeakPair[] pairs = Find(weights, top: 4);
        LeakPair[] scaled = Find([.. weights.Select(row => row.Select(weight => 8 * weight).ToArray())], top: 4);
        Assert.Equal(pairs.Select(pair => pair.Score), scaled.Select(pair => pair.Score));
        Datamodel[] datamodels = Datamodels(weights);
        Assert.Equal(pairs, DataLeaks.Find([datamodels[2], datamodels[0], datamodels[1]], 4));
    }

    [Fact]
    public void A_training_example_is_not_its_own_leak()
    {
        // Each example moves itself most; 0 and 2 are duplicates.
        double[][] weights = [[9, 0.1, 2], [0.1, 9, 0.1], [2, 0.1, 9]];
        LeakPair[] pairs = Find(weights, set: TargetSet.Train);
        Assert.All(pairs, pair => Assert.NotEqual(pair.Target, pair.Example));
        Assert.Equal([(0, 2), (2, 0)], pairs.Take(2).Select(pair => (pair.Target, pair.Example)));

        // What stands on the diagonal is not in the scale either.
        weights[1][1] = 1000;
        Assert.Equal(pairs, Find(weights, set: TargetSet.Train));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        Datamodel[] datamodels = Datamodels([[1, 2], [2, 1]]);
        Datamodel[] others = Datamodels([[1, 2]], "other");
        Assert.Equal("NoDatamodels", Assert.Throws<DatamodelException>(() => DataLeaks.Find([])).Id);
        Assert.Equal("TopOutOfRange", Assert.Throws<DatamodelException>(() => DataLeaks.Find(datamodels, 0)).Id);
        Assert.Equal("SeveralRuns", Assert.Throws<DatamodelException>(() => DataLeaks.Find([.. datamodels, .. others])).Id);
        Assert.Equal(
            "TargetRepeated", Assert.Throws<DatamodelException>(() => DataLeaks.Find([.. datamodels, datamodels[0]])).Id);
    }

    private LeakPair[] Find(double[][] weights, int top = 1, TargetSet set = TargetSet.Test) =>
        [.. DataLeaks.Find(Datamodels(weights, $"run {Guid.NewGuid()}", set), top)];

    private Datamodel[] Datamodels(double[][] weights, string name = "run", TargetSet set = TargetSet.Test)
    {
        var world = new LinearWorld(new double[weights.Length], weights);
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File(name), TestData.Blobs(world.TrainCount, weights.Length), new NetworkLearner(), new SubsetPlan(1, 0.5, 4),
            "linear", new Observation { Targets = new TargetSelection { Set = set } });
        return [.. Enumerable.Range(0, weights.Length).Select(target => world.DatamodelOf(run, target))];
    }
}
