using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Learners;

public class LearnerTests
{
    private static readonly NetworkLearner s_convolutional =
        new() { Kind = LearnerKind.Convolutional, Hidden = [], Layers = Layer.Parse("conv 8 3x3, relu, dense") };

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
        { "Layers", new NetworkLearner { Kind = LearnerKind.Convolutional, Hidden = [] } },
        { "Hidden", new NetworkLearner { Kind = LearnerKind.Convolutional, Layers = Layer.Parse("dense") } },
        { "Layers", new NetworkLearner { Layers = Layer.Parse("dense") } },
        { "Flip", new NetworkLearner { Flip = true } },
        { "Translate", new NetworkLearner { Translate = 2 } },
        { "Cutout", new NetworkLearner { Cutout = 2 } },
        { "FlipAtTest", new NetworkLearner { FlipAtTest = true } },
        { "Translate", s_convolutional with { Translate = 33 } },
        { "Translate", s_convolutional with { Translate = -1 } },
        { "Cutout", s_convolutional with { Cutout = -1 } },
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
        Assert.Equal(s_convolutional, s_convolutional with { Layers = Layer.Parse("conv 8 3x3 pad 1, relu, dense") });
        Assert.NotEqual(s_convolutional, s_convolutional with { Layers = Layer.Parse("conv 8 3x3 pad 0, relu, dense") });
    }

    [Fact]
    public void A_learner_of_ones_own_needs_something_to_run()
    {
        static string Refusal(Learner learner) => Assert.Throws<DatamodelException>(learner.Validate).Message;
        Assert.Contains("Command", Refusal(new ProcessLearner { Command = " " }));
        Assert.Contains(
            "WorkingDirectory of the learner is 'here'",
            Refusal(new ProcessLearner { Command = "x", WorkingDirectory = "here" }));
        Assert.Contains("Script", Refusal(new ScriptLearner()));
        var program = new ProcessLearner { Command = "python3", Arguments = ["my train.py", "", "1"] };
        Assert.Equal("python3 \"my train.py\" \"\" 1", $"{program}");
        Assert.Equal("a script of 2 lines", $"{new ScriptLearner { Script = "\n1\n2\n" }}");
    }

    [Fact]
    public void Each_learner_has_its_engine_but_a_script_needs_PowerShell()
    {
        Assert.IsType<CpuEngine>(TrainingEngines.For(new NetworkLearner()));
        ITrainingEngine engine = TrainingEngines.For(new ProcessLearner { Command = "dotnet" }, 3);
        Assert.Equal(3, Assert.IsType<ProcessEngine>(engine).Processes);
        Assert.Equal("ScriptNeedsPowerShell", Assert.Throws<DatamodelException>(
            () => TrainingEngines.For(new ScriptLearner { Script = "1" })).Id);
    }
}
