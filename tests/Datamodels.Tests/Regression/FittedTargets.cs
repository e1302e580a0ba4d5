using Datamodels.Regression;

namespace Datamodels.Tests.Regression;

internal static class FittedTargets
{
    /// <summary>All weights, those of 0 included, [n].</summary>
    public static double[] Dense(this FittedTarget fit, int n)
    {
        double[] weights = new double[n];
        for (int i = 0; i < fit.Examples.Length; i++)
        {
            weights[fit.Examples[i]] = fit.Weights[i];
        }

        return weights;
    }
}
