using Datamodels.Attribution;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Datamodels.Tests.Insight;
using Xunit;

namespace Datamodels.Tests.Attribution;

public sealed class DatamodelGrowthTests : IDisposable
{
    private const int Models = 400;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FitMethod.Lasso)]
    [InlineData(FitMethod.Ridge)]
    public void A_fit_to_the_first_models_is_the_fit_of_a_run_of_so_many(FitMethod method)
    {
        LinearWorld world = LinearWorld.Random(targets: 3, train: 30, noise: 2);
        var options = new FitOptions { Method = method, LambdaCount = 20, Targets = [2, 0] };
        Datamodel[] whole = Fit(Train(world, "large", Models), options);
        IReadOnlyList<Datamodel> first = DatamodelGrowth.Refit(whole, 150, cancellation: Cancellation);
        Datamodel[] expected = Fit(Train(world, "small", 150), options);
        Assert.Equal([2, 0], first.Select(datamodel => datamodel.Target));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(expected[i].Weights, first[i].Weights);
            Assert.Equal(
                (expected[i].Bias, expected[i].Lambda, expected[i].ResidualDeviation, 150, method),
                (first[i].Bias, first[i].Lambda, first[i].ResidualDeviation, first[i].ModelCount, first[i].Method));
            Assert.NotEqual(whole[i].Weights, first[i].Weights);
        }
    }

    [Fact]
    public void All_models_give_the_fit_that_is_kept()
    {
        LinearWorld world = LinearWorld.Random(targets: 3, train: 30, noise: 2);
        SubsetTraining run = Train(world, "run", 150);
        Datamodel whole = Fit(run, new FitOptions())[0];
        Assert.Equal(whole.Weights, DatamodelGrowth.Refit([whole], 150, cancellation: Cancellation)[0].Weights);
        Assert.Single(Directory.GetDirectories(Path.Combine(run.Path, "fits")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(151)]
    public void More_models_than_there_are_are_refused(int modelCount)
    {
        LinearWorld world = LinearWorld.Random(targets: 3, train: 30, noise: 2);
        Datamodel[] fit = Fit(Train(world, "run", 150), new FitOptions());
        var exception = Assert.Throws<DatamodelException>(
            () => DatamodelGrowth.Refit(fit, modelCount, cancellation: Cancellation));
        Assert.Equal("FitOptionOutOfRange", exception.Id);
        Assert.Contains($"ModelCount of the fit is {modelCount}; it must be at least 1, and at most 150", exception.Message);
    }

    private static Datamodel[] Fit(SubsetTraining run, FitOptions options) =>
        [.. DatamodelFit.Fit(run, options, cancellation: Cancellation)];

    private SubsetTraining Train(LinearWorld world, string name, int models)
    {
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File(name), TestData.Blobs(30, 3), new NetworkLearner(), new SubsetPlan(1, 0.5, models), world.Name);
        run.Train(world, cancellation: Cancellation);
        return run;
    }
}
