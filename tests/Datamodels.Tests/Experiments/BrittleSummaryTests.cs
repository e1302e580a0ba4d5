using Datamodels.Experiments;
using Datamodels.Insight;
using Datamodels.Runs;
using Datamodels.Tests.Insight;
using Xunit;

namespace Datamodels.Tests.Experiments;

public sealed class BrittleSummaryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fractions_are_of_the_targets_with_a_set_and_every_target_is_counted_once()
    {
        // Six targets, every weight 1: k is the bias plus ten, where that is from 1 to 10.
        double[] biases = [-9, -8, -6, -2, 5, -20];
        var world = new LinearWorld(biases, [.. biases.Select(_ => Enumerable.Repeat(1.0, 10).ToArray())]);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        BrittleSet[] found =
        [
            .. world.Datamodels(run)
                .SelectMany(datamodel => new[] { BrittleFinder.Find(datamodel), BrittleFinder.Find(datamodel, 0, 1.25) }),
        ];
        Assert.Equal([1, 2, 2, 3, 4, 5, 8, 10, 0, 0, 0, 0], found.Select(set => set.Size));

        // Verdicts by hand: at k the targets 0 and 1 flip, at 1.25 k the target 2 too; target 0 is wrong on all of S.
        BrittleSet[] verified =
        [
            .. found.Select(set => set.Size == 0 ? set with { ControlMargin = 1 } : set with
            {
                ControlMargin = set.Target == 0 ? -0.1 : 1,
                Status = set.Target < 2 || (set.Target == 2 && set.SizeFactor > 1)
                    ? BrittleStatus.Flipped
                    : BrittleStatus.NotFlipped,
            }),
        ];
        var summary = BrittleSummary.Of(verified, new BrittleStudy(6, 20, [1, 1.25], 0));
        Assert.Equal(
            (6, 4, 1, 1, 1),
            (summary.Targets, summary.WithSet, summary.NoSet, summary.AlreadyWrong, summary.ControlWrong));
        Assert.Equal(3, summary.MedianSize); // of 1, 2, 4 and 8
        Assert.Equal([new FlippedFraction(1, 0.5), new FlippedFraction(1.25, 0.75)], summary.Flipped);
    }

    [Fact]
    public void Without_any_set_there_is_no_median_and_no_fraction()
    {
        var world = new LinearWorld([5], [[1, 1]]);
        BrittleSet set = BrittleFinder.Find(world.DatamodelOf(world.NewRun(_folder.File("run")), 0));
        var summary = BrittleSummary.Of([set], new BrittleStudy(1, 20, [1], 0));
        Assert.Null(summary.MedianSize);
        Assert.Equal([new FlippedFraction(1, null)], summary.Flipped);
    }
}
