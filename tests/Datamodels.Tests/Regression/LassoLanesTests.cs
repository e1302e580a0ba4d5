using Datamodels.Kernels;
using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class LassoLanesTests
{
    [Theory]
    [InlineData(0.5, 40, 200)]
    [InlineData(0.3, 40, 200)]
    [InlineData(0.5, 60, 50)]
    public void Agrees_with_coordinate_descent_on_dense_rows_along_a_path(double alpha, int train, int models)
    {
        RunRows rows = new PlantedRun(train, models, targets: 1, alpha: alpha).Rows;
        using var parts = new LassoParts(rows);
        double[][] x = PlantedRun.Dense(rows, 0, models);
        double[] y = PlantedRun.Margins(rows, 0, 0, models);
        double largest = parts.LambdaMax();
        foreach (LassoSolution solution in parts.Solve(1e-12, [.. new[] { 1, 0.9, 0.5, 0.1, 0.02 }.Select(f => f * largest)]))
        {
            Assert.InRange(solution.Certificate.DualityGap, 0, 1e-12);
            (double[] expected, double bias) = DenseLasso.Solve(x, y, solution.Lambda);
            double best = DenseLasso.Objective(x, y, expected, bias, solution.Lambda);
            double[] weights = solution.Weights;
            double found = DenseLasso.Objective(x, y, weights, DenseLasso.Bias(x, y, weights), solution.Lambda);
            Assert.Equal(best, found, 1e-9 * best);
        }
    }

    [Fact]
    public void Weights_are_zero_at_lambda_max_and_not_just_below()
    {
        using var parts = new LassoParts(new PlantedRun(30, 200, targets: 1).Rows);
        double largest = parts.LambdaMax();
        LassoSolution[] solutions = parts.Solve(1e-12, largest, largest * 0.999);
        Assert.All(solutions, solution => Assert.InRange(solution.Certificate.DualityGap, 0, 1e-12));
        Assert.All(solutions[0].Weights, w => Assert.Equal(0, w));
        Assert.Contains(solutions[1].Weights, w => w != 0);
    }

    [Fact]
    public void The_gradient_is_lambda_where_there_is_a_weight_and_at_most_lambda_elsewhere()
    {
        RunRows rows = new PlantedRun(50, 300, targets: 1).Rows;
        using var parts = new LassoParts(rows);
        double largest = parts.LambdaMax();
        double lambda = 0.1 * largest;
        LassoSolution solution = Assert.Single(parts.Solve(1e-13, lambda));
        double[] weights = solution.Weights;
        double[][] x = PlantedRun.Dense(rows, 0, 300);
        double[] y = PlantedRun.Margins(rows, 0, 0, 300);
        double[] gradient = DenseLasso.Gradient(x, y, weights, DenseLasso.Bias(x, y, weights));
        Assert.Contains(weights, w => w != 0);
        Assert.Contains(weights, w => w == 0);
        double worst = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            if (weights[j] != 0)
            {
                Assert.Equal(lambda * Math.Sign(weights[j]), gradient[j], 1e-5 * lambda);
                worst = Math.Max(worst, Math.Abs(gradient[j] - (lambda * Math.Sign(weights[j]))));
            }
            else
            {
                Assert.InRange(Math.Abs(gradient[j]), 0, lambda * (1 + 1e-5));
                worst = Math.Max(worst, Math.Abs(gradient[j]) - lambda);
            }
        }

        Assert.Equal(worst, solution.Certificate.KktResidual * largest, 1e-9);
    }

    [Fact]
    public void Orthogonal_columns_give_soft_thresholded_means()
    {
        // All 64 subsets of 6 examples: centred columns are orthogonal with variance 1/4.
        byte[] masks = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];
        double[] effects = [2, -1, 0.5, 0.1, -0.05, 0];
        float[] margins = [.. masks.Select(mask => (float)effects.Select((e, j) => ((mask >> j) & 1) * e).Sum())];
        using var parts = new LassoParts(new RunRows([.. Enumerable.Range(0, 64)], 6, 1, masks, margins));
        const double Lambda = 0.02;
        LassoSolution solution = Assert.Single(parts.Solve(1e-14, Lambda));
        Assert.InRange(solution.Certificate.DualityGap, 0, 1e-14);
        for (int j = 0; j < 6; j++)
        {
            double expected = Math.Sign(effects[j]) * Math.Max(0, Math.Abs(effects[j]) - (4 * Lambda));
            Assert.Equal(expected, solution.Weights[j], 1e-6);
        }
    }

    [Fact]
    public void A_single_column_gives_the_closed_form()
    {
        // 12 of 30 models hold the example; their margins are 3 higher.
        byte[] masks = [.. Enumerable.Range(0, 30).Select(i => (byte)(i < 12 ? 1 : 0))];
        float[] margins = [.. masks.Select(mask => 5f + (3 * mask))];
        using var parts = new LassoParts(new RunRows([.. Enumerable.Range(0, 30)], 1, 1, masks, margins));
        const double Curvature = 0.4 * 0.6;
        Assert.Equal(3 * Curvature, parts.LambdaMax(), 1e-12);
        LassoSolution solution = Assert.Single(parts.Solve(1e-14, 0.12));
        Assert.Equal(3 - (0.12 / Curvature), solution.Weights[0], 1e-6);
    }

    [Fact]
    public void A_column_without_variation_gets_no_weight()
    {
        RunRows rows = new PlantedRun(9, 100, targets: 1).Rows;
        byte[] masks = (byte[])rows.MaskBytes.Clone();
        for (int row = 0; row < 100; row++)
        {
            masks[2 * row] = (byte)((masks[2 * row] | 1) & ~2);
        }

        using var parts = new LassoParts(rows with { MaskBytes = masks });
        LassoSolution solution = Assert.Single(parts.Solve(1e-10, 0.001 * parts.LambdaMax()));
        Assert.InRange(solution.Certificate.DualityGap, 0, 1e-10);
        Assert.Equal((0, 0), (solution.Weights[0], solution.Weights[1]));
    }

    [Fact]
    public void Two_equal_columns_do_not_keep_it_from_converging()
    {
        RunRows rows = new PlantedRun(16, 200, targets: 1).Rows;
        byte[] masks = (byte[])rows.MaskBytes.Clone();
        for (int row = 0; row < 200; row++)
        {
            masks[(2 * row) + 1] = masks[2 * row];
        }

        using var parts = new LassoParts(rows with { MaskBytes = masks });
        LassoSolution solution = Assert.Single(parts.Solve(1e-10, 0.05 * parts.LambdaMax()));
        Assert.InRange(solution.Certificate.DualityGap, 0, 1e-10);
    }

    [Theory]
    [InlineData(1e-1)]
    [InlineData(1e-3)]
    [InlineData(1e-6)]
    public void The_gap_bounds_how_much_lower_the_objective_can_get(double tolerance)
    {
        RunRows rows = new PlantedRun(60, 120, targets: 1).Rows;
        double[][] x = PlantedRun.Dense(rows, 0, 120);
        double[] y = PlantedRun.Margins(rows, 0, 0, 120);
        using var parts = new LassoParts(rows);
        double lambda = 0.03 * parts.LambdaMax();
        LassoSolution solution = Assert.Single(parts.Solve(tolerance, lambda));
        double[] weights = solution.Weights;
        (double[] exact, double bias) = DenseLasso.Solve(x, y, lambda);
        double excess = DenseLasso.Objective(x, y, weights, DenseLasso.Bias(x, y, weights), lambda)
            - DenseLasso.Objective(x, y, exact, bias, lambda);
        double atZero = DenseLasso.Objective(x, y, new double[60], y.Average(), lambda);
        Assert.InRange(solution.Certificate.DualityGap, 0, tolerance);
        Assert.InRange(excess / atZero, -1e-12, solution.Certificate.DualityGap + 1e-12);
    }

    [Fact]
    public void The_gap_of_any_weights_is_a_bound_even_far_from_the_solution()
    {
        RunRows rows = new PlantedRun(20, 150, targets: 1).Rows;
        double[][] x = PlantedRun.Dense(rows, 0, 150);
        double[] y = PlantedRun.Margins(rows, 0, 0, 150);
        using var parts = new LassoParts(rows);
        LassoProblem problem = parts.Problem();
        var random = new RandomStream(5, RandomPurpose.Targets, 0);
        foreach (double fraction in (double[])[0.5, 0.1, 0.01])
        {
            double lambda = fraction * parts.LambdaMax();
            (double[] exact, double exactBias) = DenseLasso.Solve(x, y, lambda);
            double best = DenseLasso.Objective(x, y, exact, exactBias, lambda);
            double atZero = DenseLasso.Objective(x, y, new double[20], y.Average(), lambda);
            for (int trial = 0; trial < 20; trial++)
            {
                double[] weights = [.. exact.Select(w => w + (0.3 * PlantedRun.Normal(ref random)))];
                double bias = DenseLasso.Bias(x, y, weights);
                double[] gradient = DenseLasso.Gradient(x, y, weights, bias);
                double gap = LassoCertificate.RelativeGap(
                    problem.Variance, lambda, 0, weights.Zip(problem.Products, (w, q) => w * q / 150).Sum(),
                    weights.Zip(gradient, (w, g) => w * g).Sum(), weights.Sum(Math.Abs), weights.Sum(w => w * w),
                    gradient.Max(Math.Abs));
                double excess = (DenseLasso.Objective(x, y, weights, bias, lambda) - best) / atZero;
                Assert.True(excess > 0);
                Assert.True(gap >= excess - 1e-12);
            }
        }
    }

    [Fact]
    public void Cancellation_stops_it()
    {
        using var parts = new LassoParts(new PlantedRun(30, 200, targets: 1).Rows);
        using LassoLanes lanes = LassoLanes.Create(parts.Gram, LassoLanes.Multiple, 1);
        lanes.Start(0, parts.Problem());
        lanes.SetLambda(0, 0.1 * parts.LambdaMax());
        Assert.Throws<OperationCanceledException>(() => lanes.Sweep(new CancellationToken(canceled: true)));
    }
}
