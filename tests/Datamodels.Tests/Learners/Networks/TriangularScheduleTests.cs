using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Learners;

public class TriangularScheduleTests
{
    [Fact]
    public void Rises_to_the_peak_and_falls_to_the_end()
    {
        var learner = new NetworkLearner { Epochs = 4, PeakEpoch = 1, LearningRate = 0.8 };
        float[] rates = [.. Enumerable.Range(0, 8).Select(step => TriangularSchedule.Rate(learner, step, 2))];
        Assert.Equal(
            [0.2f, 0.6f, 0.8f * 11 / 12, 0.6f, 0.8f * 7 / 12, 0.8f * 5 / 12, 0.2f, 0.8f / 12], rates,
            (x, y) => Math.Abs(x - y) < 1e-6f);
    }

    [Theory]
    [InlineData(0, 0.875)]
    [InlineData(4, 0.125)]
    public void The_peak_may_be_at_either_end(double peak, double first)
    {
        var learner = new NetworkLearner { Epochs = 4, PeakEpoch = peak, LearningRate = 1 };
        Assert.Equal(first, TriangularSchedule.Rate(learner, 0, 1), 1e-6);
    }
}
