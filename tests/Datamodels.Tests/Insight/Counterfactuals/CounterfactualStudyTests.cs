using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class CounterfactualStudyTests : IDisposable
{
    private const int Retrainings = 5;

    private static readonly RemovalKind[] s_kinds = [RemovalKind.Top, RemovalKind.Bottom, RemovalKind.Random];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_datamodels_are_exact_the_measured_effects_are_the_predicted_ones()
    {
        LinearWorld world = LinearWorld.Random(targets: 3, train: 30);
        Removal[] removals = Removals(world);
        Counterfactual[] found = Measure(world, removals);
        Assert.Equal(
            removals.Select(removal => (removal.Datamodel.Target, removal.Kind, removal.Examples)),
            found.Select(counterfactual => (counterfactual.Target, counterfactual.Kind, counterfactual.Removed)));
        Assert.All(found, counterfactual =>
        {
            Assert.Equal(counterfactual.PredictedEffect, counterfactual.MeasuredEffect, 1e-5);
            Assert.Equal(counterfactual.Datamodel.FullMargin, counterfactual.ControlMargin, 1e-5);
            Assert.Equal(0, counterfactual.MeasuredError, 1e-6);
            Assert.Equal(Retrainings, counterfactual.RetrainingCount);
        });
        Assert.All(found.Where(removed => removed.Kind == RemovalKind.Top), top => Assert.True(top.MeasuredEffect > 0));
        Assert.All(CounterfactualMeasure.Of(found), measure =>
        {
            Assert.Equal(1, measure.Pearson!.Value, 1e-6);
            Assert.Equal(1, measure.Spearman!.Value, 1e-6);
            Assert.Equal(1, measure.Slope!.Value, 1e-5);
            Assert.Equal(0, measure.Offset!.Value, 1e-4);
        });
    }

    [Fact]
    public void The_measured_error_is_that_of_both_means()
    {
        LinearWorld world = LinearWorld.Random(targets: 1, train: 30, noise: 1);
        Removal removal = Removals(world)[0];
        Counterfactual found = Assert.Single(Measure(world, [removal]));
        double control = Error(world.Tasks.Where(task => task.Mask.Count == 30));
        double retrained = Error(world.Tasks.Where(task => task.Mask.Count < 30));
        Assert.Equal(control, found.ControlError, 1e-6);
        Assert.Equal(retrained, found.RetrainedError, 1e-6);
        Assert.Equal(Math.Sqrt((control * control) + (retrained * retrained)), found.MeasuredError, 1e-6);
        Assert.True(control > 0 && retrained > 0);

        double Error(IEnumerable<TrainingTask> tasks)
        {
            double[] margins = [.. tasks.Select(task => (double)world.MarginOf(task, 0))];
            double mean = margins.Average();
            return Math.Sqrt(margins.Sum(margin => Math.Pow(margin - mean, 2)) / (Retrainings - 1) / Retrainings);
        }
    }

    [Fact]
    public void Results_do_not_depend_on_what_is_measured_beside_them_nor_on_the_order_of_the_outputs()
    {
        LinearWorld forwards = LinearWorld.Random(targets: 3, train: 30, noise: 1);
        LinearWorld backwards = LinearWorld.Random(targets: 3, train: 30, noise: 1, backwards: true);
        Removal[] removals = Removals(forwards);
        Counterfactual[] together = Measure(forwards, removals);
        Directory.Delete(Path.Combine(_folder.File("run"), "retrained"), recursive: true);
        Counterfactual[] turned = Measure(backwards, [.. removals.Reverse()]);
        Assert.Equal(together, turned.Reverse());
        Assert.NotEqual(together, Measure(forwards, removals, seed: 4));
    }

    [Fact]
    public void The_control_is_trained_once_and_nothing_twice()
    {
        LinearWorld world = LinearWorld.Random(targets: 3, train: 30);
        Removal[] removals = Removals(world);
        Counterfactual[] first = Measure(world, removals[..4]);
        Assert.Equal(Retrainings, world.Tasks.Count(task => task.Mask.Count == 30));
        Counterfactual[] all = Measure(world, removals);
        Assert.Equal(first, all[..4]);
        Assert.Equal((removals.Length + 1) * Retrainings, world.Tasks.Count);
        Assert.Empty(Measure(world, []));
    }

    [Fact]
    public void Another_fit_predicts_the_same_removals_without_training()
    {
        LinearWorld world = LinearWorld.Random(targets: 2, train: 30);
        Counterfactual[] found = Measure(world, Removals(world));
        int trained = world.Tasks.Count;
        SubsetTraining run = found[0].Datamodel.Training;
        SubsetTraining other = SubsetTraining.CreateOrOpen(
            _folder.File("other"), run.Data, run.Spec.Learner, new SubsetPlan(9, 0.75, 4), world.Name);
        Datamodel[] others = world.Datamodels(other, scale: 0.5);
        Counterfactual[] again = [.. found.SelectMany(counterfactual => counterfactual.PredictedBy(others))];
        Assert.Equal(found.Length, again.Length);
        Assert.Equal(trained, world.Tasks.Count);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(found[i].Target, again[i].Target);
            Assert.Equal(found[i].PredictedEffect / 2, again[i].PredictedEffect, 1e-9);
            Assert.Equal(found[i].MeasuredEffect, again[i].MeasuredEffect);
        }

        IReadOnlyList<CounterfactualMeasure> measures = CounterfactualMeasure.Of([.. found, .. again]);
        Assert.Equal([0.5, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75, 0.75], measures.Select(measure => measure.Alpha));
        Assert.Equal(2, measures[4].Slope!.Value, 1e-5);
    }

    [Fact]
    public void Fits_of_one_run_are_measured_apart()
    {
        LinearWorld world = LinearWorld.Random(targets: 2, train: 30);
        Counterfactual[] found = Measure(world, Removals(world));
        Datamodel[] ridge = world.Datamodels(found[0].Datamodel.Training, scale: -0.5, FitMethod.Ridge);
        Counterfactual[] again = [.. found.SelectMany(counterfactual => counterfactual.PredictedBy(ridge))];
        CounterfactualMeasure[] measures =
            [.. CounterfactualMeasure.Of([.. found, .. again]).Where(measure => measure.Kind is null)];
        Assert.Equal([FitMethod.Lasso, FitMethod.Ridge], measures.Select(measure => measure.Method));
        Assert.Equal(1, measures[0].Slope!.Value, 1e-5);
        Assert.Equal(-2, measures[1].Slope!.Value, 1e-5);
    }

    [Fact]
    public void Datamodels_of_something_else_are_refused()
    {
        LinearWorld world = LinearWorld.Random(targets: 2, train: 30);
        Counterfactual found = Measure(world, [Removals(world)[0]])[0];
        SubsetTraining other = SubsetTraining.CreateOrOpen(
            _folder.File("other"), TestData.Blobs(30, 2, seed: 9), new NetworkLearner(), new SubsetPlan(2, 0.5, 10), world.Name);
        var mismatch = Assert.Throws<DatamodelException>(() => found.PredictedBy(world.Datamodels(other)));
        Assert.Equal("CounterfactualMismatch", mismatch.Id);
        Assert.Contains("other data", mismatch.Message, StringComparison.Ordinal);
        Datamodel[] one = [world.DatamodelOf(found.Datamodel.Training, 1)];
        Assert.Equal("TargetMissing", Assert.Throws<DatamodelException>(() => found.PredictedBy(one)).Id);
    }

    [Fact]
    public void One_retraining_is_refused() => Assert.Equal(
        "RetrainingsOutOfRange",
        Assert.Throws<DatamodelException>(() => new CounterfactualStudy(LinearWorld.Random(1, 4), 1)).Id);

    [Fact]
    public void Two_counterfactuals_are_not_correlated()
    {
        LinearWorld world = LinearWorld.Random(targets: 1, train: 30);
        CounterfactualMeasure measure = Assert.Single(CounterfactualMeasure.Of(Measure(world, Removals(world)[..2])));
        Assert.Equal((2, null, null), (measure.RemovalCount, measure.Pearson, measure.Spearman));
        Assert.Equal("too few to rank: 2 removals, Lasso at alpha 0.5", measure.ToString());
    }

    private static Counterfactual[] Measure(LinearWorld world, Removal[] removals, ulong seed = 3) =>
    [
        .. new CounterfactualStudy(world, Retrainings, seed)
            .Measure(removals, cancellation: TestContext.Current.CancellationToken),
    ];

    private Removal[] Removals(LinearWorld world) =>
    [
        .. world.Datamodels(world.NewRun(_folder.File("run")))
            .SelectMany(datamodel => Removal.Of(datamodel, [2, 4, 8], s_kinds, seed: 1)),
    ];
}
