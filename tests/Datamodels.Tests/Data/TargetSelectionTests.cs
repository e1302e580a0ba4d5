using Datamodels.Data;
using Xunit;

namespace Datamodels.Tests.Data;

public sealed class TargetSelectionTests
{
    private static readonly TrainingData s_data = TestData.Blobs(30, 12);

    [Fact]
    public void Without_indices_it_is_the_set_itself()
    {
        Assert.Same(s_data.Test, new TargetSelection().Of(s_data));
        Assert.Same(s_data.Train, new TargetSelection { Set = TargetSet.Train }.Of(s_data));
    }

    [Fact]
    public void Indices_choose_and_order()
    {
        var selection = new TargetSelection { Set = TargetSet.Train, Examples = [29, 0, 7] };
        ExampleSet targets = selection.Of(s_data);
        Assert.Equal(3, targets.Count);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(s_data.Train.Row(selection.ExampleOf(i)), targets.Row(i));
            Assert.Equal(s_data.Train.Labels[selection.ExampleOf(i)], targets.Labels[i]);
        }
    }

    [Theory]
    [InlineData("TargetOutOfRange", 3, 12)]
    [InlineData("TargetOutOfRange", -1)]
    [InlineData("TargetRepeated", 3, 4, 3)]
    [InlineData("TargetsEmpty")]
    public void Others_are_refused(string id, params int[] examples)
    {
        var error = Assert.Throws<DatamodelException>(() => new TargetSelection { Examples = [.. examples] }.Of(s_data));
        Assert.Equal(id, error.Id);
    }
}
