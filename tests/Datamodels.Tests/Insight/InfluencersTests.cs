using Datamodels.Insight;
using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class InfluencersTests : IDisposable
{
    // Classes of the blobs take turns: example i is of class i % 3, and so is target i.
    private static readonly LinearWorld s_world = new([0.5, 0], [[0.2, -0.1, 0.9, 0, 0.2, -0.4, 0.2], [0, 0, 0, 0, 0, 0, 0]]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_strongest_of_each_sign_come_first_and_ties_by_index() => Assert.Equal(
        [
            new Influencer(0, "0", 2, "2", 0.9, 1), new(0, "0", 0, "0", 0.2, 2), new(0, "0", 4, "1", 0.2, 3),
            new(0, "0", 5, "2", -0.4, 1), new(0, "0", 1, "1", -0.1, 2),
        ],
        Influencers.Of(Model(0), top: 3));

    [Theory]
    [InlineData(InfluenceSign.Positive, new[] { 2, 0, 4, 6 })]
    [InlineData(InfluenceSign.Negative, new[] { 5, 1 })]
    public void One_sign_alone_can_be_asked_for(InfluenceSign sign, int[] examples) =>
        Assert.Equal(examples, Influencers.Of(Model(0), top: 10, sign).Select(influencer => influencer.Example));

    [Fact]
    public void A_datamodel_without_weights_has_no_influencers() => Assert.Empty(Influencers.Of(Model(1), top: 3));

    [Fact]
    public void An_influencer_says_what_it_is() =>
        Assert.Equal("target 0 (0): training example 2 (2), weight +0.9000", Influencers.Of(Model(0), top: 1)[0].ToString());

    [Fact]
    public void Fewer_than_one_is_refused() =>
        Assert.Equal("TopOutOfRange", Assert.Throws<DatamodelException>(() => Influencers.Of(Model(0), top: 0)).Id);

    private Datamodel Model(int target)
    {
        SubsetTraining run = s_world.NewRun(_folder.File("run"));
        return s_world.DatamodelOf(run, target);
    }
}
