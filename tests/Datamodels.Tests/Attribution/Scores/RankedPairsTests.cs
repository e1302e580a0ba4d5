using Datamodels.Attribution;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Attribution;

public class RankedPairsTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(6)]
    public void Drawn_pairs_are_correlated_as_a_list_of_them_would_be(int values)
    {
        var random = new RandomStream(3, RandomPurpose.Bootstrap, 0);
        for (int trial = 0; trial < 50; trial++)
        {
            double[] x = [.. Enumerable.Range(0, 20).Select(_ => (double)random.NextBelow(values))];
            double[] y = [.. x.Select(value => value + random.NextBelow(values))];
            int[] counts = [.. x.Select(_ => random.NextBelow(4))];
            double[] drawnX = [.. x.SelectMany((value, i) => Enumerable.Repeat(value, counts[i]))];
            double[] drawnY = [.. y.SelectMany((value, i) => Enumerable.Repeat(value, counts[i]))];
            double expected = Pearson(Ranks(drawnX), Ranks(drawnY));
            Assert.Equal(expected, new RankedPairs(x, y).Spearman(counts), 12);
            Assert.Equal(expected, RankCorrelation.Spearman(drawnX, drawnY), 12);
        }

        // By the definition: one more than the values below, and half of the others that are equal.
        static double[] Ranks(double[] values) =>
        [
            .. values.Select(value =>
                values.Count(other => other < value) + ((values.Count(other => other == value) + 1) / 2.0)),
        ];

        static double Pearson(double[] x, double[] y) => LinearRelation.Of(x, y).Pearson;
    }

    [Fact]
    public void One_pair_drawn_over_and_over_ranks_nothing() =>
        Assert.Equal(0, new RankedPairs([1, 2, 3], [3, 1, 2]).Spearman([0, 3, 0]));
}
