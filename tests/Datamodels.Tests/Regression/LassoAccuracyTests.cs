using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

/// <summary>What the fit says of its solutions, against float64 arithmetic on the rows.</summary>
public class LassoAccuracyTests
{
    // Of gaps in float32.
    private const double Rounding = 1e-5;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, double> CasesAndRatios()
    {
        var data = new TheoryData<string, double>();
        foreach (string name in LassoCases.Names.Select(row => row.Data))
        {
            data.Add(name, 1);
            data.Add(name, 0.6);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(CasesAndRatios))]
    public void The_gap_is_within_the_tolerance_at_every_lambda_of_a_path(string name, double l1Ratio)
    {
        RunRows rows = LassoCases.Of(name);
        int heldOut = rows.Count / 10;
        using var parts = new LassoParts(rows, heldOut, l1Ratio);
        double[][] x = PlantedRun.Dense(rows, 0, rows.Count - heldOut);
        double[][] left = PlantedRun.Dense(rows, rows.Count - heldOut, heldOut);
        foreach (double tolerance in (double[])[2e-4, 1e-5])
        {
            var options = new FitOptions { PathTolerance = tolerance, LambdaCount = 40 };
            double inLanes = new LambdaPath(parts.Problem(), 1, options).Tolerance;
            double[][] lambdas = [.. Enumerable.Range(0, rows.TargetCount).Select(target =>
                Enumerable.Range(0, options.LambdaCount).Select(k => options.LambdaOf(parts.LambdaMax(target), k)).ToArray())];
            LassoSolution[][] paths = parts.SolvePaths(inLanes, lambdas);
            for (int target = 0; target < rows.TargetCount; target++)
            {
                double[] y = PlantedRun.Margins(rows, target, 0, x.Length);
                double[] leftMargins = PlantedRun.Margins(rows, target, x.Length, heldOut);
                Assert.Contains(paths[target][^1].Weights, w => w != 0);
                foreach (LassoSolution solution in paths[target])
                {
                    var dense = new DenseCertificate(x, y, solution.Weights, solution.Lambda, l1Ratio);
                    Assert.InRange(solution.Certificate.DualityGap, 0, inLanes);
                    Assert.InRange(dense.DualityGap, -1e-12, Math.Max(tolerance, inLanes + Rounding));
                    Assert.Equal(dense.DualityGap, solution.Certificate.DualityGap, 2 * Rounding);
                    double error = left
                        .Select((row, i) => Math.Pow(leftMargins[i] - DenseLasso.Predict(row, solution.Weights, dense.Bias), 2))
                        .Average();
                    Assert.Equal(error, solution.HeldOutError, 1e-5 * error);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(CasesAndRatios))]
    public void The_certificate_of_the_weights_is_what_the_rows_say_and_within_the_tolerance(string name, double l1Ratio)
    {
        RunRows rows = LassoCases.Of(name);
        var options = new FitOptions { L1Ratio = l1Ratio, LambdaCount = 30, HeldOut = 0.2 };
        double[][] x = PlantedRun.Dense(rows, 0, rows.Count);
        int nonzero = 0;
        foreach ((int target, FittedTarget fit) in DatamodelFit.Fit(rows, options, cancellation: Cancellation))
        {
            double[] y = PlantedRun.Margins(rows, target, 0, rows.Count);
            double[] weights = fit.Dense(rows.TrainCount);
            var dense = new DenseCertificate(x, y, weights, fit.Lambda!.Value, l1Ratio);
            Assert.True(fit.Converged);
            Assert.InRange(fit.DualityGap!.Value, 0, 1e-8);
            Assert.InRange(dense.DualityGap, -1e-12, 1e-8);
            Assert.Equal(dense.DualityGap, fit.DualityGap.Value, 1e-11);
            Assert.Equal(dense.KktResidual, fit.KktResidual!.Value, 1e-10);
            Assert.InRange(fit.KktResidual.Value, 0, 1e-3);
            Assert.Equal(dense.Bias, fit.Bias, 1e-9);
            nonzero += fit.Examples.Length;

            // Nothing near them is better.
            double best = dense.Primal(weights);
            foreach (int j in fit.Examples)
            {
                foreach (double step in (double[])[-1e-2, 1e-2])
                {
                    double[] other = (double[])weights.Clone();
                    other[j] *= 1 + step;
                    Assert.True(dense.Primal(other) >= best - (1e-8 * dense.Primal(new double[weights.Length])));
                }
            }
        }

        Assert.True(nonzero > 0);
    }
}
