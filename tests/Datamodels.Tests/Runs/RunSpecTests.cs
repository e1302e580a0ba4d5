using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

public class RunSpecTests
{
    private static readonly RunSpec s_spec = new()
    {
        DataFingerprint = "0123abc",
        DataSource = new DataSource { Path = [Path.GetFullPath("/data/digits.csv.gz")], ImageShape = new ImageShape(8, 8) },
        TrainCount = 1497,
        TargetCount = 300,
        ClassCount = 10,
        Learner = new NetworkLearner(),
        Observation = new Observation(),
        Plan = new SubsetPlan(0, 0.5, 10),
        Engine = "cpu",
    };

    [Fact]
    public void The_image_shape_counts_for_learners_that_see_it()
    {
        RunSpec other = s_spec with { DataSource = s_spec.DataSource! with { ImageShape = new ImageShape(4, 16) } };
        Assert.Empty(s_spec.DifferencesFrom(other));

        var learner = new NetworkLearner { Kind = LearnerKind.Convolutional, Hidden = [] };
        string difference = Assert.Single((s_spec with { Learner = learner }).DifferencesFrom(other with { Learner = learner }));
        Assert.Equal("the data's ImageShape is 8x8 in the run, 4x16 is asked for", difference);
    }

    [Fact]
    public void Where_the_data_is_other_data_it_says_in_which_setting()
    {
        RunSpec other = s_spec with
        {
            DataFingerprint = "fff",
            DataSource = s_spec.DataSource! with { TestPath = [Path.GetFullPath("/data/test.csv")], TrainSize = 50 },
        };
        string said = string.Join("; ", s_spec.DifferencesFrom(other));
        Assert.Contains("the data's TestPath is none in the run,", said, StringComparison.Ordinal);
        Assert.Contains("the data's TrainSize is none in the run, 50 is asked for", said, StringComparison.Ordinal);
        Assert.DoesNotContain("ImageShape", said, StringComparison.Ordinal);
    }
}
