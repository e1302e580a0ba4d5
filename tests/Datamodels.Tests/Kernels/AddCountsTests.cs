using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public class AddCountsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(100)]
    public void Whole_numbers_are_added_exactly(int length)
    {
        const int Largest = (1 << 24) - 1;
        int[] counts = [.. Enumerable.Range(0, length).Select(i => (Largest / (i + 1)) - 3)];
        float[] values = [.. Enumerable.Range(0, length).Select(i => (float)(i - 50))];
        AddCounts.Add(values, counts, 1, 1_000_001);
        Assert.Equal(counts.Select((count, i) => i - 50L + count - 1_000_001), values.Select(value => (long)value));
        AddCounts.Add(values, counts, -1, -1_000_001);
        Assert.Equal(Enumerable.Range(0, length).Select(i => (float)(i - 50)), values);
    }
}
