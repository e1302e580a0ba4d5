using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Learners;

public class LearnerTests
{
    public static TheoryData<string, Learner> Wrong() => new()
    {
        { "Hidden", new Learner { Hidden = [] } },
        { "Hidden", new Learner { Hidden = [8, 0] } },
        { "Hidden", new Learner { Kind = LearnerKind.Softmax } },
        { "Epochs", new Learner { Epochs = 0 } },
        { "BatchSize", new Learner { BatchSize = 0 } },
        { "LearningRate", new Learner { LearningRate = 0 } },
        { "LearningRate", new Learner { LearningRate = double.PositiveInfinity } },
        { "PeakEpoch", new Learner { Epochs = 4, PeakEpoch = 5 } },
        { "Momentum", new Learner { Momentum = 1 } },
        { "WeightDecay", new Learner { WeightDecay = double.NaN } },
        { "LabelSmoothing", new Learner { LabelSmoothing = -0.1 } },
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
        Assert.Equal(new Learner { Hidden = [8, 4] }, new Learner { Hidden = [8, 4] });
        Assert.NotEqual(new Learner { Hidden = [8, 4] }, new Learner { Hidden = [8, 5] });
    }
}
