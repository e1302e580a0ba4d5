using Datamodels.Attribution;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Attribution;

public class AttributionScoresTests
{
    private static readonly AttributionScores s_scores = new(5, [0.5f, -1, 2, 0.5f, 0, 1, 2, 3, 4, 5]);

    [Fact]
    public void The_ranking_is_by_score_and_ties_go_to_the_lower_index()
    {
        Assert.Equal(2, s_scores.TargetCount);
        Assert.Equal([2, 0, 3, 4, 1], s_scores.RankingOf(0));
        Assert.Equal([4, 3, 2, 1, 0], s_scores.RankingOf(1));
    }

    [Fact]
    public void Only_what_is_said_to_raise_the_margin_is_worth_removing()
    {
        Assert.Equal([2, 0], s_scores.TopOf(0, 2));
        Assert.Equal([2, 0, 3], s_scores.TopOf(0, 5));
    }

    [Fact]
    public void More_scores_than_an_array_holds_are_refused()
    {
        AttributionScores.RequireRoom(10_000, 50_000);
        AttributionScores.RequireRoom(42_948, 50_000);
        var refused = Assert.Throws<DatamodelException>(() => AttributionScores.RequireRoom(50_000, 50_000));
        Assert.Equal("TooManyScores", refused.Id);
        Assert.Contains("at most 42948 ", refused.Message, StringComparison.Ordinal);
        Assert.Throws<DatamodelException>(() => AttributionScores.RequireRoom(42_949, 50_000));
    }

    [Fact]
    public void A_subset_is_predicted_by_the_sum_of_its_scores() =>
        Assert.Equal(1.5, s_scores.SumOver(0, Mask.FromExamples(5, [0, 1, 2])));
}
