using Datamodels.IO;
using Xunit;

namespace Datamodels.Tests.IO;

public class AscendingRangesTests
{
    [Theory]
    [InlineData("", new int[0])]
    [InlineData("7", new[] { 7 })]
    [InlineData("0-1", new[] { 0, 1 })]
    [InlineData("1-4,7,9-10", new[] { 1, 2, 3, 4, 7, 9, 10 })]
    [InlineData("1,3,5", new[] { 1, 3, 5 })]
    public void Neighbours_become_ranges(string expected, int[] numbers)
    {
        Assert.Equal(expected, AscendingRanges.Format(numbers, ','));
        Assert.Equal(expected.Replace(',', ' '), AscendingRanges.Format(numbers, ' '));
    }
}
