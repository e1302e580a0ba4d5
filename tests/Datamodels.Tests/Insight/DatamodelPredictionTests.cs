using Datamodels.Insight;
using Datamodels.Regression;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class DatamodelPredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_prediction_is_the_bias_and_the_weights_of_the_subset()
    {
        var world = new LinearWorld([0.5], [[1, 0, -3, 2]]);
        Datamodel datamodel = world.DatamodelOf(world.NewRun(_folder.File("run")), 0);
        IReadOnlyList<DatamodelPrediction> predictions =
            DatamodelPrediction.Of(datamodel, [SubsetSelection.Only([2, 3]), SubsetSelection.Without([1, 2])]);
        Assert.Equal([-0.5, 3.5], predictions.Select(prediction => prediction.PredictedMargin));
        Assert.Equal([-1.0, 3.0], predictions.Select(prediction => prediction.Change));
        Assert.Equal([(0, 2), (1, 2)], predictions.Select(prediction => (prediction.Subset, prediction.Size)));
        Assert.Equal("target 0 on subset 0 of 2 examples: -0.500", predictions[0].ToString());
    }
}
