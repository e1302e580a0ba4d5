using Datamodels.Insight;
using Xunit;

namespace Datamodels.Tests.Insight;

public class SizeBracketTests
{
    private const int Count = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(57)]
    [InlineData(256)]
    [InlineData(299)]
    [InlineData(300)]
    public void The_smallest_size_that_flips_is_found_from_any_start(int smallest)
    {
        for (int start = 1; start <= Count; start++)
        {
            (int? found, int[] tried) = Search(start, size => size >= smallest);
            Assert.Equal(smallest, found);
            Assert.Equal(tried.Length, tried.Distinct().Count());
            Assert.InRange(tried.Length, 1, 18);

            // What was tried proves it: the size itself flips, and the one below does not, or is none at all.
            Assert.Contains(smallest, tried);
            Assert.True(smallest == 1 || tried.Contains(smallest - 1));
        }
    }

    [Fact]
    public void As_long_as_nothing_flips_the_size_is_doubled_up_to_all()
    {
        (int? found, int[] tried) = Search(30, _ => false);
        Assert.Null(found);
        Assert.Equal([30, 60, 120, 240, 300], tried);
    }

    [Fact]
    public void The_gap_is_halved()
    {
        (int? found, int[] tried) = Search(30, size => size >= 41);
        Assert.Equal(41, found);
        Assert.Equal([30, 60, 45, 37, 41, 39, 40], tried);
    }

    [Fact]
    public void Where_a_larger_set_flips_less_surely_the_search_still_ends_between_two_neighbours()
    {
        // Flips at every even size from 20 on.
        (int? found, int[] tried) = Search(30, size => size >= 20 && size % 2 == 0);
        Assert.True(found >= 20 && found % 2 == 0);
        Assert.Contains(found!.Value - 1, tried);
    }

    private static (int? Smallest, int[] Tried) Search(int start, Predicate<int> flips)
    {
        var bracket = new SizeBracket(start, Count);
        var tried = new List<int>();
        int? smallest = null;
        while (bracket.Next is { } size)
        {
            tried.Add(size);
            smallest = flips(size) ? size : smallest;
            bracket.Take(flips(size));
        }

        return (smallest, [.. tried]);
    }
}
