using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class RemovalEffectTests : IDisposable
{
    private const int Train = 60;
    private const int Models = 400;
    private const double Deviation = 1.5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_effect_is_the_sum_of_the_weights_removed()
    {
        var world = new LinearWorld([1], [[0.5, 0, -2, 4]]);
        Datamodel datamodel = world.DatamodelOf(world.NewRun(_folder.File("run")), 0);
        Assert.Equal(2.0, RemovalEffect.Of(datamodel, [1, 2, 3]).Effect);
        Assert.Equal(
            datamodel.FullMargin - datamodel.Predict(Mask.Full(4).Without([0, 2])), RemovalEffect.Of(datamodel, [0, 2]).Effect);
    }

    // Of least squares on the support: sigma^2 1_R' (X_A'X_A centred)^-1 1_R, for the masks that were drawn.
    [Theory]
    [InlineData(30, 1)]
    [InlineData(30, 10)]
    [InlineData(30, 30)]
    [InlineData(55, 20)]
    public void The_error_is_about_that_of_least_squares_on_the_examples_with_a_weight(int support, int removed)
    {
        Matrix<double> inverse = CentredGram(support).Inverse();
        double variance = inverse.SubMatrix(0, removed, 0, removed).RowSums().Sum();
        double expected = Deviation * Math.Sqrt(variance);
        RemovalEffect effect = RemovalEffect.Of(Model(support, FitMethod.Lasso), [.. Enumerable.Range(0, removed)]);
        Assert.Equal(expected, effect.Error!.Value, 0.1 * expected);
    }

    [Fact]
    public void On_all_examples_it_is_that_of_the_weights_that_add_up_to_0()
    {
        // With 11' added, which has no part in the sums that remain, as their mean is subtracted.
        Matrix<double> inverse = (CentredGram(Train) + 1).Inverse() - (1.0 / (Train * Train));
        double expected = Deviation * Math.Sqrt(inverse.SubMatrix(0, 12, 0, 12).RowSums().Sum());
        RemovalEffect effect = RemovalEffect.Of(Model(Train, FitMethod.LeastSquares), [.. Enumerable.Range(0, 12)]);
        Assert.Equal(expected, effect.Error!.Value, 0.1 * expected);
    }

    [Fact]
    public void Examples_without_a_weight_have_no_part_in_it()
    {
        Datamodel datamodel = Model(30, FitMethod.Lasso);
        Assert.Equal(RemovalEffect.Of(datamodel, [4]), RemovalEffect.Of(datamodel, [4, 40, 50]));
        Assert.Equal(new RemovalEffect(0, 0), RemovalEffect.Of(datamodel, [40, 50]));
    }

    [Theory]
    [InlineData(FitMethod.Ridge, 30)]
    [InlineData(FitMethod.DifferenceOfMeans, 30)]
    [InlineData(FitMethod.Lasso, Train)]
    public void Where_it_is_not_known_there_is_none(FitMethod method, int support) =>
        Assert.Null(RemovalEffect.Of(Model(support, method), [0]).Error);

    private static Matrix<double> CentredGram(int support)
    {
        var plan = new SubsetPlan(4, 0.3, Models);
        Matrix<double> x = Matrix<double>.Build.Dense(
            Models, support, (model, j) => plan.MaskOf(model, Train)[j] ? 1 : 0);
        Vector<double> means = x.ColumnSums() / Models;
        Matrix<double> centred = Matrix<double>.Build.Dense(Models, support, (model, j) => x[model, j] - means[j]);
        return centred.TransposeThisAndMultiply(centred);
    }

    private Datamodel Model(int support, FitMethod method)
    {
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File("run"), TestData.Blobs(Train, 1), new NetworkLearner(), new SubsetPlan(4, 0.3, Models), "linear");
        return new Datamodel
        {
            Training = run,
            Target = 0,
            Label = "0",
            Options = new FitOptions { Method = method },
            Examples = [.. Enumerable.Range(0, support)],
            Weights = [.. Enumerable.Repeat(1.0, support)],
            Bias = 0,
            Lambda = null,
            HeldOutR2 = null,
            DualityGap = null,
            Converged = true,
            ResidualDeviation = Deviation,
            ModelCount = Models,
        };
    }
}
