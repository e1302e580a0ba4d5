using Datamodels.Insight;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class BrittleMeasureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_distribution_is_of_verified_targets_and_rises_by_those_that_flip()
    {
        BrittleSet[] sets = Sets(10);
        sets[0] = Verified(sets[0], BrittleStatus.Flipped, 5);
        sets[1] = Verified(sets[1], BrittleStatus.Flipped, 2);
        sets[2] = Verified(sets[2], BrittleStatus.Flipped, 5);
        sets[3] = Verified(sets[3], BrittleStatus.NotFlipped, 4);
        sets[4] = Verified(sets[4], BrittleStatus.CannotFlip, 9);
        sets[5] = Verified(sets[5], BrittleStatus.NoSet, 0);
        sets[6] = Verified(sets[6], BrittleStatus.AlreadyWrong, 0) with { ControlMargin = -1 };

        // Wrong for the datamodel, and right when trained: not known to flip.
        sets[7] = Verified(sets[7], BrittleStatus.AlreadyWrong, 0);

        BrittleMeasure measure = Assert.Single(BrittleMeasure.Of(sets));
        Assert.Equal(BrittleMode.Remove, measure.Mode);
        Assert.Equal(
            (10, 3, 1, 1, 1, 2, 2),
            (measure.Targets, measure.Flipped, measure.NotFlipped, measure.CannotFlip, measure.NoSet, measure.AlreadyWrong,
                measure.Found));
        Assert.Equal(5, measure.MedianSize); // of 2, 5 and 5
        Assert.Equal([0, 2, 5], measure.Distribution.Select(point => point.Size));
        Assert.Equal([1, 2, 4], measure.Distribution.Select(point => point.Count));
        Assert.Equal([0.125, 0.25, 0.5], measure.Distribution.Select(point => point.Fraction));
        Assert.Equal(Math.Sqrt(0.25 * 0.75 / 8), measure.Distribution[1].Error, 15);
    }

    [Fact]
    public void The_median_k_is_of_the_targets_that_the_datamodel_finds_a_set_for()
    {
        // Every weight 1: k is the bias plus ten.
        var world = new LinearWorld([-9, -8, -6, 5, -20], [.. Enumerable.Repeat(Enumerable.Repeat(1.0, 10).ToArray(), 5)]);
        BrittleMeasure measure = Assert.Single(BrittleMeasure.Of(
            [.. world.Datamodels(world.NewRun(_folder.File("run"))).Select(datamodel => BrittleFinder.Find(datamodel))]));
        Assert.Equal(2, measure.MedianPredictedSize);
        Assert.Equal((3, 1, 1), (measure.Found, measure.NoSet, measure.AlreadyWrong));
        Assert.Null(measure.MedianSize);
        Assert.Empty(measure.Distribution);
    }

    [Fact]
    public void Removal_and_relabelling_are_measured_apart()
    {
        BrittleSet[] sets = Sets(2);
        BrittleSet[] both =
        [
            Verified(sets[0] with { NewClass = 2 }, BrittleStatus.Flipped, 3), Verified(sets[0], BrittleStatus.Flipped, 8),
            Verified(sets[1] with { NewClass = 2 }, BrittleStatus.Flipped, 4),
        ];
        IReadOnlyList<BrittleMeasure> measures = BrittleMeasure.Of(both);
        Assert.Equal([BrittleMode.Remove, BrittleMode.Flip], measures.Select(measure => measure.Mode));
        Assert.Equal([8, 3.5], measures.Select(measure => measure.MedianSize));
        Assert.All(measures[1].Distribution, point => Assert.Equal(BrittleMode.Flip, point.Mode));
    }

    [Fact]
    public void A_target_counts_once()
    {
        BrittleSet[] sets = Sets(3);
        var error = Assert.Throws<DatamodelException>(() => BrittleMeasure.Of([.. sets, sets[1]]));
        Assert.Equal("TargetMeasuredTwice", error.Id);
        Assert.Contains("Target 1 has 2 sets", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_nothing_there_is_no_measure() => Assert.Empty(BrittleMeasure.Of([]));

    private static BrittleSet Verified(BrittleSet set, BrittleStatus status, int size) => set with
    {
        Status = status, Examples = [.. Enumerable.Range(0, size)], ControlMargin = 1, RetrainingCount = 20,
    };

    private BrittleSet[] Sets(int count)
    {
        double[] ones = [.. Enumerable.Repeat(1.0, 10)];
        var world = new LinearWorld([.. Enumerable.Repeat(-9.0, count)], [.. Enumerable.Repeat(ones, count)]);
        return [.. world.Datamodels(world.NewRun(_folder.File("run"))).Select(datamodel => BrittleFinder.Find(datamodel))];
    }
}
