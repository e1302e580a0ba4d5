using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Learners;

public class LearnerTests
{
    public static TheoryData<string, Learner> Wrong() => new()
    {
        { "Hidden", new NetworkLearner { Hidden = [] } },
        { "Hidden", new NetworkLearner { Hidden = [8, 0] } },
        { "Hidden", new NetworkLearner { Kind = LearnerKind.Softmax } },
        { "Epochs", new NetworkLearner { Epochs = 0 } },
        { "BatchSize", new NetworkLearner { BatchSize = 0 } },
        { "LearningRate", new NetworkLearner { LearningRate = 0 } },
        { "LearningRate", new NetworkLearner { LearningRate = double.PositiveInfinity } },
        { "PeakEpoch", new NetworkLearner { Epochs = 4, PeakEpoch = 5 } },
        { "Momentum", new NetworkLearner { Momentum = 1 } },
        { "WeightDecay", new NetworkLearner { WeightDecay = double.NaN } },
        { "LabelSmoothing", new NetworkLearner { LabelSmoothing = -0.1 } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_setting_outside_its_range_is_named(string setting, Learner learner)
    {
        var error = Assert.Throws<DatamodelException>(learner.Validate);
        Assert.Equal("LearnerSettingOutOfRange", error.Id);
        Assert.StartsWith(setting + " of the learner is ", error.Message);
    }

    [Fact]
    public void Learners_compare_by_their_settings()
    {
        Assert.Equal(new NetworkLearner { Hidden = [8, 4] }, new NetworkLearner { Hidden = [8, 4] });
        Assert.NotEqual(new NetworkLearner { Hidden = [8, 4] }, new NetworkLearner { Hidden = [8, 5] });
    }
}
