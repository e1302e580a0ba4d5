using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public sealed class LogarithmTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0.70710678118654746)]
    [InlineData(0.70710678118654757)]
    [InlineData(1.4142135623730949)]
    [InlineData(1.4142135623730951)]
    [InlineData(1e-38)]
    [InlineData(9.87e37)]
    [InlineData(1.0000000001)]
    public void It_is_the_natural_logarithm(double x) =>
        Assert.Equal(Math.Log(x), Logarithm.Of(x), 1e-14 * Math.Max(1, Math.Abs(Math.Log(x))));

    [Theory]
    [InlineData(0)]
    [InlineData(1e-300)]
    [InlineData(1e-17)]
    [InlineData(1e-9)]
    [InlineData(0.41421356)]
    [InlineData(0.41421357)]
    [InlineData(1)]
    public void Of_one_plus_a_tiny_number_it_keeps_every_digit(double x)
    {
        // ln(1 + x) = x - x^2/2 + ... for what Math.Log(1 + x) would round away.
        double expected = x < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);
        Assert.Equal(expected, Logarithm.OfOnePlus(x), 1e-14 * expected);
    }
}
