using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class BrittleSearchTests : IDisposable
{
    private const int Retrainings = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_smallest_set_is_found_even_if_the_datamodel_is_wrong_about_how_much_each_example_does(double scale)
    {
        // Weights 1 to 20 and a bias of -100: g(S) = 110, and removing 20, 19, ..., 14 (119) is the least that flips it.
        var truth = new LinearWorld([-100], [[.. Enumerable.Range(1, 20).Select(i => (double)i)]]);
        SubsetTraining run = truth.NewRun(_folder.File("run"));
        double[] believed = [.. Enumerable.Range(1, 20).Select(i => scale * i)];
        BrittleSet start = BrittleFinder.Find(new LinearWorld([-100 * scale * scale], [believed]).DatamodelOf(run, 0));

        BrittleSet found = Assert.Single(Search(truth, [start]));
        Assert.Equal(BrittleStatus.Flipped, found.Status);
        Assert.Equal([19, 18, 17, 16, 15, 14, 13], found.Examples);
        Assert.Equal(-9, found.RetrainedMargin);
        Assert.Equal(110, found.ControlMargin);
        Assert.Equal(start.PredictedSize, found.PredictedSize);
        Assert.Null(found.SizeFactor);
        Assert.Null(found.Reason);
    }

    [Fact]
    public void A_target_without_a_set_is_tried_with_every_positive_weight_and_tightened()
    {
        // The datamodel sees half of each weight, and so that nothing flips the target.
        var truth = new LinearWorld([-6], [[4, 3, 2, 1, -1, 0]]);
        SubsetTraining run = truth.NewRun(_folder.File("run"));
        BrittleSet none = BrittleFinder.Find(new LinearWorld([2], [[2, 1.5, 1, 0.5, -0.5, 0]]).DatamodelOf(run, 0));
        Assert.Equal(BrittleStatus.NoSet, none.Status);

        BrittleSet found = Assert.Single(Search(truth, [none]));
        Assert.Equal(BrittleStatus.Flipped, found.Status);
        Assert.Equal([0], found.Examples);
        Assert.Null(found.PredictedSize);
        Assert.Equal(none.FullMargin - 2, found.PredictedMargin);
    }

    [Fact]
    public void Targets_that_cannot_be_flipped_are_named_with_the_reason()
    {
        var truth = new LinearWorld([5, 5, -9], [[1, 1, -1, 0], [0, 0, -1, 0], [1, 1, 1, 1]]);
        SubsetTraining run = truth.NewRun(_folder.File("run"));
        BrittleSet[] found = Search(truth, [.. truth.Datamodels(run).Select(datamodel => BrittleFinder.Find(datamodel))]);
        Assert.Equal(
            [BrittleStatus.CannotFlip, BrittleStatus.CannotFlip, BrittleStatus.AlreadyWrong], found.Select(set => set.Status));
        Assert.Equal(
            [
                "The mean margin of 3 models is at least 4.000, with 2 examples removed.",
                "The mean margin of 3 models is at least 4.000, with 1 examples removed.",
                "The mean margin of 3 models trained on all of S is -5.000.",
            ],
            found.Select(set => set.Reason));
        Assert.Equal([0, 1], found[0].Examples);
        Assert.Equal([false, false, null], found.Select(set => set.Flipped));
        Assert.Equal([6, 4, -5], found.Select(set => set.ControlMargin));
    }

    [Fact]
    public void What_the_datamodel_takes_for_wrong_is_flipped_all_the_same_where_models_are_right()
    {
        var truth = new LinearWorld([-3], [[2, 2, 1, 0]]);
        SubsetTraining run = truth.NewRun(_folder.File("run"));
        BrittleSet wrong = BrittleFinder.Find(new LinearWorld([-9], [[2, 2, 1, 0]]).DatamodelOf(run, 0));
        Assert.Equal(BrittleStatus.AlreadyWrong, wrong.Status);
        Assert.Equal([0], Assert.Single(Search(truth, [wrong])).Examples);
    }

    [Fact]
    public void A_smaller_set_is_looked_for_in_the_targets_own_class()
    {
        // The truth is no straight line: without examples 0 and 3, its class, the target is wrong.
        var linear = new LinearWorld([1], [[0.1, 1, 1, 0, 1, 1]]);
        Datamodel model = linear.DatamodelOf(linear.NewRun(_folder.File("run")), 0);
        var world = new ClassWorld(linear);
        BrittleSet none = BrittleFinder.Find(model);
        Assert.Equal(BrittleStatus.NoSet, none.Status);
        BrittleSet found = Assert.Single(new BrittleSearch(new BrittleVerifier(world, Retrainings)).Search(
            [none], cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(BrittleStatus.Flipped, found.Status);
        Assert.Equal([0, 3], found.Examples);
        Assert.Equal(found.FullMargin - 0.1, found.PredictedMargin, 1e-12);
    }

    [Fact]
    public void A_set_that_is_wrong_on_all_of_S_needs_nothing_removed_whatever_the_datamodel_says()
    {
        var truth = new LinearWorld([-9], [[2, 2, 1, 0]]);
        SubsetTraining run = truth.NewRun(_folder.File("run"));
        BrittleSet set = BrittleFinder.Find(new LinearWorld([-2], [[2, 2, 1, 0]]).DatamodelOf(run, 0));
        Assert.Equal(BrittleStatus.Found, set.Status);
        BrittleSet found = Assert.Single(Search(truth, [set]));
        Assert.Equal(BrittleStatus.AlreadyWrong, found.Status);
        Assert.Empty(found.Examples);
        Assert.Null(found.RetrainedMargin);
    }

    [Fact]
    public void Removal_stops_at_the_last_example_and_relabelling_does_not()
    {
        var hard = new LinearWorld([1], [[1, 1, 1, 1, 1, 1]]);
        Datamodel model = hard.DatamodelOf(hard.NewRun(_folder.File("run")), 0);
        BrittleSet none = Assert.Single(Search(hard, [BrittleFinder.Find(model)]));
        Assert.Equal(BrittleStatus.CannotFlip, none.Status);
        Assert.Equal(5, none.Size);

        // Four of six examples are not of class 1 yet: 7 - 2 x 4 is below 0.
        BrittleSet flipped = Assert.Single(Search(hard, [BrittleFinder.Find(model, newClass: 1)]));
        Assert.Equal(BrittleStatus.Flipped, flipped.Status);
        Assert.Equal([0, 2, 3, 5], flipped.Examples);
    }

    [Fact]
    public void Results_do_not_depend_on_what_is_searched_beside_them()
    {
        LinearWorld world = LinearWorld.Random(targets: 8, train: 40, noise: 2);
        BrittleSet[] together = Search(world, Sets(world, "run"));
        BrittleSet[] alone = [.. Sets(world, "another run").Select(set => Assert.Single(Search(world, [set])))];
        Assert.Contains(together, set => set.Status == BrittleStatus.Flipped);
        Assert.Equal(together.Select(set => set.Examples), alone.Select(set => set.Examples));
        Assert.Equal(together.Select(set => set.RetrainedMargin), alone.Select(set => set.RetrainedMargin));
    }

    [Fact]
    public void A_search_that_was_done_before_trains_nothing()
    {
        LinearWorld world = LinearWorld.Random(targets: 8, train: 40, noise: 2);
        BrittleSet[] sets = Sets(world, "run");
        BrittleSet[] first = Search(world, sets);
        int trained = world.Tasks.Count;
        Assert.Equal(first, Search(world, sets));
        Assert.Equal(trained, world.Tasks.Count);
    }

    [Fact]
    public void A_search_that_was_stopped_goes_on_where_it_was_to_the_same_sets()
    {
        LinearWorld whole = LinearWorld.Random(targets: 8, train: 40, noise: 2);
        BrittleSet[] expected = Search(whole, Sets(whole, "whole"));

        LinearWorld world = LinearWorld.Random(targets: 8, train: 40, noise: 2);
        BrittleSet[] sets = Sets(world, "stopped");
        using var stop = new CancellationTokenSource();
        var progress = new StopInRound(3, stop);
        Assert.ThrowsAny<OperationCanceledException>(
            () => new BrittleSearch(new BrittleVerifier(world, Retrainings)).Search(sets, progress, stop.Token).ToArray());
        BrittleSet[] found = Search(world, sets);
        Assert.Equal(expected.Select(set => set.Examples), found.Select(set => set.Examples));
        Assert.Equal(expected.Select(set => set.RetrainedMargin), found.Select(set => set.RetrainedMargin));
    }

    private static BrittleSet[] Search(LinearWorld world, BrittleSet[] sets) =>
        [.. new BrittleSearch(new BrittleVerifier(world, Retrainings)).Search(sets, null, TestContext.Current.CancellationToken)];

    private BrittleSet[] Sets(LinearWorld world, string run) =>
        [.. world.Datamodels(world.NewRun(_folder.File(run))).Select(datamodel => BrittleFinder.Find(datamodel))];

    /// <summary>A linear world in which target 0, of class 0, is wrong without examples 0 and 3.</summary>
    private sealed class ClassWorld(LinearWorld world) : ITrainingEngine
    {
        public string Name => world.Name;

        public IEnumerable<TrainingOutput> Train(
            TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
            CancellationToken cancellation = default)
        {
            foreach (TrainingTask task in tasks)
            {
                yield return new TrainingOutput(task.Id, [task.Mask[0] || task.Mask[3] ? world.MarginOf(task, 0) : -1]);
            }
        }
    }

    private sealed class StopInRound(int round, CancellationTokenSource stop) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            if (value.Activity.Contains(FormattableString.Invariant($"round {round} "), StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }
    }
}
