using System.Text.Json.Nodes;
using Datamodels.Attribution;
using Datamodels.Experiments;
using Xunit;

namespace Datamodels.Tests.Experiments;

public class SummaryFileTests
{
    [Fact]
    public void Other_alphas_and_factors_have_keys_of_their_own()
    {
        JsonObject json = SummaryFile.ToJson(Summary(), [Measure(0.5, 0.8), Measure(0.75, 0.7), Measure(0.125, 0.6)]);
        Assert.Equal(0.8, (double)json["lds"]!);
        Assert.Equal(0.7, (double)json["lds_alpha75"]!);
        Assert.Equal(0.6, (double)json["lds_alpha12_5"]!);
        Assert.Equal(0.61, (double)json["brittle"]!["flipped_at_k"]!);
        Assert.Equal(0.86, (double)json["brittle"]!["flipped_at_1_2k"]!);
        Assert.Equal(30.5, (double)json["brittle"]!["median_k"]!);
    }

    [Fact]
    public void What_was_not_measured_is_null()
    {
        JsonObject json = SummaryFile.ToJson(
            Summary() with
            {
                Brittle = null, HeldOutR2 = null, WorstDualityGap = null, WorstKktResidual = double.NaN, ModelsTrained = 0,
            },
            []);
        string[] keys =
        [
            "lds", "lds_ceiling", "brittle", "held_out_r2", "worst_duality_gap", "worst_kkt_residual", "models_per_second",
        ];
        Assert.All(keys, key =>
        {
            Assert.True(json.ContainsKey(key));
            Assert.Null(json[key]);
        });
    }

    [Fact]
    public void The_rate_is_of_the_models_trained_in_this_session() => Assert.Equal(25, Summary().ModelsPerSecond);

    private static ExperimentSummary Summary() => new()
    {
        Models = 200,
        ModelsTrained = 50,
        ModelsDamaged = 0,
        Alpha = 0.5,
        TrainCount = 100,
        TargetCount = 10,
        TestAccuracy = 0.9,
        TargetsNotFitted = 1,
        HeldOutR2 = 0.3,
        NonzeroWeights = 20,
        WorstDualityGap = 1e-9,
        WorstKktResidual = 1e-10,
        NotConverged = 0,
        BrittleFlip = null,
        Brittle = new BrittleSummary
        {
            Targets = 5,
            WithSet = 3,
            NoSet = 1,
            AlreadyWrong = 1,
            ControlWrong = 0,
            MedianSize = 30.5,
            Retrainings = 20,
            Flipped = [new FlippedFraction(1, 0.61), new FlippedFraction(1.2, 0.86)],
        },
        Seconds = new ExperimentSeconds { Training = 2 },
        Engine = "cpu",
        Threads = 2,
    };

    private static DatamodelMeasure Measure(double alpha, double lds) => new()
    {
        Alpha = alpha,
        SubsetCount = 10,
        RetrainingCount = 2,
        ModelCount = 40,
        Lds = lds,
        LdsError = 0.01,
        LdsInterval = new(lds - 0.02, lds + 0.02),
        LdsCeiling = 0.9,
        R2 = 0.5,
        Rmse = 0.7,
        Slope = 1.1,
        Offset = -0.2,
        TargetMeasures = [],
    };
}
