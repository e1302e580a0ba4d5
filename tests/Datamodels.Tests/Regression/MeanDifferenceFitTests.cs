using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class MeanDifferenceFitTests
{
    [Fact]
    public void Is_the_mean_with_an_example_less_that_without()
    {
        RunRows run = new PlantedRun(15, 90, 1).Rows;
        double[][] x = [.. PlantedRun.Dense(run, 0, 90).Select(row => (double[])[1, .. row, 0])];
        var rows = new DenseRows(x, PlantedRun.Margins(run, 0, 0, 90));
        FittedTarget fit = rows.Fit(new MeanDifferenceFit(rows.Counts, 90));
        double[] weights = rows.Weights(fit);
        Assert.Equal((0, 0), (weights[0], weights[^1]));
        for (int j = 1; j < 16; j++)
        {
            double with = rows.Y.Where((_, i) => x[i][j] == 1).Average();
            double without = rows.Y.Where((_, i) => x[i][j] == 0).Average();
            Assert.Equal(with - without, weights[j], 1e-12);
        }

        Assert.Equal(rows.Y.Average(), x.Average(row => DenseLasso.Predict(row, weights, fit.Bias)), 1e-12);
        Assert.True(fit.Converged);
        Assert.Equal((null, null, null), (fit.Lambda, fit.HeldOutR2, fit.KktResidual));
    }
}
