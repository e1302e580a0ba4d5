using Datamodels.Attribution;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Datamodels.Tests.Insight;
using Xunit;

namespace Datamodels.Tests.Attribution;

public sealed class LinearDatamodelingScoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_perfect_datamodel_of_a_noiseless_world_scores_one()
    {
        LinearWorld world = LinearWorld.Random(targets: 3, train: 40);
        DatamodelMeasure measure = Measure(world, subsets: 50, retrainings: 4);
        Assert.Equal(1, measure.Lds, 1e-9);
        Assert.Equal(0, measure.LdsError!.Value, 1e-9);
        Assert.Equal(1, measure.LdsCeiling!.Value, 1e-9);
        Assert.Equal(1, measure.R2, 1e-9);
        Assert.Equal([0, 1, 2], measure.Targets);
        Assert.Equal((0.5, 50, 4, 3), (measure.Alpha, measure.Subsets, measure.Retrainings, measure.TargetCount));
    }

    [Fact]
    public void A_datamodel_with_every_sign_wrong_scores_minus_one()
    {
        DatamodelMeasure measure = Measure(LinearWorld.Random(targets: 3, train: 40), subsets: 50, retrainings: 1, scale: -1);
        Assert.Equal(-1, measure.Lds, 1e-9);
        Assert.True(measure.R2 < 0);
    }

    [Fact]
    public void A_datamodel_without_weights_ranks_nothing()
    {
        DatamodelMeasure measure = Measure(LinearWorld.Random(targets: 3, train: 40), subsets: 50, retrainings: 1, scale: 0);
        Assert.Equal(0, measure.Lds);
    }

    // With margins of variance v over the subsets and noise of variance u over the retrainings, the mean of R has reliability
    // v / (v + u / R), and a perfect predictor correlates with it by the root of that. Rank correlations of such nearly
    // normal numbers are lower by at most .02.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_ceiling_is_what_a_perfect_datamodel_scores(int retrainings)
    {
        const double Noise = 3;
        LinearWorld world = LinearWorld.Random(targets: 4, train: 40, Noise);
        DatamodelMeasure measure = Measure(world, subsets: 400, retrainings);

        LinearWorld noiseless = LinearWorld.Random(targets: 4, train: 40);
        double expected = Enumerable.Range(0, 4).Average(target =>
        {
            double[] margins = [.. Enumerable.Range(0, 400).Select(s => (double)noiseless.MarginOf(
                new TrainingTask(0, new SubsetPlan(2, 0.5, 400).MaskOf(s, 40), 0), target))];
            double mean = margins.Average();
            double variance = margins.Average(margin => (margin - mean) * (margin - mean));
            return Math.Sqrt(variance / (variance + (Noise * Noise / 3 / retrainings)));
        });
        Assert.InRange(expected, 0.6, 0.97);
        Assert.InRange(measure.LdsCeiling!.Value, expected - 0.04, expected + 0.04);
        Assert.InRange(measure.Lds, expected - 0.04, expected + 0.04);
    }

    [Fact]
    public void One_retraining_has_no_halves_and_so_no_ceiling() =>
        Assert.Null(Measure(LinearWorld.Random(targets: 2, train: 40), subsets: 10, retrainings: 1).LdsCeiling);

    [Fact]
    public void One_target_has_no_standard_error() =>
        Assert.Null(Measure(LinearWorld.Random(targets: 1, train: 40), subsets: 10, retrainings: 2).LdsError);

    [Fact]
    public void Held_out_subsets_must_have_another_seed()
    {
        SubsetTraining run = LinearWorld.Random(2, 40).NewRun(_folder.File("run"), seed: 5);
        var exception = Assert.Throws<DatamodelException>(() => HeldOutSubsets.Open(run, 0.75, 10, 2, seed: 5, "linear"));
        Assert.Equal("HeldOutSeed", exception.Id);
        Assert.False(Directory.Exists(Path.Combine(run.Path, "held-out")));
    }

    [Fact]
    public void The_runs_own_subsets_are_refused()
    {
        LinearWorld world = LinearWorld.Random(2, 40);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        run.Train(world, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(
            "HeldOutSeed",
            Assert.Throws<DatamodelException>(() => Score(world.Datamodels(run), run)).Id);
    }

    [Fact]
    public void An_incomplete_run_is_refused()
    {
        LinearWorld world = LinearWorld.Random(2, 40);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        SubsetTraining heldOut = HeldOutSubsets.Open(run, 0.5, 10, 2, 2, world.Name);
        Assert.Equal(
            "HeldOutIncomplete",
            Assert.Throws<DatamodelException>(() => Score(world.Datamodels(run), heldOut)).Id);
    }

    [Fact]
    public void Two_subsets_are_too_few()
    {
        var exception = Assert.Throws<DatamodelException>(() => Measure(LinearWorld.Random(2, 40), subsets: 2, retrainings: 2));
        Assert.Equal("TooFewSubsets", exception.Id);
    }

    [Fact]
    public void Other_data_is_refused()
    {
        LinearWorld world = LinearWorld.Random(2, 40);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        SubsetTraining other = SubsetTraining.CreateOrOpen(
            _folder.File("other"), TestData.Blobs(40, 2, seed: 9), new NetworkLearner(), new SubsetPlan(2, 0.5, 10), world.Name);
        other.Train(world, cancellation: TestContext.Current.CancellationToken);
        var exception = Assert.Throws<DatamodelException>(() => Score(world.Datamodels(run), other));
        Assert.Equal("HeldOutMismatch", exception.Id);
        Assert.Contains("other data", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_datamodels_are_refused()
    {
        LinearWorld world = LinearWorld.Random(2, 40);
        Assert.Equal(
            "NoDatamodels",
            Assert.Throws<DatamodelException>(() => Score([], world.NewRun(_folder.File("run")))).Id);
    }

    [Fact]
    public void Held_out_runs_lie_in_the_run_by_their_parameters_and_are_used_again()
    {
        LinearWorld world = LinearWorld.Random(2, 40);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        SubsetTraining first = HeldOutSubsets.Open(run, 0.5, 10, 2, 2, world.Name);
        first.Train(world, cancellation: TestContext.Current.CancellationToken);
        SubsetTraining again = HeldOutSubsets.Open(world.NewRun(run.Path), 0.5, 10, 2, 2, world.Name);
        Assert.Equal(first.Path, again.Path);
        Assert.True(again.IsComplete);
        string[] others =
        [
            HeldOutSubsets.Open(run, 0.75, 10, 2, 2, world.Name).Path, HeldOutSubsets.Open(run, 0.5, 11, 2, 2, world.Name).Path,
            HeldOutSubsets.Open(run, 0.5, 10, 3, 2, world.Name).Path, HeldOutSubsets.Open(run, 0.5, 10, 2, 3, world.Name).Path,
            HeldOutSubsets.Open(run, 0.5, 10, 2, 2, "other").Path,
        ];
        Assert.Equal(6, others.Append(first.Path).Distinct().Count());
        Assert.All(
            others, path => Assert.StartsWith(Path.Combine(run.Path, "held-out", "alpha-"), path, StringComparison.Ordinal));
    }

    private static DatamodelMeasure Score(Datamodel[] datamodels, SubsetTraining heldOut) =>
        LinearDatamodelingScore.Measure(datamodels, heldOut, TestContext.Current.CancellationToken);

    private DatamodelMeasure Measure(LinearWorld world, int subsets, int retrainings, double scale = 1)
    {
        SubsetTraining run = world.NewRun(_folder.File("run"));
        SubsetTraining heldOut = HeldOutSubsets.Open(run, 0.5, subsets, retrainings, seed: 2, world.Name);
        heldOut.Train(world, cancellation: TestContext.Current.CancellationToken);
        return Score(world.Datamodels(run, scale), heldOut);
    }
}
