using Datamodels.Experiments;
using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Experiments;

public class DigitsExperimentTests
{
    [Fact]
    public void The_example_is_the_study_that_it_says_it_is()
    {
        Experiment experiment = ExperimentFile.Read(Path.Combine(Repository.Root, "examples", "digits", "experiment.yaml"));
        Assert.Equal(Repository.Digits, Assert.Single(experiment.Data.Path));
        Assert.Equal(new NetworkLearner(), experiment.Learner);
        Assert.Equal(new(0, 0.5, 20000), experiment.Plan);
        Assert.Equal(new(60, 20, [1, 1.2], 0), experiment.Brittle);
        Assert.Equal([new(0.5, 100, 20, 1), new HeldOutStudy(0.75, 100, 20, 2)], experiment.HeldOut);
        Assert.EndsWith(Path.Combine("out", "demo"), experiment.Output, StringComparison.Ordinal);
    }
}
