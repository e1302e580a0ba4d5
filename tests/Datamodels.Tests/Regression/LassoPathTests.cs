using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class LassoPathTests
{
    [Fact]
    public void Lambdas_are_log_spaced_from_the_largest_to_epsilon_of_it()
    {
        double[] lambdas = LassoPath.Lambdas(2.0, 5, 0.01);
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
        (_, TargetFit fit) = Assert.Single(DatamodelFit.Fit(rows, options, null, TestContext.Current.CancellationToken));
        Assert.True(fit.Converged);
        Assert.True(double.IsFinite(fit.HeldOutR2));
        Assert.All(fit.Weights, weight => Assert.InRange(weight, -1, 1));
    }

    [Fact]
    public void The_path_ends_when_so_many_lambdas_in_a_row_have_not_lowered_the_held_out_error()
    {
        const int Train = 108;
        const int Lambdas = 30;
        RunRows rows = new PlantedRun(20, 120, targets: 6, size: 0.4, noise: 2).Rows;
        var early = new bool[2];
        for (int target = 0; target < 6; target++)
        {
            double[][] x = PlantedRun.Dense(rows, 0, 120);
            double[] y = PlantedRun.Margins(rows, target, 0, 120);
            double largest = DenseLasso.Gradient(x[..Train], y[..Train], new double[20], y[..Train].Average()).Max(Math.Abs);
            double[] lambdas = LassoPath.Lambdas(largest, Lambdas, 0.01);
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
                    Targets = [target], LambdaCount = Lambdas, Patience = patience, PathTolerance = 1e-10,
                };
                (_, TargetFit fit) = Assert.Single(DatamodelFit.Fit(rows, options, null, TestContext.Current.CancellationToken));
                Assert.Equal(lambdas[best], fit.Lambda, 1e-9 * largest);
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
        BitMatrix trainMasks = TestMatrix.Pack(rows, 0, Train);
        BitMatrix heldOutMasks = TestMatrix.Pack(rows, Train, HeldOut);
        TargetBlock block = TestMatrix.Sums(rows, trainMasks, heldOutMasks, [0]);
        Gram train = TestMatrix.Count(trainMasks);
        Gram all = TestMatrix.Count(heldOutMasks).Absorb(train);
        var problem = new LassoProblem(train, block.Train[0]);
        double[] weights = [.. Enumerable.Range(0, 25).Select(j => j % 3 == 0 ? 0 : Math.Cos(j))];

        double[][] x = PlantedRun.Dense(rows, Train, HeldOut);
        double[] y = PlantedRun.Margins(rows, 0, Train, HeldOut);
        double bias = DenseLasso.Bias(PlantedRun.Dense(rows, 0, Train), PlantedRun.Margins(rows, 0, 0, Train), weights);
        double expected = x.Select((row, i) => Math.Pow(y[i] - DenseLasso.Predict(row, weights, bias), 2)).Average();

        var error = new HeldOutError(all, problem, block.HeldOut[0]);
        Assert.Equal(expected, error.Of(weights, train.Square(weights)), 1e-9);
        Assert.Equal(y.Sum(v => Math.Pow(v - y.Average(), 2)) / HeldOut, error.Variance, 1e-9);
        Assert.Equal(bias, problem.BiasOf(weights) + block.Shifts[0], 1e-9);
    }

    [Fact]
    public void Lambda_is_the_one_of_the_path_with_the_least_held_out_error_and_the_refit_is_on_all_rows()
    {
        const int Train = 270;
        var run = new PlantedRun(30, 300, targets: 1, planted: 8, size: 0.3, noise: 1);
        var options = new FitOptions { LambdaCount = 20, PathTolerance = 1e-10 };
        (_, TargetFit fit) = Assert.Single(DatamodelFit.Fit(run.Rows, options, null, TestContext.Current.CancellationToken));

        double[][] x = PlantedRun.Dense(run.Rows, 0, 300);
        double[] y = PlantedRun.Margins(run.Rows, 0, 0, 300);
        double[] zero = new double[30];
        double largest = DenseLasso.Gradient(x[..Train], y[..Train], zero, y[..Train].Average()).Max(Math.Abs);
        (double Lambda, double Error) best = (0, double.PositiveInfinity);
        foreach (double lambda in LassoPath.Lambdas(largest, 20, 0.01))
        {
            (double[] w, double b) = DenseLasso.Solve(x[..Train], y[..Train], lambda);
            double error = Enumerable.Range(Train, 30).Average(i => Math.Pow(y[i] - DenseLasso.Predict(x[i], w, b), 2));
            best = error < best.Error ? (lambda, error) : best;
        }

        double mean = y[Train..].Average();
        double variance = y[Train..].Average(v => Math.Pow(v - mean, 2));
        Assert.InRange(best.Lambda, largest * 0.011, largest * 0.99);
        Assert.Equal(best.Lambda, fit.Lambda, 1e-9 * largest);
        Assert.Equal(1 - (best.Error / variance), fit.HeldOutR2, 1e-4);
        (double[] weights, double bias) = DenseLasso.Solve(x, y, best.Lambda);
        Assert.Equal(bias, fit.Bias, 1e-3);
        for (int j = 0; j < 30; j++)
        {
            Assert.Equal(weights[j], fit.Weights[j], 1e-3);
        }
    }
}
