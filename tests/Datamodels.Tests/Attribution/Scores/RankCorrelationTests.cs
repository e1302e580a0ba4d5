using Datamodels.Attribution;
using Xunit;

namespace Datamodels.Tests.Attribution;

public class RankCorrelationTests
{
    [Fact]
    public void A_monotone_relation_scores_one_whatever_its_shape() =>
        Assert.Equal(1, RankCorrelation.Spearman([-2, 0.5, 1, 7], [1, 10, 100, 1e6]), 15);

    [Fact]
    public void The_reverse_order_scores_minus_one() =>
        Assert.Equal(-1, RankCorrelation.Spearman([1, 2, 3], [9, 4, -1]), 15);

    // By hand without ties: 1 - 6 sum(d^2) / (n (n^2 - 1)), ranks 1 2 3 4 5 against 2 1 4 3 5: sum(d^2) = 4, 1 - 24 / 120.
    [Fact]
    public void Matches_the_textbook_formula_without_ties() =>
        Assert.Equal(0.8, RankCorrelation.Spearman([10, 20, 30, 40, 50], [0.2, 0.1, 0.4, 0.3, 0.5]), 15);

    // By hand: ranks 1.5 1.5 3 4 against 1 2.5 2.5 4; centred -1 -1 .5 1.5 and -1.5 0 0 1.5:
    // 3.75 / sqrt(4.5 * 4.5).
    [Fact]
    public void Ties_share_their_average_rank() =>
        Assert.Equal(3.75 / 4.5, RankCorrelation.Spearman([5, 5, 6, 7], [0, 1, 1, 2]), 15);

    [Fact]
    public void A_constant_side_ranks_nothing() => Assert.Equal(0, RankCorrelation.Spearman([3, 3, 3], [1, 2, 3]));

    [Fact]
    public void Lists_of_different_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1, 2], [1, 2, 3]));
}
