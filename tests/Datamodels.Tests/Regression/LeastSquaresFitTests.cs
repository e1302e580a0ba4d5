using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class LeastSquaresFitTests
{
    private const double Tolerance = 1e-8;

    private static readonly RunRows s_rows = new PlantedRun(20, 400, 1).Rows;

    [Fact]
    public void Over_all_subsets_of_half_it_is_the_difference_of_means_by_n_minus_1_over_n()
    {
        double[][] x = DenseRows.Subsets(8, 4);
        var rows = new DenseRows(x, [.. x.Select((row, i) => Math.Sin(i) + row[2] - (0.5 * row[5]))]);
        double[] least = rows.Weights(rows.Fit(Method(rows)));
        double[] means = rows.Weights(rows.Fit(new MeanDifferenceFit(rows.Counts, x.Length)));
        for (int j = 0; j < 8; j++)
        {
            Assert.Equal(7 / 8.0 * means[j], least[j], 1e-12);
        }
    }

    [Fact]
    public void A_linear_world_is_found_out()
    {
        // Of weights that differ by a constant, those that add up to 0 are found.
        double[] planted = [.. Enumerable.Range(0, 20).Select(j => Math.Cos(j))];
        double mean = planted.Average();
        double[][] x = PlantedRun.Dense(s_rows, 0, 400);
        var rows = new DenseRows(x, [.. x.Select(row => DenseLasso.Predict(row, planted, 3))]);
        FittedTarget fit = rows.Fit(Method(rows));
        Assert.Equal(planted.Select(w => w - mean), rows.Weights(fit), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(3 + (10 * mean), fit.Bias, 1e-12);
        Assert.True(fit.Converged);
        Assert.InRange(fit.KktResidual!.Value, 0, 1e-12);

        // A subset that was not among the rows.
        double[] other = [.. Enumerable.Range(0, 20).Select(j => j < 10 ? 1.0 : 0)];
        Assert.DoesNotContain(x, row => row.SequenceEqual(other));
        Assert.Equal(DenseLasso.Predict(other, planted, 3), DenseLasso.Predict(other, rows.Weights(fit), fit.Bias), 1e-12);
    }

    [Fact]
    public void With_subsets_of_any_size_every_weight_is_found()
    {
        double[] planted = [.. Enumerable.Range(0, 12).Select(j => 1 + Math.Cos(j))];
        double[][] x = [.. PlantedRun.Dense(s_rows, 0, 100).Select(row => row[..12])];
        var rows = new DenseRows(x, [.. x.Select(row => DenseLasso.Predict(row, planted, -1))]);
        Assert.False(rows.Gram().HasEqualSizes);
        FittedTarget fit = rows.Fit(Method(rows));
        Assert.Equal(planted, rows.Weights(fit), (a, b) => Math.Abs(a - b) < 1e-11);
        Assert.Equal(-1, fit.Bias, 1e-11);
    }

    [Fact]
    public void The_gradient_is_zero_and_the_residual_says_so()
    {
        var rows = DenseRows.Of(s_rows, 0, 0, 400);
        FittedTarget fit = rows.Fit(Method(rows));
        double[] gradient = DenseLasso.Gradient(rows.X, rows.Y, rows.Weights(fit), fit.Bias);
        Assert.All(gradient, g => Assert.Equal(0, g, 1e-12));
        Assert.Equal(0, rows.Weights(fit).Sum(), 1e-12);
        Assert.InRange(fit.KktResidual!.Value, 0, 1e-11);
        Assert.Null(fit.Lambda);
        Assert.Null(fit.HeldOutR2);
    }

    [Fact]
    public void Numbers_are_those_of_NumPy()
    {
        var rows = DenseRows.Of(s_rows, 0, 0, 400);
        FittedTarget fit = rows.Fit(Method(rows));
        Python.Run("numpy", $"""
            import numpy as np
            X = np.array({Text(rows.X.SelectMany(row => row))}).reshape(400, 20)
            y = np.array({Text(rows.Y)})
            w = np.linalg.lstsq(X - X.mean(0), y - y.mean(), rcond=1e-10)[0]
            assert np.abs(w - {Text(rows.Weights(fit))}).max() < 1e-12
            assert abs(y.mean() - X.mean(0) @ w - {Text([fit.Bias])}[0]) < 1e-12
            """);
    }

    [Fact]
    public void Examples_that_never_change_sides_have_no_weight()
    {
        var rows = DenseRows.Of(s_rows, 0, 0, 400);
        var without = new DenseRows([.. rows.X.Select(row => row[2..])], rows.Y);
        var with = new DenseRows([.. rows.X.Select(row => (double[])[0, .. row[2..], 1])], rows.Y);
        Assert.False(without.Gram().HasEqualSizes);
        double[] weights = with.Weights(with.Fit(Method(with)));
        Assert.Equal(without.Weights(without.Fit(Method(without))), weights[1..^1]);
        Assert.Equal((0, 0), (weights[0], weights[^1]));
    }

    [Fact]
    public void Constant_columns_leave_the_null_direction_what_it_is()
    {
        var rows = DenseRows.Of(s_rows, 0, 0, 400);
        var with = new DenseRows([.. rows.X.Select(row => (double[])[0, .. row, 1])], rows.Y);
        Assert.True(with.Gram().HasEqualSizes);
        double[] weights = with.Weights(with.Fit(Method(with)));
        Assert.Equal(rows.Weights(rows.Fit(Method(rows))), weights[1..^1], (a, b) => Math.Abs(a - b) < 1e-13);
        Assert.Equal((0, 0), (weights[0], weights[^1]));
    }

    [Fact]
    public void Constant_outputs_have_only_a_bias()
    {
        double[][] x = DenseRows.Subsets(6, 3);
        FittedTarget fit = new DenseRows(x, [.. x.Select(_ => 0.1)]).Fit(Method(new DenseRows(x, [])));
        Assert.Empty(fit.Weights);
        Assert.Equal((0.1, 0.0, true), (Math.Round(fit.Bias, 12), fit.KktResidual, fit.Converged));
    }

    [Fact]
    public void As_many_models_as_weights_are_enough_and_one_less_is_not()
    {
        // 20 examples in subsets of one size have 19 free weights; with the bias, 20 numbers.
        var rows = DenseRows.Of(s_rows, 0, 0, 20);
        FittedTarget fit = rows.Fit(Method(rows));
        IEnumerable<double> predicted = rows.X.Select(row => DenseLasso.Predict(row, rows.Weights(fit), fit.Bias));
        Assert.Equal(rows.Y, predicted, (a, b) => Math.Abs(a - b) < 1e-9);

        var error = Assert.Throws<DatamodelException>(() => Method(DenseRows.Of(s_rows, 0, 0, 19)));
        Assert.Equal(("LeastSquaresUnderdetermined", ErrorKind.InvalidArgument), (error.Id, error.Kind));
        Assert.Contains("19 models are too few for the weights of 20 training examples", error.Message);
        Assert.Contains("ridge", error.Message);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 1)]
    [InlineData(7, -1)]
    [InlineData(17, -1)]
    public void Examples_that_are_always_or_never_together_are_refused(int twin, int sign)
    {
        // 18 of 20 examples, so that the sizes differ.
        var rows = DenseRows.Of(s_rows, 0, 0, 400);
        var doubled = new DenseRows(
            [.. rows.X.Select(row => (double[])[.. row[..18], sign > 0 ? row[twin] : 1 - row[twin]])], rows.Y);
        var error = Assert.Throws<DatamodelException>(() => Method(doubled));
        Assert.Equal("LeastSquaresUnderdetermined", error.Id);
        Assert.Contains("training example 18 ", error.Message);
    }

    [Fact]
    public void Subsets_of_several_groups_with_fixed_shares_are_refused()
    {
        // Two groups of half the examples each: more than the one null direction of subsets of one size.
        double[][] half = DenseRows.Subsets(5, 2);
        var rows = new DenseRows([.. half.SelectMany(left => half.Select(right => (double[])[.. left, .. right]))], []);
        Assert.True(rows.Gram().HasEqualSizes);
        Assert.Equal("LeastSquaresUnderdetermined", Assert.Throws<DatamodelException>(() => Method(rows)).Id);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var rows = DenseRows.Of(new PlantedRun(150, 1000, 1).Rows, 0, 0, 1000);
        FittedTarget one = rows.Fit(new LeastSquaresFit(rows.Gram(), Tolerance, 1));
        FittedTarget many = rows.Fit(new LeastSquaresFit(rows.Gram(), Tolerance, 3));
        Assert.Equal(one.Weights, many.Weights);
        Assert.Equal(one.Bias, many.Bias);
    }

    [Fact]
    public void A_tolerance_that_is_not_met_is_told()
    {
        var rows = DenseRows.Of(s_rows, 0, 0, 400);
        Assert.False(rows.Fit(new LeastSquaresFit(rows.Gram(), 1e-20, 1)).Converged);
    }

    [Fact]
    public void A_factorisation_can_be_cancelled()
    {
        CentredGram gram = DenseRows.Of(s_rows, 0, 0, 400).Gram();
        Assert.ThrowsAny<OperationCanceledException>(
            () => new LeastSquaresFit(gram, Tolerance, 1, new CancellationToken(canceled: true)));
    }

    private static LeastSquaresFit Method(DenseRows rows) =>
        new(rows.Gram(), Tolerance, 2, TestContext.Current.CancellationToken);

    private static string Text(IEnumerable<double> values) =>
        $"[{string.Join(", ", values.Select(value => FormattableString.Invariant($"{value:R}")))}]";
}
