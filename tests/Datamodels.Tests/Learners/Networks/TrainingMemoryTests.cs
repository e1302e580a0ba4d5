using Datamodels.Data;
using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Learners;

public class TrainingMemoryTests
{
    private static readonly TrainingData s_images = ConvolutionalTrainerTests.Images(40, 4, "6x5x3", 4);

    [Fact]
    public void Networks_that_nothing_can_train_are_refused()
    {
        Refused(new NetworkLearner { Hidden = [65536, 65536] }, "4302045200 weights");

        // 90 x 4,000, 39 x 4,000² and 4,000 x 4 weights; no layer is too large by itself.
        string many = string.Join(", ", Enumerable.Repeat("residual(dense 4000)", 39));
        Refused(Network($"dense 4000, {many}, dense"), "624376000 weights");
    }

    [Fact]
    public void What_fits_depends_on_the_network_the_batch_and_how_many_are_trained_at_once()
    {
        // 90 x 7 + 7 x 4 weights; 90 + 7 + 4 activations, the rectifier's in the place of the layer's before it.
        NetworkLearner learner = Network("dense 7, relu, dense");
        long bytes = sizeof(float) * ((3 * 658) + (16 * 101));
        new TrainingMemory(bytes).Require(learner, s_images, 1);
        new TrainingMemory(5 * bytes).Require(learner, s_images, 5);
        Assert.Contains("14.4 kB of memory; there are 14.3 kB", Assert.Throws<DatamodelException>(
            () => new TrainingMemory(bytes - 100).Require(learner, s_images, 1)).Message);
        Assert.Throws<DatamodelException>(() => new TrainingMemory((5 * bytes) - 1).Require(learner, s_images, 5));

        // With batch normalisation the whole batch of 32 goes through at once.
        learner = Network("dense 7, batchNorm, relu, dense");
        bytes = sizeof(float) * ((3 * 658) + (32 * 108));
        new TrainingMemory(bytes).Require(learner, s_images, 1);
        Assert.Throws<DatamodelException>(() => new TrainingMemory(bytes - 1).Require(learner, s_images, 1));
    }

    private static NetworkLearner Network(string layers) =>
        new() { Kind = LearnerKind.Convolutional, Hidden = [], Layers = Layer.Parse(layers) };

    private static void Refused(NetworkLearner learner, string said)
    {
        var error = Assert.Throws<DatamodelException>(() => learner.ValidateFor(s_images));
        Assert.Equal("LearnerTooLarge", error.Id);
        Assert.Contains(said, error.Message);
    }
}
