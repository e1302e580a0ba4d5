using Datamodels.Report.Charts;
using Xunit;

namespace Datamodels.Tests.Report;

public class ScaleTests
{
    [Fact]
    public void Ticks_are_round_and_hold_all_values()
    {
        Scale scale = Scale.Linear([0.13, 0.87, double.NaN, double.PositiveInfinity]);
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], scale.Ticks);
        Assert.Equal((0.1, 0.9), (scale.Low, scale.High));
        Assert.Equal("0.3", scale.Label(scale.Ticks[2]));
        Assert.Equal((0, 1), (scale.At(-5), scale.At(5)));
        Assert.Equal(0.5, scale.At(0.5), 1e-12);
    }

    [Theory]
    [InlineData(0, 1497, "0|200|400|600|800|1,000|1,200|1,400|1,600")]
    [InlineData(-5.7, 7.7, "−6|−4|−2|0|2|4|6|8")]
    [InlineData(0, 3, "0|1|2|3")]
    [InlineData(2, 2, "1|2|3")]
    [InlineData(0, 0, "−1|0|1")]
    public void Whole_numbers_have_no_decimals(double low, double high, string expected)
    {
        Scale scale = Scale.Linear([low, high], whole: true);
        Assert.Equal(expected, string.Join('|', scale.Ticks.Select(scale.Label)));
    }

    [Fact]
    public void Any_range_has_a_few_ticks_in_order()
    {
        for (int power = -9; power <= 12; power++)
        {
            foreach (double factor in new[] { 1, 1.1, 2, 2.5, 3.3, 5, 7.7, 9.99 })
            {
                double high = factor * Math.Pow(10, power);
                foreach (double low in new[] { 0, -high, high / 3, 0.999 * high })
                {
                    Scale scale = Scale.Linear([low, high]);
                    Assert.InRange(scale.Ticks.Count, 3, 10);
                    Assert.Equal(scale.Ticks.Count, scale.Ticks.Select(scale.Label).Distinct().Count());
                    Assert.Equal(scale.Ticks.Order(), scale.Ticks);
                    Assert.True(scale.Low <= low + (1e-8 * high) && scale.High >= high - (1e-8 * high), $"{low}..{high}");
                }
            }
        }
    }

    [Fact]
    public void Without_values_there_is_an_axis_all_the_same() =>
        Assert.Equal((0, 1), (Scale.Linear([]).Low, Scale.Linear([]).High));

    [Fact]
    public void Logarithmic_ticks_are_one_two_and_five_or_decades_alone()
    {
        Scale models = Scale.Logarithmic([1000, 2500, 20000]);
        Assert.Equal(["1,000", "2,000", "5,000", "10,000", "20,000"], models.Ticks.Select(models.Label));
        Assert.Equal(0.5, models.At(Math.Sqrt(1000.0 * 20000)), 1e-12);
        Scale decades = Scale.Logarithmic([0.001, 300000]);
        Assert.Equal(
            ["0.001", "0.01", "0.1", "1", "10", "100", "1,000", "10,000", "100,000"], decades.Ticks.Select(decades.Label));
        Scale one = Scale.Logarithmic([500]);
        Assert.Equal((500, 1000), (one.Low, one.High));
    }
}
