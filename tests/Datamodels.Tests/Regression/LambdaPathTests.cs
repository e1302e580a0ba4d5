using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class LambdaPathTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Lambdas_are_log_spaced_from_the_largest_to_epsilon_of_it()
    {
        var options = new FitOptions { LambdaCount = 5, Epsilon = 0.01 };
        double[] lambdas = [.. Enumerable.Range(0, 5).Select(k => options.LambdaOf(2.0, k))];
        Assert.Equal(2.0, lambdas[0]);
        Assert.Equal(0.02, lambdas[^1], 1e-15);
        for (int k = 1; k < 5; k++)
        {
            Assert.Equal(Math.Pow(0.01, 0.25), lambdas[k] / lambdas[k - 1], 1e-12);
        }
    }

    [Fact]
    public void A_path_of_equal_lambdas_is_solved_like_one_of_them()
    {
        RunRows rows = new PlantedRun(20, 100, targets: 1).Rows;
        var options = new FitOptions { LambdaCount = 10, Epsilon = Math.BitDecrement(1.0) };
        (_, FittedTarget fit) = Assert.Single(DatamodelFit.Fit(rows, options, cancellation: Cancellation));
        Assert.True(fit.Converged);
        Assert.True(double.IsFinite(fit.HeldOutR2!.Value));
        Assert.All(fit.Weights, weight => Assert.InRange(weight, -1, 1));
    }

    [Fact]
    public void The_path_ends_when_so_many_lambdas_in_a_row_have_not_lowered_the_held_out_error()
    {
        const int Train = 108;
        const int Lambdas = 30;
        RunRows rows = new PlantedRun(20, 120, targets: 12, seed: 3, size: 0.4, noise: 2).Rows;
        var early = new bool[2];
        for (int target = 0; target < 12; target++)
        {
            double[][] x = PlantedRun.Dense(rows, 0, 120);
            double[] y = PlantedRun.Margins(rows, target, 0, 120);
            double largest = DenseLasso.Gradient(x, y, new double[20], y.Average()).Max(Math.Abs);
            double[] lambdas = PathOf(largest, new FitOptions { LambdaCount = Lambdas });
            double[] errors = [.. lambdas.Select(lambda =>
            {
                (double[] w, double b) = DenseLasso.Solve(x[..Train], y[..Train], lambda);
                return Enumerable.Range(Train, 12).Average(i => Math.Pow(y[i] - DenseLasso.Predict(x[i], w, b), 2));
            })];
            foreach (int patience in new[] { 1, 4, Lambdas })
            {
                int best = 0;
                for (int k = 1; k < Lambdas && k <= best + patience; k++)
                {
                    best = errors[k] < errors[best] ? k : best;
                }

                var options = new FitOptions
                {
                    Targets = [target], LambdaCount = Lambdas, Patience = patience, PathTolerance = 1e-6,
                };
                (_, FittedTarget fit) = Assert.Single(DatamodelFit.Fit(rows, options, cancellation: Cancellation));
                Assert.True(fit.Converged);
                Assert.Equal(lambdas[best], fit.Lambda!.Value, 1e-9 * largest);
                early[best == Array.IndexOf(errors, errors.Min()) ? 0 : 1] = true;
            }
        }

        // Data on which patience matters, and on which it does not.
        Assert.Equal([true, true], early);
    }

    [Fact]
    public void Held_out_error_is_that_of_direct_prediction_with_the_fitted_rows_bias()
    {
        const int Train = 140;
        const int HeldOut = 60;
        RunRows rows = new PlantedRun(25, Train + HeldOut, targets: 1, alpha: 0.4).Rows;
        using var parts = new LassoParts(rows, HeldOut);
        LassoProblem problem = parts.Problem();
        double[][] train = PlantedRun.Dense(rows, 0, Train);
        double[] trainMargins = PlantedRun.Margins(rows, 0, 0, Train);
        double[][] x = PlantedRun.Dense(rows, Train, HeldOut);
        double[] y = PlantedRun.Margins(rows, 0, Train, HeldOut);
        double[][] lambdas = [[.. new[] { 1, 0.5, 0.1, 0.01 }.Select(fraction => fraction * parts.LambdaMax())]];
        foreach (LassoSolution solution in parts.SolvePaths(1e-5, lambdas)[0])
        {
            double bias = DenseLasso.Bias(train, trainMargins, solution.Weights);
            double expected = x.Select((row, i) => Math.Pow(y[i] - DenseLasso.Predict(row, solution.Weights, bias), 2)).Average();
            Assert.Equal(expected, solution.HeldOutError, 1e-5 * expected);
            Assert.Equal(bias, problem.BiasOf(solution.Weights) + parts.Margins[0].Shift, 1e-9);
        }

        TargetSums heldOut = parts.Margins[0].Segments[1];
        Assert.Equal(y.Sum(v => Math.Pow(v - y.Average(), 2)) / HeldOut, heldOut.VarianceOver(HeldOut), 1e-9);
    }

    [Fact]
    public void Lambda_is_the_one_of_the_path_with_the_least_held_out_error_and_the_refit_is_on_all_rows()
    {
        const int Train = 270;
        var run = new PlantedRun(30, 300, targets: 1, planted: 8, size: 0.3, noise: 1);
        var options = new FitOptions { LambdaCount = 20, PathTolerance = 1e-6 };
        (_, FittedTarget fit) = Assert.Single(DatamodelFit.Fit(run.Rows, options, cancellation: Cancellation));

        double[][] x = PlantedRun.Dense(run.Rows, 0, 300);
        double[] y = PlantedRun.Margins(run.Rows, 0, 0, 300);
        double[] zero = new double[30];
        double largest = DenseLasso.Gradient(x, y, zero, y.Average()).Max(Math.Abs);
        (double Lambda, double Error) best = (0, double.PositiveInfinity);
        foreach (double lambda in PathOf(largest, options))
        {
            (double[] w, double b) = DenseLasso.Solve(x[..Train], y[..Train], lambda);
            double error = Enumerable.Range(Train, 30).Average(i => Math.Pow(y[i] - DenseLasso.Predict(x[i], w, b), 2));
            best = error < best.Error ? (lambda, error) : best;
        }

        double mean = y[Train..].Average();
        double variance = y[Train..].Average(v => Math.Pow(v - mean, 2));
        Assert.InRange(best.Lambda, largest * 0.011, largest * 0.99);
        Assert.Equal(best.Lambda, fit.Lambda!.Value, 1e-9 * largest);
        Assert.Equal(1 - (best.Error / variance), fit.HeldOutR2!.Value, 1e-4);
        (double[] weights, double bias) = DenseLasso.Solve(x, y, best.Lambda);
        Assert.Equal(bias, fit.Bias, 1e-3);
        double[] fitted = fit.Dense(30);
        for (int j = 0; j < 30; j++)
        {
            Assert.Equal(weights[j], fitted[j], 1e-3);
        }
    }

    [Fact]
    public void Margins_without_noise_are_solved_down_to_where_nothing_is_left_to_explain()
    {
        const double Tolerance = 1e-4;
        RunRows rows = new PlantedRun(500, 150, targets: 4, noise: 0).Rows;
        using var parts = new LassoParts(rows, heldOut: 15);
        double[] fractions = [.. Enumerable.Range(0, 50).Select(k => Math.Pow(1e-5, k / 49.0))];
        LassoSolution[][] paths = parts.SolvePaths(
            Tolerance, [.. Enumerable.Range(0, 4).Select(t => fractions.Select(f => f * parts.LambdaMax(t)).ToArray())]);
        Assert.All(paths.SelectMany(path => path), solution => Assert.InRange(solution.Certificate.DualityGap, 0, Tolerance));
    }

    [Theory]
    [InlineData(-80)]
    [InlineData(66)]
    public void Margins_in_another_unit_have_the_same_weights_in_that_unit(int powerOfTwo)
    {
        // Of such margins, float32 holds neither the squares nor the sums of squares.
        double unit = Math.ScaleB(1, powerOfTwo);
        RunRows rows = new PlantedRun(40, 200, targets: 2).Rows;
        RunRows others = rows with { Outputs = Array.ConvertAll(rows.Outputs, y => (float)(y * unit)) };
        FittedTarget[] fits = [.. Fit(rows)];
        FittedTarget[] otherFits = [.. Fit(others)];
        for (int target = 0; target < 2; target++)
        {
            Assert.True(fits[target].Converged);
            Assert.InRange(fits[target].HeldOutR2!.Value, 0.5, 1);
            Assert.Equal(fits[target].Examples, otherFits[target].Examples);
            Assert.Equal(fits[target].Weights.Select(weight => weight * unit), otherFits[target].Weights);
            Assert.Equal(fits[target].Bias * unit, otherFits[target].Bias);
            Assert.Equal(fits[target].Lambda * unit, otherFits[target].Lambda);
            Assert.Equal(fits[target].HeldOutR2, otherFits[target].HeldOutR2);
            Assert.Equal(fits[target].DualityGap, otherFits[target].DualityGap);
            Assert.Equal(fits[target].KktResidual, otherFits[target].KktResidual);
            Assert.True(otherFits[target].Converged);
        }

        static IEnumerable<FittedTarget> Fit(RunRows rows) =>
            DatamodelFit.Fit(rows, new FitOptions(), cancellation: Cancellation).Select(fitted => fitted.Fit);
    }

    private static double[] PathOf(double largest, FitOptions options) =>
        [.. Enumerable.Range(0, options.LambdaCount).Select(k => options.LambdaOf(largest, k))];
}
