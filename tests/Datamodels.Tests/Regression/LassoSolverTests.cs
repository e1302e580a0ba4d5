using Datamodels.Kernels;
using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class LassoSolverTests
{
    [Theory]
    [InlineData(0.5, 40, 200)]
    [InlineData(0.3, 40, 200)]
    [InlineData(0.5, 60, 50)]
    public void Agrees_with_coordinate_descent_on_dense_rows_along_a_path(double alpha, int train, int models)
    {
        RunRows rows = new PlantedRun(train, models, targets: 1, alpha: alpha).Rows;
        (LassoSolver solver, LassoProblem problem) = Start(rows);
        double[][] x = PlantedRun.Dense(rows, 0, models);
        double[] y = PlantedRun.Margins(rows, 0, 0, models);
        foreach (double fraction in (double[])[1, 0.9, 0.5, 0.1, 0.02])
        {
            double lambda = fraction * problem.LambdaMax;
            Assert.True(solver.Solve(lambda, 1e-12, TestContext.Current.CancellationToken));
            (double[] expected, double bias) = DenseLasso.Solve(x, y, lambda);
            double best = DenseLasso.Objective(x, y, expected, bias, lambda);
            double[] weights = solver.Weights.ToArray();
            double found = DenseLasso.Objective(x, y, weights, DenseLasso.Bias(x, y, weights), lambda);
            Assert.Equal(best, found, 1e-9 * best);
        }
    }

    [Fact]
    public void Weights_are_zero_at_lambda_max_and_not_just_below()
    {
        (LassoSolver solver, LassoProblem problem) = Start(new PlantedRun(30, 200, targets: 1).Rows);
        Assert.True(solver.Solve(problem.LambdaMax, 1e-12, TestContext.Current.CancellationToken));
        Assert.All(solver.Weights.ToArray(), w => Assert.Equal(0, w));
        Assert.True(solver.Solve(problem.LambdaMax * 0.999, 1e-12, TestContext.Current.CancellationToken));
        Assert.Contains(solver.Weights.ToArray(), w => w != 0);
    }

    [Fact]
    public void The_gradient_is_lambda_where_there_is_a_weight_and_at_most_lambda_elsewhere()
    {
        RunRows rows = new PlantedRun(50, 300, targets: 1).Rows;
        (LassoSolver solver, LassoProblem problem) = Start(rows);
        double lambda = 0.1 * problem.LambdaMax;
        solver.Solve(lambda, 1e-13, TestContext.Current.CancellationToken);
        double[] weights = solver.Weights.ToArray();
        double[][] x = PlantedRun.Dense(rows, 0, 300);
        double[] y = PlantedRun.Margins(rows, 0, 0, 300);
        double[] gradient = DenseLasso.Gradient(x, y, weights, DenseLasso.Bias(x, y, weights));
        Assert.Contains(weights, w => w != 0);
        Assert.Contains(weights, w => w == 0);
        for (int j = 0; j < weights.Length; j++)
        {
            Assert.Equal(gradient[j], solver.Gradient[j], 1e-9);
            if (weights[j] != 0)
            {
                Assert.Equal(lambda * Math.Sign(weights[j]), gradient[j], 1e-5 * lambda);
            }
            else
            {
                Assert.InRange(Math.Abs(gradient[j]), 0, lambda * (1 + 1e-5));
            }
        }
    }

    [Fact]
    public void Orthogonal_columns_give_soft_thresholded_means()
    {
        // All 64 subsets of 6 examples: centred columns are orthogonal with variance 1/4.
        byte[] masks = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];
        double[] effects = [2, -1, 0.5, 0.1, -0.05, 0];
        float[] margins = [.. masks.Select(mask => (float)effects.Select((e, j) => ((mask >> j) & 1) * e).Sum())];
        (LassoSolver solver, _) = Start(new RunRows([.. Enumerable.Range(0, 64)], 6, 1, masks, margins));
        const double Lambda = 0.02;
        Assert.True(solver.Solve(Lambda, 1e-14, TestContext.Current.CancellationToken));
        for (int j = 0; j < 6; j++)
        {
            double expected = Math.Sign(effects[j]) * Math.Max(0, Math.Abs(effects[j]) - (4 * Lambda));
            Assert.Equal(expected, solver.Weights[j], 1e-6);
        }
    }

    [Fact]
    public void A_single_column_gives_the_closed_form()
    {
        // 12 of 30 models hold the example; their margins are 3 higher.
        byte[] masks = [.. Enumerable.Range(0, 30).Select(i => (byte)(i < 12 ? 1 : 0))];
        float[] margins = [.. masks.Select(mask => 5f + (3 * mask))];
        (LassoSolver solver, LassoProblem problem) = Start(new RunRows([.. Enumerable.Range(0, 30)], 1, 1, masks, margins));
        const double Curvature = 0.4 * 0.6;
        Assert.Equal(3 * Curvature, problem.LambdaMax, 1e-12);
        solver.Solve(0.12, 1e-14, TestContext.Current.CancellationToken);
        Assert.Equal(3 - (0.12 / Curvature), solver.Weights[0], 1e-6);
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

        (LassoSolver solver, LassoProblem problem) = Start(rows with { MaskBytes = masks });
        Assert.True(solver.Solve(0.001 * problem.LambdaMax, 1e-10, TestContext.Current.CancellationToken));
        Assert.Equal((0, 0), (solver.Weights[0], solver.Weights[1]));
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

        (LassoSolver solver, LassoProblem problem) = Start(rows with { MaskBytes = masks });
        Assert.True(solver.Solve(0.05 * problem.LambdaMax, 1e-10, TestContext.Current.CancellationToken));
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
        (LassoSolver solver, LassoProblem problem) = Start(rows);
        double lambda = 0.03 * problem.LambdaMax;
        Assert.True(solver.Solve(lambda, tolerance, TestContext.Current.CancellationToken));
        double[] weights = solver.Weights.ToArray();
        (double[] exact, double bias) = DenseLasso.Solve(x, y, lambda);
        double excess = DenseLasso.Objective(x, y, weights, DenseLasso.Bias(x, y, weights), lambda)
            - DenseLasso.Objective(x, y, exact, bias, lambda);
        double atZero = DenseLasso.Objective(x, y, new double[60], y.Average(), lambda);
        Assert.InRange(solver.Gap, 0, tolerance);
        Assert.InRange(excess / atZero, -1e-12, solver.Gap + 1e-12);
    }

    [Fact]
    public void The_gap_of_any_weights_is_a_bound_even_far_from_the_solution()
    {
        RunRows rows = new PlantedRun(20, 150, targets: 1).Rows;
        double[][] x = PlantedRun.Dense(rows, 0, 150);
        double[] y = PlantedRun.Margins(rows, 0, 0, 150);
        LassoProblem problem = Problem(rows);
        var random = new RandomStream(5, RandomPurpose.Targets, 0);
        foreach (double fraction in (double[])[0.5, 0.1, 0.01])
        {
            double lambda = fraction * problem.LambdaMax;
            (double[] exact, double exactBias) = DenseLasso.Solve(x, y, lambda);
            double best = DenseLasso.Objective(x, y, exact, exactBias, lambda);
            double atZero = DenseLasso.Objective(x, y, new double[20], y.Average(), lambda);
            for (int trial = 0; trial < 20; trial++)
            {
                double[] weights = [.. exact.Select(w => w + (0.3 * PlantedRun.Normal(ref random)))];
                double bias = DenseLasso.Bias(x, y, weights);
                double[] gradient = DenseLasso.Gradient(x, y, weights, bias);
                var gap = new DualityGap(problem.Variance);
                for (int j = 0; j < 20; j++)
                {
                    gap.Add(weights[j], problem.Products[j] / 150, gradient[j]);
                }

                double excess = (DenseLasso.Objective(x, y, weights, bias, lambda) - best) / atZero;
                Assert.True(excess > 0);
                Assert.True(gap.Relative(lambda) >= excess - 1e-12);
            }
        }
    }

    [Fact]
    public void Cancellation_stops_it()
    {
        (LassoSolver solver, LassoProblem problem) = Start(new PlantedRun(30, 200, targets: 1).Rows);
        Assert.Throws<OperationCanceledException>(
            () => solver.Solve(0.1 * problem.LambdaMax, 1e-8, new CancellationToken(canceled: true)));
    }

    private static LassoProblem Problem(RunRows rows)
    {
        BitMatrix masks = TestMatrix.Pack(rows, 0, rows.Count);
        TargetBlock block = TestMatrix.Sums(rows, masks, TestMatrix.Pack(rows, rows.Count, 0), [0]);
        return new LassoProblem(TestMatrix.Count(masks), block.Train[0]);
    }

    private static (LassoSolver Solver, LassoProblem Problem) Start(RunRows rows)
    {
        LassoProblem problem = Problem(rows);
        var solver = new LassoSolver(problem.Gram);
        solver.Start(problem, new double[rows.TrainCount]);
        return (solver, problem);
    }
}
