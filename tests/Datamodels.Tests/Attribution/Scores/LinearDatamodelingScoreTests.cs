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
        Assert.Equal((1, 1), (measure.LdsInterval.Low, measure.LdsInterval.High));
        Assert.Equal(0, measure.Rmse, 1e-5);
        Assert.Equal(1, measure.Slope, 1e-5);
        Assert.Equal(0, measure.Offset, 1e-4);
        Assert.Equal([0, 1, 2], measure.Targets);
        Assert.Equal(
            (0.5, 50, 4, 3, 4),
            (measure.Alpha, measure.SubsetCount, measure.RetrainingCount, measure.TargetCount, measure.ModelCount));
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

    [Fact]
    public void Calibration_shares_a_slope_between_the_targets_and_gives_each_its_offset()
    {
        // Predictions are half of the margins of target 0, and three times those of target 1.
        LinearWorld world = LinearWorld.Random(targets: 2, train: 40);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        SubsetTraining heldOut = HeldOut(world, run, subsets: 60, retrainings: 1);
        DatamodelMeasure measure = Score([world.DatamodelOf(run, 0, 0.5), world.DatamodelOf(run, 1, 3)], heldOut);
        Assert.Equal([2, 1.0 / 3], measure.TargetMeasures.Select(target => target.Slope), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.All(measure.TargetMeasures, target => Assert.Equal(0, target.Offset, 1e-4));

        HeldOutMargins margins = HeldOutMargins.Read(heldOut, run, cancellation: TestContext.Current.CancellationToken);
        LinearRelation[] lines =
        [
            .. new[] { 0.5, 3 }.Select((scale, target) =>
                LinearRelation.Of([.. margins.MeansOf(target).ToArray().Select(y => scale * y)], margins.MeansOf(target))),
        ];
        double slope = (lines[0].Products + lines[1].Products) / (lines[0].SquaresX + lines[1].SquaresX);
        Assert.Equal(slope, measure.Slope, 1e-4);
        Assert.Equal(lines.Average(line => line.MeanY - (slope * line.MeanX)), measure.Offset, 1e-3);

        // |y - y/2| of the first target and |y - 3y| of the second.
        double[] rmse = [.. new[] { 0.5, 2 }.Select((factor, target) =>
            factor * Math.Sqrt(margins.MeansOf(target).ToArray().Average(y => y * y)))];
        Assert.Equal(rmse, measure.TargetMeasures.Select(target => target.Rmse), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(Math.Sqrt(((rmse[0] * rmse[0]) + (rmse[1] * rmse[1])) / 2), measure.Rmse, 1e-4);
    }

    [Fact]
    public void The_interval_of_the_mean_is_that_of_means_over_the_same_draws()
    {
        LinearWorld world = LinearWorld.Random(targets: 2, train: 40, noise: 12);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        SubsetTraining heldOut = HeldOut(world, run, subsets: 30, retrainings: 1);
        Datamodel[] datamodels = world.Datamodels(run);
        DatamodelMeasure both = Score(datamodels, heldOut);
        HeldOutMargins margins = HeldOutMargins.Read(heldOut, run, cancellation: TestContext.Current.CancellationToken);
        var bootstrap = new SubsetBootstrap(30, heldOut.Spec.Plan.Seed);
        double[][] draws = [.. datamodels.Select((datamodel, i) =>
            bootstrap.LdsOf([.. margins.Masks.Select(datamodel.Predict)], margins.MeansOf(i)))];
        ScoreInterval expected = SubsetBootstrap.IntervalOf(both.Lds, [.. draws[0].Zip(draws[1], (a, b) => (a + b) / 2)]);
        Assert.Equal(expected.Low, both.LdsInterval.Low, 1e-12);
        Assert.Equal(expected.High, both.LdsInterval.High, 1e-12);
        Assert.InRange(both.LdsInterval.High - both.LdsInterval.Low, 0.1, 0.9);
        Assert.Equal(Score([datamodels[1]], heldOut).TargetMeasures[0].LdsInterval, both.TargetMeasures[1].LdsInterval);
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
    public void Two_datamodels_of_one_target_are_refused()
    {
        LinearWorld world = LinearWorld.Random(2, 40);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        Datamodel[] models = world.Datamodels(run);
        var exception = Assert.Throws<DatamodelException>(() => Score([models[0], models[1], models[1]], run));
        Assert.Equal("TargetRepeated", exception.Id);
        Assert.Contains("target 1", exception.Message, StringComparison.Ordinal);
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
        return Score(world.Datamodels(run, scale), HeldOut(world, run, subsets, retrainings));
    }

    private static SubsetTraining HeldOut(LinearWorld world, SubsetTraining run, int subsets, int retrainings)
    {
        SubsetTraining heldOut = HeldOutSubsets.Open(run, 0.5, subsets, retrainings, seed: 2, world.Name);
        heldOut.Train(world, cancellation: TestContext.Current.CancellationToken);
        return heldOut;
    }
}
