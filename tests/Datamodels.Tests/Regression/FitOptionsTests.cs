using Datamodels.Regression;
using Xunit;

namespace Datamodels.Tests.Regression;

public class FitOptionsTests
{
    private static readonly string[] s_all =
    [
        "L1Ratio", "LambdaCount", "Epsilon", "HeldOut", "Folds", "Patience", "PathTolerance", "Tolerance", "Targets", "Output",
        "Threads", "MemoryLimit", "FitPath", "SomethingElse",
    ];

    [Theory]
    [InlineData(FitMethod.Lasso)]
    [InlineData(FitMethod.Ridge, "L1Ratio", "Epsilon", "Patience", "PathTolerance")]
    [InlineData(FitMethod.LeastSquares, "L1Ratio", "LambdaCount", "Epsilon", "HeldOut", "Folds", "Patience", "PathTolerance")]
    [InlineData(
        FitMethod.DifferenceOfMeans,
        "L1Ratio", "LambdaCount", "Epsilon", "HeldOut", "Folds", "Patience", "PathTolerance", "Tolerance")]
    public void A_setting_that_the_method_does_not_use_is_refused(FitMethod method, params string[] unused)
    {
        var options = new FitOptions { Method = method };
        options.RequireUsed([.. s_all.Except(unused)]);
        Assert.All(unused, name =>
        {
            var error = Assert.Throws<DatamodelException>(() => options.RequireUsed([name]));
            Assert.Equal("FitOptionUnused", error.Id);
            Assert.StartsWith($"{name} of the fit is given; it is for Lasso", error.Message, StringComparison.Ordinal);
            Assert.Contains($"the method is {method}", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Folds_and_a_held_out_fraction_are_two_ways_of_the_same()
    {
        var folds = new FitOptions { Folds = 5 };
        folds.RequireUsed(["Folds"]);
        Assert.Contains("5 folds", Assert.Throws<DatamodelException>(() => folds.RequireUsed(["HeldOut"])).Message);
    }

    [Fact]
    public void A_warning_says_what_was_not_reached()
    {
        var options = new FitOptions { Tolerance = 1e-6, PathTolerance = 1e-3 };
        var fit = new FittedTarget([], [], 0, 0.1, 0.5, 1e-4, 1e-5, false);
        Assert.Null(FitWarning.Of(7, fit with { Converged = true }, options));

        FitWarning weights = FitWarning.Of(7, fit, options)!;
        Assert.Equal((7, 1e-4, 1e-6), (weights.Target, weights.Reached, weights.Tolerance));
        Assert.StartsWith(
            "The fit of target 7 reached a relative duality gap of 1.0e-4, not the 1.0e-6", weights.Message,
            StringComparison.Ordinal);

        Assert.StartsWith(
            "The path of target 7 did not reach a relative duality gap of 1.0e-3",
            FitWarning.Of(7, fit with { DualityGap = 1e-6 }, options)!.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The fit of target 7 reached a KKT residual of 1.0e-5, not the 1.0e-6",
            FitWarning.Of(7, fit with { DualityGap = null }, options)!.Message, StringComparison.Ordinal);
    }

    // Ten steps of a path of thousands lead nowhere: they would end it before the first weight is there.
    [Theory]
    [InlineData(2, null, 10)]
    [InlineData(100, null, 10)]
    [InlineData(1000, null, 100)]
    [InlineData(1000, 7, 7)]
    public void Patience_is_a_tenth_of_the_path_unless_it_is_given(int lambdas, int? given, int patience) =>
        Assert.Equal(patience, new FitOptions { LambdaCount = lambdas, Patience = given }.PatienceCount);
}
