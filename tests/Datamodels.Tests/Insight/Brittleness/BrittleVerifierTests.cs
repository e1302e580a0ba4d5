using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class BrittleVerifierTests : IDisposable
{
    private const int Retrainings = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_datamodels_are_exact_retraining_gives_the_predicted_margins()
    {
        LinearWorld world = LinearWorld.Random(targets: 6, train: 30);
        BrittleSet[] sets = Sets(world);
        BrittleSet[] verified = Verify(new BrittleVerifier(world, Retrainings), sets);
        Assert.Contains(sets, set => set.Status == BrittleStatus.Found);
        for (int i = 0; i < sets.Length; i++)
        {
            Assert.Equal(sets[i].FullMargin, verified[i].ControlMargin!.Value, 1e-5);
            Assert.Equal(Retrainings, verified[i].RetrainingCount);
            if (sets[i].Size > 0)
            {
                Assert.Equal(BrittleStatus.Flipped, verified[i].Status);
                Assert.Equal(sets[i].PredictedMargin, verified[i].RetrainedMargin!.Value, 1e-5);
                Assert.Equal(0, verified[i].RetrainedError!.Value, 1e-6);
            }
        }
    }

    [Fact]
    public void A_set_is_flipped_by_the_mean_of_the_retrainings_alone()
    {
        // Half of the weight that the datamodel sees is there: removing example 0 brings the margin from 2 to 1, not to 0.
        var world = new LinearWorld([1], [[1, 0, 0, 0]]);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        BrittleSet believed = BrittleFinder.Find(new LinearWorld([0], [[2, 0, 0, 0]]).DatamodelOf(run, 0));
        BrittleSet verified = Assert.Single(Verify(new BrittleVerifier(world, Retrainings), [believed]));
        Assert.Equal(BrittleStatus.NotFlipped, verified.Status);
        Assert.False(verified.Flipped);
        Assert.Equal(1, verified.RetrainedMargin);
        Assert.Equal(2, verified.ControlMargin);
    }

    [Fact]
    public void The_error_is_the_standard_error_of_the_mean()
    {
        LinearWorld world = LinearWorld.Random(targets: 4, train: 30, noise: 1);
        BrittleSet set = Sets(world).First(set => set.Size > 0);
        BrittleSet verified = Assert.Single(Verify(new BrittleVerifier(world, Retrainings), [set]));

        double[] margins =
        [
            .. world.Tasks.Where(task => task.Mask.Count < 30).Select(task => (double)world.MarginOf(task, set.Target)),
        ];
        Assert.Equal(Retrainings, margins.Length);
        double mean = margins.Average();
        Assert.Equal(mean, verified.RetrainedMargin!.Value, 1e-12);
        Assert.Equal(
            Math.Sqrt(margins.Sum(margin => Math.Pow(margin - mean, 2)) / (Retrainings - 1)) / Math.Sqrt(Retrainings),
            verified.RetrainedError!.Value, 1e-12);
        Assert.True(verified.RetrainedError > 0);
    }

    [Fact]
    public void Results_do_not_depend_on_what_is_verified_beside_them_nor_on_the_order_of_the_outputs()
    {
        LinearWorld forwards = LinearWorld.Random(targets: 6, train: 30, noise: 1);
        LinearWorld backwards = LinearWorld.Random(targets: 6, train: 30, noise: 1, backwards: true);
        BrittleSet[] sets = Sets(forwards);
        BrittleSet[] together = Verify(new BrittleVerifier(forwards, Retrainings, seed: 3), sets);
        DeleteKept();
        BrittleSet[] turned = Verify(new BrittleVerifier(backwards, Retrainings, seed: 3), [.. sets.Reverse()]);
        BrittleSet[] alone = [.. sets.Select(Alone)];
        Assert.Equal(together, turned.Reverse());
        Assert.Equal(together, alone);
        Assert.NotEqual(together, Verify(new BrittleVerifier(forwards, Retrainings, seed: 4), sets));

        BrittleSet Alone(BrittleSet set)
        {
            DeleteKept();
            return Verify(new BrittleVerifier(forwards, Retrainings, seed: 3), [set]).Single();
        }
    }

    [Fact]
    public void Seeds_are_shared_by_the_sets_of_one_target_and_by_nothing_else()
    {
        LinearWorld world = LinearWorld.Random(targets: 6, train: 30);
        BrittleSet[] sets = [.. Sets(world).Where(set => set.Size > 0)];
        BrittleSet larger = BrittleFinder.Find(sets[0].Datamodel, sizeFactor: 1.5);
        _ = Verify(new BrittleVerifier(world, Retrainings), [sets[0], larger, sets[1]]);

        ulong[][] seeds = [.. world.Tasks.Chunk(Retrainings).Select(tasks => tasks.Select(task => task.Seed).ToArray())];
        Assert.Equal(4, seeds.Length);
        Assert.Equal(seeds[1], seeds[2]);
        Assert.Equal(3 * Retrainings, seeds.SelectMany(block => block).Distinct().Count());
    }

    [Fact]
    public void The_control_is_trained_once_for_a_run()
    {
        LinearWorld world = LinearWorld.Random(targets: 6, train: 30);
        BrittleSet[] sets = Sets(world);
        BrittleSet[] others = Sets(world, "other run");
        var verifier = new BrittleVerifier(world, Retrainings);
        _ = Verify(verifier, sets[..3]);
        _ = Verify(verifier, sets[3..]);
        Assert.Equal(Retrainings, world.Tasks.Count(task => task.Mask.Count == 30));
        _ = Verify(verifier, [sets[0], others[0], sets[1], others[1]]);
        Assert.Equal(2 * Retrainings, world.Tasks.Count(task => task.Mask.Count == 30));
    }

    [Fact]
    public void Sets_with_nothing_to_remove_come_back_with_the_control_alone()
    {
        var world = new LinearWorld([5, -5], [[1, 1], [1, 1]]);
        BrittleSet[] verified = Verify(new BrittleVerifier(world, Retrainings), Sets(world));
        Assert.Equal([BrittleStatus.NoSet, BrittleStatus.AlreadyWrong], verified.Select(set => set.Status));
        Assert.Equal([7, -3], verified.Select(set => set.ControlMargin!.Value));
        Assert.All(verified, set => Assert.Null(set.RetrainedMargin));
        Assert.All(verified, set => Assert.Null(set.Flipped));
        Assert.Equal(Retrainings, world.Tasks.Count);
    }

    [Fact]
    public void Relabelled_examples_stay_in_the_training_set_with_the_other_label()
    {
        // Blobs of three classes in turn; target 0 is of class 0, and example 2 is of class 2 already.
        var world = new LinearWorld([-2], [[1, 3, 4, 0.5, 0, 0]]);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        BrittleSet set = BrittleFinder.Find(world.DatamodelOf(run, 0), newClass: 2);
        Assert.Equal([1, 0], set.Examples);
        BrittleSet verified = Assert.Single(Verify(new BrittleVerifier(world, Retrainings), [set]));
        Assert.Equal(BrittleStatus.Flipped, verified.Status);
        Assert.Equal(-1.5, verified.RetrainedMargin);
        Assert.Equal(6.5, verified.ControlMargin);
        Assert.All(world.Tasks, task => Assert.Equal(6, task.Mask.Count));
        Assert.Equal(
            [new LabelOverride(1, 2), new LabelOverride(0, 2)],
            world.Tasks.First(task => task.LabelOverrides.Count > 0).LabelOverrides);
    }

    [Fact]
    public void A_set_that_leaves_nothing_to_train_on_is_refused_before_any_training()
    {
        var world = new LinearWorld([-1], [[1, 1]]);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        BrittleSet all = BrittleFinder.Find(world.DatamodelOf(run, 0), sizeFactor: 2);
        var exception = Assert.Throws<DatamodelException>(() => Verify(new BrittleVerifier(world), [all]));
        Assert.Equal("NothingLeft", exception.Id);
        Assert.Empty(world.Tasks);
    }

    [Fact]
    public void A_set_that_empties_a_class_is_trained_all_the_same()
    {
        // Examples 0 and 3 are the whole of class 0.
        var world = new LinearWorld([-1], [[1, 0, 0, 1, 0, 0]]);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        BrittleSet set = BrittleFinder.Find(world.DatamodelOf(run, 0), sizeFactor: 2);
        Assert.Equal([0, 3], set.Examples);
        BrittleSet verified = Assert.Single(Verify(new BrittleVerifier(new CpuEngine(1), 2), [set]));
        Assert.NotNull(verified.Flipped);
    }

    [Fact]
    public void A_retraining_that_diverges_is_an_error_and_not_a_verdict()
    {
        var believed = new LinearWorld([-1], [[2, 0, 0, 0]]);
        BrittleSet set = BrittleFinder.Find(believed.DatamodelOf(believed.NewRun(_folder.File("run")), 0));
        var diverging = new LinearWorld([double.NaN], [[2, 0, 0, 0]]);
        Assert.Equal(
            "TrainingDiverged", Assert.Throws<DatamodelException>(() => Verify(new BrittleVerifier(diverging), [set])).Id);
    }

    [Fact]
    public void Progress_ends_at_the_number_of_models()
    {
        LinearWorld world = LinearWorld.Random(targets: 6, train: 30);
        BrittleSet[] sets = Sets(world);
        var progress = new ProgressList();
        _ = Verify(new BrittleVerifier(world, Retrainings), sets, progress);
        Assert.Equal(world.Tasks.Count, progress.Reports[^1].Done);
        Assert.Equal(world.Tasks.Count, progress.Reports[^1].Total);
    }

    [Fact]
    public void One_retraining_is_refused() => Assert.Equal(
        "RetrainingsOutOfRange", Assert.Throws<DatamodelException>(() => new BrittleVerifier(LinearWorld.Random(1, 4), 1)).Id);

    private static BrittleSet[] Verify(BrittleVerifier verifier, BrittleSet[] sets, IProgress<WorkProgress>? progress = null) =>
        [.. verifier.Verify(sets, progress, TestContext.Current.CancellationToken)];

    /// <summary>Else the second verifier would give what the first one has kept.</summary>
    private void DeleteKept() => Directory.Delete(_folder.File(Path.Combine("run", "retrained")), recursive: true);

    private BrittleSet[] Sets(LinearWorld world, string run = "run") =>
        [.. world.Datamodels(world.NewRun(_folder.File(run))).Select(datamodel => BrittleFinder.Find(datamodel))];

    private sealed class ProgressList : IProgress<WorkProgress>
    {
        public List<WorkProgress> Reports { get; } = [];

        public void Report(WorkProgress value) => Reports.Add(value);
    }
}
