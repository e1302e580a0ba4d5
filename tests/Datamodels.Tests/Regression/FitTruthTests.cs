using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

/// <summary>Whole fits where the right answer is known.</summary>
public class FitTruthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Planted_weights_are_the_largest_with_their_signs_and_shrunk(int folds)
    {
        var run = new PlantedRun(100, 2000, targets: 4, planted: 8, noise: 1);
        foreach ((int target, FittedTarget fit) in Fit(run.Rows, new FitOptions { Folds = folds }))
        {
            double[] planted = [.. Enumerable.Range(0, 100).Select(j => run.Weights[target, j])];
            double[] weights = fit.Dense(100);
            int[] support = [.. Enumerable.Range(0, 100).Where(j => planted[j] != 0)];
            Assert.Equal(
                support, Enumerable.Range(0, 100).OrderByDescending(j => Math.Abs(weights[j])).Take(support.Length).Order());

            // By lambda over the variance of a column, and what the noise does: five standard errors.
            double shrinkage = fit.Lambda!.Value * 4;
            Assert.InRange(shrinkage, 1e-3, 0.3);
            foreach (int j in support)
            {
                Assert.Equal(Math.Sign(planted[j]), Math.Sign(weights[j]));
                Assert.InRange(Math.Abs(planted[j]) - Math.Abs(weights[j]), -0.25, shrinkage + 0.25);
            }

            Assert.All(Enumerable.Range(0, 100).Except(support), j => Assert.InRange(weights[j], -0.25, 0.25));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Errors_add_up_over_folds_and_the_lambda_with_the_least_is_chosen(int patience)
    {
        const int Train = 20;
        const int Models = 120;
        RunRows rows = new PlantedRun(Train, Models, targets: 4, seed: 5, size: 0.4, noise: 1.5).Rows;
        var options = new FitOptions { Folds = 3, LambdaCount = 25, Patience = patience, PathTolerance = 1e-5 };
        int[] ends = [0, 40, 80, 120];
        Assert.Equal([40, 40, 40], FitFolds.Of(rows, options).RowCounts);
        double[][] x = PlantedRun.Dense(rows, 0, Models);
        foreach ((int target, FittedTarget fit) in Fit(rows, options))
        {
            double[] y = PlantedRun.Margins(rows, target, 0, Models);
            double largest = DenseLasso.Gradient(x, y, new double[Train], y.Average()).Max(Math.Abs);
            double[] lambdas = [.. Enumerable.Range(0, 25).Select(k => options.LambdaOf(largest, k))];
            double[] errors = new double[25];
            double variance = 0;
            int reached = 25;
            for (int fold = 0; fold < 3; fold++)
            {
                Range held = ends[fold]..ends[fold + 1];
                double[][] others = [.. x[..ends[fold]], .. x[ends[fold + 1]..]];
                double[] othersMargins = [.. y[..ends[fold]], .. y[ends[fold + 1]..]];
                double[] foldErrors = [.. lambdas.Select(lambda =>
                {
                    (double[] w, double b) = DenseLasso.Solve(others, othersMargins, lambda);
                    return x[held].Zip(y[held], (row, margin) => Math.Pow(margin - DenseLasso.Predict(row, w, b), 2)).Sum();
                })];
                int best = 0;
                int last = 0;
                for (int k = 0; k < 25 && k <= best + patience; k++)
                {
                    best = foldErrors[k] < foldErrors[best] ? k : best;
                    last = k;
                    errors[k] += foldErrors[k];
                }

                reached = Math.Min(reached, last + 1);
                double mean = y[held].Average();
                variance += y[held].Sum(margin => Math.Pow(margin - mean, 2));
            }

            double least = errors[..reached].Min();
            int chosen = Enumerable.Range(0, 25).MinBy(k => Math.Abs(lambdas[k] - fit.Lambda!.Value));
            Assert.Equal(lambdas[chosen], fit.Lambda!.Value, 1e-9 * largest);
            Assert.InRange(chosen, 0, reached - 1);

            // Beside the least are errors that differ by less than the path's tolerance lets them.
            Assert.Equal(least, errors[chosen], 2e-4 * least);
            Assert.Equal(1 - (least / variance), fit.HeldOutR2!.Value, 1e-3);
        }
    }

    [Theory]
    [InlineData(FitMethod.Lasso, 1)]
    [InlineData(FitMethod.Lasso, 0.5)]
    [InlineData(FitMethod.Ridge, 1)]
    [InlineData(FitMethod.LeastSquares, 1)]
    public void The_deviation_of_the_residuals_is_that_of_the_models_about_their_predictions(FitMethod method, double l1Ratio)
    {
        const int Train = 40;
        const int Models = 300;
        RunRows rows = new PlantedRun(Train, Models, targets: 3, noise: 1.5).Rows;
        double[][] x = PlantedRun.Dense(rows, 0, Models);
        foreach ((int target, FittedTarget fit) in Fit(rows, new FitOptions { Method = method, L1Ratio = l1Ratio }))
        {
            double[] y = PlantedRun.Margins(rows, target, 0, Models);
            double[] w = fit.Dense(Train);
            double squares = x.Select((row, i) => Math.Pow(y[i] - DenseLasso.Predict(row, w, fit.Bias), 2)).Sum();
            double expected = Math.Sqrt(squares / (Models - fit.Examples.Length - 1));
            Assert.Equal(expected, fit.ResidualDeviation!.Value, 1e-6);
            Assert.InRange(fit.ResidualDeviation.Value, 1.2, 1.8);
        }
    }

    [Fact]
    public void A_difference_of_means_has_no_residuals() => Assert.All(
        Fit(new PlantedRun(40, 300, targets: 2).Rows, new FitOptions { Method = FitMethod.DifferenceOfMeans }),
        pair => Assert.Null(pair.Fit.ResidualDeviation));

    [Fact]
    public void One_example_has_the_closed_form()
    {
        RunRows rows = LassoCases.Of("one");
        double[][] x = PlantedRun.Dense(rows, 0, rows.Count);
        double share = x.Average(row => row[0]);
        foreach ((int target, FittedTarget fit) in Fit(rows, new FitOptions()))
        {
            double[] y = PlantedRun.Margins(rows, target, 0, rows.Count);
            double mean = y.Average();
            double pull = y.Select((margin, i) => (margin - mean) * x[i][0]).Average();
            double weight = Math.Sign(pull) * Math.Max(0, Math.Abs(pull) - fit.Lambda!.Value) / (share * (1 - share));
            Assert.Equal(weight, fit.Dense(1)[0], 1e-10);
            Assert.Equal(mean - (share * weight), fit.Bias, 1e-10);
        }
    }

    [Theory]
    [InlineData(FitMethod.Lasso)]
    [InlineData(FitMethod.Ridge)]
    [InlineData(FitMethod.LeastSquares)]
    public void Margins_that_are_exactly_linear_are_predicted_for_subsets_never_seen(FitMethod method)
    {
        // Weights of every example, multiples of 1/8: float32 holds the margins exactly.
        const int Train = 60;
        const int Models = 600;
        double[] weights = [.. Enumerable.Range(0, Train).Select(j => ((j * 7 % 23) - 11) / 8.0)];
        double[][] x = LassoCases.Masks(Models + 200, [.. Enumerable.Repeat(0.5, Train)]);
        double[] y = [.. x.Select(row => DenseLasso.Predict(row, weights, -3))];
        RunRows rows = DenseRows.ToRows(x[..Models], [.. y[..Models].Select(margin => (float)margin)]);
        var options = new FitOptions { Method = method, Epsilon = 1e-4, Patience = 100 };
        (_, FittedTarget fit) = Assert.Single(Fit(rows, options));
        double[] fitted = fit.Dense(Train);
        double mean = y[Models..].Average();
        double error = x[Models..]
            .Zip(y[Models..], (row, margin) => Math.Pow(margin - DenseLasso.Predict(row, fitted, fit.Bias), 2)).Sum();
        double r2 = 1 - (error / y[Models..].Sum(margin => Math.Pow(margin - mean, 2)));
        Assert.InRange(r2, 0.999, 1);
        if (method == FitMethod.LeastSquares)
        {
            Assert.Equal(-3, fit.Bias, 1e-10);
            Assert.Equal(weights, fitted, (a, b) => Math.Abs(a - b) < 1e-11);
        }
        else
        {
            Assert.InRange(fit.HeldOutR2!.Value, 0.999, 1);
        }
    }

    [Fact]
    public void Methods_without_a_lambda_give_what_their_classes_give()
    {
        RunRows rows = new PlantedRun(30, 250, targets: 3).Rows;
        for (int target = 0; target < 3; target++)
        {
            var dense = DenseRows.Of(rows, target, 0, 250);
            AssertIs(
                dense.Fit(new LeastSquaresFit(dense.Gram(), 1e-8, 1, Cancellation)), FitMethod.LeastSquares, target);
            AssertIs(dense.Fit(new MeanDifferenceFit(dense.Counts, 250)), FitMethod.DifferenceOfMeans, target);
        }

        void AssertIs(FittedTarget expected, FitMethod method, int target)
        {
            (_, FittedTarget fit) = Assert.Single(Fit(rows, new FitOptions { Method = method, Targets = [target] }));
            Assert.Equal(expected.Dense(30), fit.Dense(30), (a, b) => Math.Abs(a - b) < 1e-12);
            Assert.Equal(expected.Bias, fit.Bias, 1e-12);
            Assert.Equal((null, null, null, true), (fit.Lambda, fit.HeldOutR2, fit.DualityGap, fit.Converged));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Ridge_chooses_by_the_errors_of_dense_rows_and_fits_all_of_them(int folds)
    {
        RunRows rows = new PlantedRun(30, 200, targets: 2, noise: 2).Rows;
        var options = new FitOptions { Method = FitMethod.Ridge, Folds = folds, HeldOut = 0.25, LambdaCount = 9 };
        int[] starts = folds == 0 ? [150] : [0, 50, 100, 150];
        foreach ((int target, FittedTarget fit) in Fit(rows, options))
        {
            var all = DenseRows.Of(rows, target, 0, 200);
            double[] lambdas = RidgeFit.Lambdas(all.Gram(), 9);
            double[] errors = new double[9];
            double variance = 0;
            foreach (int start in starts)
            {
                var train = new DenseRows(
                    [.. all.X[..start], .. all.X[(start + 50)..]], [.. all.Y[..start], .. all.Y[(start + 50)..]]);
                var ridge = new RidgeFit(train.Gram(), 1e-8, Cancellation);
                double[] y = all.Y[start..(start + 50)];
                variance += y.Sum(margin => Math.Pow(margin - y.Average(), 2));
                for (int k = 0; k < 9; k++)
                {
                    FittedTarget without = train.Fit(ridge, lambdas[k]);
                    double[] weights = train.Weights(without);
                    errors[k] += y
                        .Select((margin, i) => Math.Pow(margin - DenseLasso.Predict(all.X[start + i], weights, without.Bias), 2))
                        .Sum();
                }
            }

            double lambda = lambdas[Array.IndexOf(errors, errors.Min())];
            Assert.Equal(lambda, fit.Lambda!.Value, 1e-12 * lambda);
            Assert.Equal(1 - (errors.Min() / variance), fit.HeldOutR2!.Value, 1e-9);
            double[] expected = all.Weights(all.Fit(new RidgeFit(all.Gram(), 1e-8, Cancellation), lambda));
            Assert.Equal(expected, fit.Dense(30), (a, b) => Math.Abs(a - b) < 1e-11);
        }
    }

    [Theory]
    [InlineData(FitMethod.Lasso, 0)]
    [InlineData(FitMethod.Lasso, 3)]
    [InlineData(FitMethod.Ridge, 3)]
    [InlineData(FitMethod.LeastSquares, 0)]
    public void Targets_that_cannot_be_fitted_are_said_and_change_no_bit_of_the_others(FitMethod method, int folds)
    {
        const int Targets = 12;
        RunRows rows = new PlantedRun(30, 200, Targets).Rows;
        var options = new FitOptions { Method = method, Folds = folds, Threads = 2 };
        FittedTarget[] expected = [.. Fit(rows, options).Select(pair => pair.Fit)];
        float[] outputs = (float[])rows.Outputs.Clone();
        outputs[(199 * Targets) + 0] = float.NaN;
        outputs[5] = float.PositiveInfinity;
        outputs[(30 * Targets) + 11] = float.NegativeInfinity;
        for (int row = 0; row < 200; row++)
        {
            outputs[(row * Targets) + 6] = 0.1f;
            outputs[(row * Targets) + 7] = 1e6f;
        }

        var failures = new List<FitFailure>();
        (int Target, FittedTarget Fit)[] fitted = [.. DatamodelFit.Fit(
            rows with { Outputs = outputs }, options, cancellation: Cancellation, failed: failures.Add)];
        Assert.Equal([1, 2, 3, 4, 8, 9, 10], fitted.Select(pair => pair.Target));
        Assert.Equal([0, 5, 6, 7, 11], failures.Select(failure => failure.Target));
        Assert.Equal(
            ["MarginNotFinite", "MarginNotFinite", "MarginsConstant", "MarginsConstant", "MarginNotFinite"],
            failures.Select(failure => failure.Reason.Id));
        Assert.Contains("by model 199 is NaN", failures[0].Reason.Message);
        Assert.Contains("by model 30 is -Infinity", failures[4].Reason.Message);
        foreach ((int target, FittedTarget fit) in fitted)
        {
            Assert.Equal(expected[target].Examples, fit.Examples);
            Assert.Equal(
                expected[target].Weights.Append(expected[target].Bias).Select(BitConverter.DoubleToInt64Bits),
                fit.Weights.Append(fit.Bias).Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(
                expected[target] with { Examples = fit.Examples, Weights = fit.Weights }, fit);
        }
    }

    private static IEnumerable<(int Target, FittedTarget Fit)> Fit(RunRows rows, FitOptions options) =>
        DatamodelFit.Fit(rows, options, cancellation: Cancellation);
}
