using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class RidgeFitTests
{
    private const double Tolerance = 1e-8;

    private static readonly RunRows s_rows = new PlantedRun(30, 250, 3).Rows;

    [Theory]
    [InlineData(1e-4)]
    [InlineData(0.03)]
    [InlineData(100)]
    public void The_gradient_is_zero_and_the_residual_says_so(double lambda)
    {
        var rows = DenseRows.Of(s_rows, 1, 0, 250);
        FittedTarget fit = rows.Fit(Method(rows), lambda);
        double[] weights = rows.Weights(fit);
        double[] gradient = DenseLasso.Gradient(rows.X, rows.Y, weights, fit.Bias);
        Assert.Equal(gradient, weights.Select(w => lambda * w), (a, b) => Math.Abs(a - b) < 1e-13);
        Assert.InRange(fit.KktResidual!.Value, 0, 1e-12);
        Assert.True(fit.Converged);
        Assert.Equal((lambda, 0.25), (fit.Lambda!.Value, fit.HeldOutR2!.Value));
    }

    [Fact]
    public void Over_all_subsets_of_a_size_it_is_the_closed_form()
    {
        // There G is g (I n - 11') / (n - 1), and q adds up to 0: w = q / (g n / (n - 1) + m lambda).
        double[][] x = DenseRows.Subsets(8, 3);
        var rows = new DenseRows(x, [.. x.Select((row, i) => Math.Sin(i) + row[2] - (0.5 * row[5]))]);
        const double Lambda = 0.07;
        double g = x.Length * 3 * 5 / 64.0;
        double mean = rows.Y.Average();
        double[] expected = [.. Enumerable.Range(0, 8).Select(j =>
            x.Select((row, i) => row[j] * (rows.Y[i] - mean)).Sum() / ((g * 8 / 7) + (x.Length * Lambda)))];
        Assert.Equal(expected, rows.Weights(rows.Fit(Method(rows), Lambda)), (a, b) => Math.Abs(a - b) < 1e-13);
    }

    [Fact]
    public void Numbers_are_those_of_scikit_learn()
    {
        // Fewer models than examples.
        var rows = DenseRows.Of(s_rows, 0, 0, 25);
        FittedTarget fit = rows.Fit(Method(rows), 0.02);
        Python.Run("sklearn", $"""
            import numpy as np
            from sklearn.linear_model import Ridge
            X = np.array({Text(rows.X.SelectMany(row => row))}).reshape(25, 30)
            y = np.array({Text(rows.Y)})
            ridge = Ridge(alpha=25 * 0.02, solver='cholesky').fit(X, y)
            assert np.abs(ridge.coef_ - {Text(rows.Weights(fit))}).max() < 1e-12
            assert abs(ridge.intercept_ - {Text([fit.Bias])}[0]) < 1e-12
            """);
    }

    [Fact]
    public void Examples_that_never_change_sides_have_no_weight()
    {
        var rows = DenseRows.Of(s_rows, 0, 0, 250);
        var with = new DenseRows([.. rows.X.Select(row => (double[])[0, .. row, 1, 1])], rows.Y);
        double[] weights = with.Weights(with.Fit(Method(with), 0.01));
        Assert.Equal(rows.Weights(rows.Fit(Method(rows), 0.01)), weights[1..^2], (a, b) => Math.Abs(a - b) < 1e-13);
        Assert.Equal((0, 0, 0), (weights[0], weights[^1], weights[^2]));
    }

    [Fact]
    public void Examples_that_are_always_together_share_the_weight()
    {
        var rows = DenseRows.Of(s_rows, 0, 0, 250);
        var doubled = new DenseRows([.. rows.X.Select(row => (double[])[.. row, row[4]])], rows.Y);
        double[] weights = doubled.Weights(doubled.Fit(Method(doubled), 1e-3));
        Assert.NotEqual(0, weights[4], 1e-3);
        Assert.Equal(weights[4], weights[^1], 1e-12);
    }

    [Fact]
    public void Lambdas_are_spaced_about_what_the_shape_suggests()
    {
        double[][] x = DenseRows.Subsets(8, 4);
        double[] lambdas = RidgeFit.Lambdas(new DenseRows(x, []).Gram(), 7);

        // d = 1/4, n / m = 8 / 70.
        Assert.Equal(
            new[] { 1000, 100, 10, 1, 0.1, 0.01, 0.001 }.Select(factor => factor / 4 * 8 / 70), lambdas,
            (a, b) => Math.Abs(a - b) < 1e-12 * a);
    }

    [Fact]
    public void The_chosen_lambda_is_near_the_best_there_is()
    {
        // Weights of size 1 to all examples and noise: lambda = noise^2 / m over the weights' mean square.
        const int n = 40;
        const int m = 2000;
        double[] planted = [.. Enumerable.Range(0, n).Select(j => j % 2 == 0 ? 1.0 : -1)];
        double[][] x = PlantedRun.Dense(new PlantedRun(n, m, 1).Rows, 0, m);
        var random = new Random(3);
        double[] y = [.. x.Select(row =>
            DenseLasso.Predict(row, planted, 0) + (12 * Math.Sqrt(12) * (random.NextDouble() - 0.5)))];
        var train = new DenseRows(x[..1000], y[..1000]);
        var fold = new DenseRows(x[1000..], y[1000..]);
        CentredGram all = new DenseRows(x, y).Gram();
        double[] lambdas = RidgeFit.Lambdas(all, 31);
        double[] errors = new RidgePath(train.Gram(), all, lambdas, 1, TestContext.Current.CancellationToken)
            .SquaredErrors(train.Sums(), fold.Sums());
        LambdaChoice choice = RidgeFit.Choose(lambdas, errors, 1000 * fold.Sums().VarianceOver(1000));
        Assert.InRange(choice.Lambda, 144.0 / 1000 / 4, 144.0 / 1000 * 4);
        Assert.InRange(choice.HeldOutR2, 0.02, 0.08);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Errors_on_the_fold_are_those_of_dense_arithmetic(int target)
    {
        // Example 30 is in every subset outside the fold, and 31 in none.
        DenseRows With(int start, int count)
        {
            var rows = DenseRows.Of(s_rows, target, start, count);
            return new DenseRows([.. rows.X.Select((row, i) =>
                (double[])[.. row, start == 0 && i < 180 ? 1 : i % 2, start == 0 && i < 180 ? 0 : i % 2])], rows.Y);
        }

        DenseRows train = With(0, 180);
        DenseRows fold = With(180, 70);
        CentredGram all = new DenseRows([.. train.X, .. fold.X], [.. train.Y, .. fold.Y]).Gram();
        double[] lambdas = RidgeFit.Lambdas(all, 11);
        double[] errors = Errors(1);
        RidgeFit method = Method(train);
        for (int k = 0; k < lambdas.Length; k++)
        {
            FittedTarget fit = train.Fit(method, lambdas[k]);
            double[] weights = train.Weights(fit);
            double expected = fold.X
                .Select((row, i) => Math.Pow(fold.Y[i] - DenseLasso.Predict(row, weights, fit.Bias), 2)).Sum();
            Assert.Equal(expected, errors[k], 1e-9 * expected);
        }

        Assert.Equal(errors, Errors(3));

        double[] Errors(int threads) =>
            new RidgePath(train.Gram(), all, lambdas, threads, TestContext.Current.CancellationToken)
                .SquaredErrors(train.Sums(), fold.Sums());
    }

    [Fact]
    public void The_larger_of_equally_good_lambdas_is_chosen()
    {
        Assert.Equal(new LambdaChoice(3, 0.75, true), RidgeFit.Choose([9, 3, 1], [3, 2, 2], 8));
        Assert.Equal(new LambdaChoice(9, 0, true), RidgeFit.Choose([9, 3, 1], [0, 0, 0], 0));
    }

    [Fact]
    public void A_decomposition_can_be_cancelled()
    {
        CentredGram gram = DenseRows.Of(s_rows, 0, 0, 250).Gram();
        Assert.ThrowsAny<OperationCanceledException>(() => new RidgeFit(gram, Tolerance, new CancellationToken(true)));
    }

    private static RidgeFit Method(DenseRows rows) => new(rows.Gram(), Tolerance, TestContext.Current.CancellationToken);

    private static string Text(IEnumerable<double> values) =>
        $"[{string.Join(", ", values.Select(value => FormattableString.Invariant($"{value:R}")))}]";
}
