using Datamodels.Data;
using Xunit;

namespace Datamodels.Tests.Data;

public class StratifiedSplitTests
{
    [Theory]
    [InlineData("10,10", 4, "2,2")]
    [InlineData("10,10,10", 4, "2,1,1")]
    [InlineData("90,8,2", 10, "8,1,1")]
    [InlineData("90,8,2", 2, "2,0,0")]
    [InlineData("2,2", 2, "1,1")]
    [InlineData("96,2,2", 97, "95,1,1")]
    [InlineData("178,182,177,183,181,182,181,179,174,180", 300, "30,30,30,31,30,30,30,30,29,30")]
    public void Rounds_by_largest_remainder_and_leaves_every_class_an_example(string classes, int testCount, string expected)
    {
        int[] counts = StratifiedSplit.TestCounts(Array.ConvertAll(classes.Split(','), int.Parse), testCount);
        Assert.Equal(expected, string.Join(',', counts));
        Assert.Equal(testCount, counts.Sum());
    }

    [Fact]
    public void Draws_every_example_of_a_class_equally_often()
    {
        int[] labels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
        int[] times = new int[labels.Length];
        for (ulong seed = 0; seed < 5000; seed++)
        {
            bool[] isTest = StratifiedSplit.Draw(labels, [5, 5], 4, seed);
            for (int i = 0; i < labels.Length; i++)
            {
                times[i] += isTest[i] ? 1 : 0;
            }
        }

        // Binomial(5000, 0.4): standard deviation 35.
        Assert.All(times, count => Assert.InRange(count, 2000 - 140, 2000 + 140));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    public void Draws_a_part_of_which_nothing_needs_to_be_left(int count)
    {
        int[] labels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
        bool[] first = StratifiedSplit.DrawPart(labels, [5, 5, 0], count, seed: 1, part: 1);
        Assert.Equal(count, first.Count(drawn => drawn));
        bool[][] others =
        [
            .. Enumerable.Range(1, 20).Select(part => StratifiedSplit.DrawPart(labels, [5, 5, 0], count, seed: 1, part)),
        ];
        Assert.Equal(count < 10, others.Any(other => !other.SequenceEqual(first)));
    }

    [Fact]
    public void Never_changes_what_a_seed_gives()
    {
        int[] labels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
        bool[] isTest = StratifiedSplit.Draw(labels, [5, 5], 4, 42);
        Assert.Equal("0100101100", string.Concat(isTest.Select(t => t ? '1' : '0')));
    }
}
