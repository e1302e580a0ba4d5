using Xunit;

namespace Datamodels.Tests;

internal static class Chi
{
    /// <summary>
    /// Whether a chi-square statistic is within four standard deviations of its mean (the mean is the degrees of freedom, the
    /// variance twice that), on both sides: too even is not random either.
    /// </summary>
    public static void AssertSquare(double statistic, int degreesOfFreedom)
    {
        double spread = 4 * Math.Sqrt(2.0 * degreesOfFreedom);
        Assert.InRange(statistic, Math.Max(0, degreesOfFreedom - spread), degreesOfFreedom + spread);
    }
}
