using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Regression;

public class ScikitLearnTests
{
    // The numbers are scikit-learn 1.2.1's, of the whole way: path, held-out choice of lambda, refit.
    //
    // import numpy as np
    // from sklearn.linear_model import Lasso
    // i, j = np.ogrid[:120, :12]
    // X = ((i * i * (3 * j + 5) + 7 * i * j + j * j) % 101 < 50).astype(float)
    // e = ((np.arange(120) * 37) % 41 - 20) / 20
    // y = (1.5 + X[:, 1] - 0.7 * X[:, 4] + 0.4 * X[:, 9] + e).astype(np.float32).astype(float)
    // F, H = slice(0, 108), slice(108, 120)
    // lambdas = np.abs((X - X.mean(0)).T @ (y - y.mean())).max() / 120 * np.logspace(0, -2, 50)
    // fit = lambda l, rows: Lasso(alpha=l, tol=1e-14, max_iter=10**6).fit(X[rows], y[rows])
    // error = [np.mean((y[H] - fit(l, F).predict(X[H])) ** 2) for l in lambdas]
    // best = lambdas[np.argmin(error)]; f = fit(best, slice(0, 120))
    // print(best, f.intercept_, f.coef_.tolist(), 1 - min(error) / y[H].var())
    private const double Lambda = 0.05370388960705355;
    private const double Bias = 1.6763669730730726;
    private const double HeldOutR2 = 0.4816720680545665;

    private static readonly double[] s_weights =
    [
        0, 0.7466636722929447, 0, 0, -0.5746452907878201, 0, 0, 0, 0, 0.14767248198430546, 0.0543152730016761, 0,
    ];

    [Fact]
    public void The_whole_way_gives_the_numbers_of_scikit_learn()
    {
        byte[] masks = new byte[120 * 2];
        float[] margins = new float[120];
        for (int i = 0; i < 120; i++)
        {
            int[] members = [.. Enumerable.Range(0, 12).Where(j => ((i * i * ((3 * j) + 5)) + (7 * i * j) + (j * j)) % 101 < 50)];
            Mask mask = Mask.FromExamples(12, members);
            mask.Bytes.CopyTo(masks.AsSpan(2 * i));
            double X(int j) => mask[j] ? 1 : 0;
            margins[i] = (float)(1.5 + X(1) - (0.7 * X(4)) + (0.4 * X(9)) + ((((i * 37) % 41) - 20) / 20.0));
        }

        var rows = new RunRows([.. Enumerable.Range(0, 120)], 12, 1, masks, margins);
        var options = new FitOptions { LambdaCount = 50, PathTolerance = 1e-6, Tolerance = 1e-12 };
        (_, FittedTarget fit) = Assert.Single(
            DatamodelFit.Fit(rows, options, cancellation: TestContext.Current.CancellationToken));
        Assert.True(fit.Converged);
        Assert.Equal(Lambda, fit.Lambda!.Value, 1e-12);
        Assert.Equal(Bias, fit.Bias, 1e-5);
        Assert.Equal(HeldOutR2, fit.HeldOutR2!.Value, 1e-5);
        double[] weights = fit.Dense(12);
        for (int j = 0; j < 12; j++)
        {
            Assert.Equal(s_weights[j], weights[j], 1e-5);
            Assert.Equal(s_weights[j] == 0, weights[j] == 0);
        }
    }

    [Theory]
    [InlineData("half", 1)]
    [InlineData("rates", 1)]
    [InlineData("wide", 1)]
    [InlineData("duplicates", 1)]
    [InlineData("half", 0.5)]
    [InlineData("rates", 0.5)]
    public void Paths_and_weights_are_as_good_as_those_of_scikit_learn(string name, double l1Ratio)
    {
        RunRows rows = LassoCases.Of(name);
        var options = new FitOptions { L1Ratio = l1Ratio };
        (_, FittedTarget fit) = Assert.Single(DatamodelFit.Fit(
            rows, options with { Targets = [0] }, cancellation: TestContext.Current.CancellationToken));
        using var parts = new LassoParts(rows, 0, l1Ratio);
        double[] lambdas = [.. new[] { 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01 }.Select(fraction => fraction * parts.LambdaMax())];
        LassoSolution[] path = parts.SolvePaths(options.PathTolerance * 0.9, [lambdas])[0];
        Python.Run("sklearn", $"""
            import warnings
            import numpy as np
            from sklearn.linear_model import ElasticNet
            warnings.simplefilter('ignore')
            X = np.array({Text(PlantedRun.Dense(rows, 0, rows.Count).SelectMany(row => row))}).reshape({rows.Count}, -1)
            y = np.array({Text(PlantedRun.Margins(rows, 0, 0, rows.Count))})
            zero = y.var() / 2
            ratio = {Text([l1Ratio])}[0]
            def objective(w, l):
                r = y - y.mean() - (X - X.mean(0)) @ w
                return r @ r / (2 * len(y)) + l * (ratio * np.abs(w).sum() + (1 - ratio) / 2 * w @ w)
            def excess(w, l):
                theirs = ElasticNet(alpha=l, l1_ratio=ratio, tol=1e-14, max_iter=10**5).fit(X, y).coef_
                return (objective(np.array(w), l) - objective(theirs, l)) / zero
            lambdas = {Text(lambdas)}
            paths = np.array({Text(path.SelectMany(solution => solution.Weights))}).reshape(len(lambdas), -1)
            for l, w in zip(lambdas, paths):
                e = excess(w, l)
                assert -1e-9 < e <= 2e-4, (l, e)
            e = excess({Text(fit.Dense(rows.TrainCount))}, {Text([fit.Lambda!.Value])}[0])
            assert abs(e) <= 1e-9, e
            """);
    }

    private static string Text(IEnumerable<double> values) =>
        $"[{string.Join(", ", values.Select(value => FormattableString.Invariant($"{value:R}")))}]";
}
