using Datamodels.Attribution;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Datamodels.Tests.Insight;
using Xunit;

namespace Datamodels.Tests.Attribution;

public sealed class HeldOutMarginsTests : IDisposable
{
    private const int Subsets = 12;
    private const int Train = 30;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Means_are_those_of_the_models_trained_on_each_subset()
    {
        LinearWorld world = LinearWorld.Random(targets: 3, Train, noise: 1);
        HeldOutMargins margins = Read(world, retrainings: 3);
        var plan = new SubsetPlan(2, 0.5, Subsets, 3);
        for (int target = 0; target < 3; target++)
        {
            double[] expected =
            [
                .. Enumerable.Range(0, Subsets).Select(subset => Enumerable.Range(3 * subset, 3).Average(model =>
                    (double)world.MarginOf(new TrainingTask(0, plan.MaskOf(model, Train), plan.TrainingSeedOf(model)), target))),
            ];
            Assert.Equal(expected, margins.MeansOf(target).ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        }

        Assert.Equal(
            Enumerable.Range(0, Subsets).Select(subset => plan.MaskOf(3 * subset, Train).ToExamples()),
            margins.Masks.Select(mask => mask.ToExamples()));
    }

    [Fact]
    public void The_order_of_the_predictions_alone_is_scored()
    {
        HeldOutMargins margins = Read(LinearWorld.Random(targets: 2, Train), retrainings: 2);
        double[] right = [.. margins.MeansOf(1).ToArray().Select(margin => Math.Exp(margin) - 7)];
        Assert.Equal(1, margins.LdsOf(1, right), 1e-12);
        Assert.Equal(-1, margins.LdsOf(1, [.. right.Select(value => -value)]), 1e-12);
        Assert.NotEqual(1, margins.LdsOf(0, right), 1e-3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void The_ceiling_is_stepped_up_from_the_correlation_of_the_halves(int retrainings)
    {
        LinearWorld world = LinearWorld.Random(targets: 1, Train, noise: 1);
        HeldOutMargins margins = Read(world, retrainings);
        var plan = new SubsetPlan(2, 0.5, Subsets, retrainings);
        int half = retrainings / 2;
        double[] Half(int first) =>
        [
            .. Enumerable.Range(0, Subsets).Select(subset => Enumerable.Range(0, half).Average(r =>
            {
                int model = (subset * retrainings) + first + (2 * r);
                return (double)world.MarginOf(new TrainingTask(0, plan.MaskOf(model, Train), plan.TrainingSeedOf(model)), 0);
            })),
        ];
        double r = RankCorrelation.Spearman(Half(0), Half(1));
        double factor = (double)retrainings / half;
        Assert.Equal(Math.Sqrt(factor * r / (1 + ((factor - 1) * r))), margins.CeilingOf(0)!.Value, 1e-12);
    }

    [Fact]
    public void Targets_of_another_choice_are_refused()
    {
        LinearWorld world = LinearWorld.Random(targets: 2, Train);
        SubsetTraining run = world.NewRun(_folder.File("run"));
        var others = new Observation { Targets = new TargetSelection { Examples = [1, 0] } };
        SubsetTraining other = SubsetTraining.CreateOrOpen(
            _folder.File("other"), run.Data, run.Spec.Learner, new SubsetPlan(2, 0.5, Subsets), world.Name, others);
        other.Train(world, cancellation: TestContext.Current.CancellationToken);
        var exception = Assert.Throws<DatamodelException>(() =>
            HeldOutMargins.Read(other, run, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("HeldOutMismatch", exception.Id);
        Assert.Contains("other targets", exception.Message, StringComparison.Ordinal);
    }

    private HeldOutMargins Read(LinearWorld world, int retrainings)
    {
        SubsetTraining run = world.NewRun(_folder.File("run"));
        SubsetTraining heldOut = HeldOutSubsets.Open(run, 0.5, Subsets, retrainings, seed: 2, world.Name);
        heldOut.Train(world, cancellation: TestContext.Current.CancellationToken);
        return HeldOutMargins.Read(heldOut, run, cancellation: TestContext.Current.CancellationToken);
    }
}
