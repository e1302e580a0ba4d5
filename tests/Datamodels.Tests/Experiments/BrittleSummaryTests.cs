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
        BrittleSummary summary = BrittleSummary.Of(verified, new BrittleStudy(6, 20, [1, 1.25], 0), BrittleMode.Remove)!;
        Assert.Null(summary.Search);
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
        BrittleSummary summary = BrittleSummary.Of([set], new BrittleStudy(1, 20, [1], 0), BrittleMode.Remove)!;
        Assert.Null(summary.MedianSize);
        Assert.Equal([new FlippedFraction(1, null)], summary.Flipped);
    }

    [Fact]
    public void What_was_not_studied_has_no_summary()
    {
        Assert.Null(BrittleSummary.Of([], null, BrittleMode.Remove));
        Assert.Null(BrittleSummary.Of([], new BrittleStudy(1, 20, [1], 0), BrittleMode.Flip));
    }

    [Fact]
    public void A_search_is_summed_up_by_mode_and_over_the_targets_that_every_mode_flips()
    {
        // k is 2 for the first four targets; for the last there is no set.
        double[] biases = [-8, -8, -8, -8, 5];
        var world = new LinearWorld(biases, [.. biases.Select(_ => Enumerable.Repeat(1.0, 10).ToArray())]);
        BrittleSet[] removed = [.. world.Datamodels(world.NewRun(_folder.File("run"))).Select(one => BrittleFinder.Find(one))];
        BrittleSet[] relabelled = [.. removed.Select(set => set with { NewClass = 1 })];
        BrittleSet[] all =
        [
            .. removed, .. relabelled,
            Searched(removed[0], BrittleStatus.Flipped, 3), Searched(removed[1], BrittleStatus.Flipped, 5),
            Searched(removed[2], BrittleStatus.CannotFlip, 10), Searched(removed[3], BrittleStatus.AlreadyWrong, 0),
            Searched(removed[4], BrittleStatus.Flipped, 8),
            Searched(relabelled[0], BrittleStatus.Flipped, 1), Searched(relabelled[1], BrittleStatus.Flipped, 2),
            Searched(relabelled[2], BrittleStatus.Flipped, 9), Searched(relabelled[3], BrittleStatus.AlreadyWrong, 0),
            Searched(relabelled[4], BrittleStatus.CannotFlip, 10),
        ];
        BrittleStudy study = new(5, 20, [1], 0) { Mode = [BrittleMode.Flip, BrittleMode.Remove], Search = true };
        BrittleSummary remove = BrittleSummary.Of(all, study, BrittleMode.Remove)!;
        Assert.Equal((5, 4, 1), (remove.Targets, remove.WithSet, remove.NoSet));
        Assert.Equal(
            new BrittleSearchSummary
            {
                Verified = 2, VerifiedWithoutSet = 1, CannotFlip = 1, AlreadyWrong = 1, MedianSize = 5, Shared = 2,
                MedianShared = 4,
            },
            remove.Search);
        Assert.Equal(
            new BrittleSearchSummary
            {
                Verified = 3, VerifiedWithoutSet = 0, CannotFlip = 1, AlreadyWrong = 1, MedianSize = 2, Shared = 2,
                MedianShared = 1.5,
            },
            BrittleSummary.Of(all, study, BrittleMode.Flip)!.Search);

        static BrittleSet Searched(BrittleSet set, BrittleStatus status, int size) => set with
        {
            SizeFactor = null, Status = status, Examples = [.. Enumerable.Range(0, size)],
        };
    }
}
