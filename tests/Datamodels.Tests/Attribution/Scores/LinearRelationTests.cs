using Datamodels.Attribution;
using Xunit;

namespace Datamodels.Tests.Attribution;

public class LinearRelationTests
{
    [Fact]
    public void A_line_is_found_exactly()
    {
        LinearRelation line = LinearRelation.Of([0, 1, 2, 3], [0.5, -1.5, -3.5, -5.5]);
        Assert.Equal((-2, 0.5, -1), (line.Slope, line.Offset, line.Pearson));
    }

    // By hand: x about its mean is -1.5 -.5 .5 1.5, y -1 0 -1 2: xy 4, xx 5, yy 6; means 2.5 and 2.
    [Fact]
    public void Matches_least_squares_by_hand()
    {
        LinearRelation line = LinearRelation.Of([1, 2, 3, 4], [1, 2, 1, 4]);
        Assert.Equal(0.8, line.Slope, 15);
        Assert.Equal(0, line.Offset, 15);
        Assert.Equal(4 / Math.Sqrt(30), line.Pearson, 15);
    }

    [Theory]
    [InlineData(new double[] { 3, 3, 3 }, new double[] { 1, 2, 3 }, 2)]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 3, 3, 3 }, 3)]
    [InlineData(new double[] { 0.1, 0.1, 0.1 }, new double[] { 1, 2, 3 }, 2)]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 0.1, 0.1, 0.1 }, 0.1)]
    public void A_constant_side_is_related_to_nothing(double[] x, double[] y, double offset)
    {
        LinearRelation line = LinearRelation.Of(x, y);
        Assert.Equal((0, offset, 0), (line.Slope, line.Offset, line.Pearson));
    }

    [Fact]
    public void Lists_of_different_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => LinearRelation.Of([1, 2], [1, 2, 3]));
}
