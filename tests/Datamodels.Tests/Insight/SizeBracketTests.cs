using Datamodels.Insight;
using Datamodels.Regression;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class SizeBracketTests : IDisposable
{
    private const int Count = 300;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
            (int? found, int[] tried) = Search(start, size => size < smallest ? 1 : -1);
            Assert.Equal(smallest, found);
            Assert.Equal(tried.Length, tried.Distinct().Count());

            // What was tried proves it: the size itself flips, and the one below does not, or is none at all.
            Assert.Contains(smallest, tried);
            Assert.True(smallest == 1 || tried.Contains(smallest - 1));
        }
    }

    [Fact]
    public void As_long_as_nothing_flips_the_size_is_doubled_up_to_all()
    {
        (int? found, int[] tried) = Search(30, _ => 1);
        Assert.Null(found);
        Assert.Equal([30, 60, 120, 240, 300], tried);
    }

    [Fact]
    public void Where_retraining_agrees_with_the_datamodel_but_for_its_scale_the_line_leads_there_at_once()
    {
        // The margin falls from 10 by a tenth an example, while the datamodel predicts a twentieth: 100 flips, 99 does not.
        (int? found, int[] tried) = Search(200, size => 9.99 - (0.1 * size));
        Assert.Equal(100, found);
        Assert.Equal([200, 100, 99], tried);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(5)]
    public void Curved_margins_take_few_steps(double power)
    {
        // A straight line alone would creep up to one end of such curves.
        for (int smallest = 1; smallest <= Count; smallest++)
        {
            double root = smallest - 0.5;
            (int? found, int[] tried) = Search(
                150, size => Math.Pow(root, power) - Math.Pow(size, power));
            Assert.Equal(smallest, found);
            Assert.InRange(tried.Length, 1, 16);
        }
    }

    private (int? Smallest, int[] Tried) Search(int start, Func<int, double> marginAt)
    {
        // Every weight a twentieth.
        var prefixes = BrittlePrefixes.ByWeight(Model(), newClass: null);
        var bracket = new SizeBracket(prefixes, start, Count, Math.Abs(marginAt(0)));
        var tried = new List<int>();
        int? smallest = null;
        while (bracket.Next is { } size)
        {
            tried.Add(size);
            double margin = marginAt(size);
            smallest = margin <= 0 ? size : smallest;
            bracket.Take(margin);
        }

        return (smallest, [.. tried]);
    }

    private Datamodel Model()
    {
        var world = new LinearWorld([0], [[.. Enumerable.Repeat(0.05, Count)]]);
        return world.DatamodelOf(world.NewRun(_folder.File("run")), 0);
    }
}
