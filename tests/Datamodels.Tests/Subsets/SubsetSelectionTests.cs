using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Subsets;

public class SubsetSelectionTests
{
    [Fact]
    public void A_subset_is_the_same_however_it_is_named()
    {
        int[] expected = [1, 3, 8];
        Assert.Equal(expected, SubsetSelection.Only([8, 1, 3]).MaskOf(9).ToExamples());
        Assert.Equal(expected, SubsetSelection.Without([0, 2, 7, 6, 5, 4]).MaskOf(9).ToExamples());
        Assert.Equal(expected, SubsetSelection.OfBits([0, 1, 0, 1, 0, 0, 0, 0, 1]).MaskOf(9).ToExamples());
    }

    [Fact]
    public void Nothing_can_be_in_it_and_nothing_taken_out()
    {
        Assert.Equal(0, SubsetSelection.Only([]).MaskOf(9).Count);
        Assert.Equal(9, SubsetSelection.Without([]).MaskOf(9).Count);
    }

    [Theory]
    [InlineData("ExampleOutOfRange", new[] { 0, 9 }, "9 does not exist; there are 9, numbered 0 to 8")]
    [InlineData("ExampleOutOfRange", new[] { -1 }, "-1 does not exist")]
    [InlineData("ExampleRepeated", new[] { 4, 2, 4 }, "4 is listed more than once")]
    public void Indices_are_checked(string id, int[] examples, string message)
    {
        foreach (SubsetSelection selection in new[] { SubsetSelection.Only(examples), SubsetSelection.Without(examples) })
        {
            var exception = Assert.Throws<DatamodelException>(() => selection.MaskOf(9));
            Assert.Equal(id, exception.Id);
            Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("MaskLengthDiffers", new[] { 1, 0, 1 }, "3 entries; expected one for each of the 4")]
    [InlineData("MaskEntryInvalid", new[] { 1, 0, 3, 1 }, "Entry 2 of a mask is 3")]
    public void Masks_are_checked(string id, int[] bits, string message)
    {
        var exception = Assert.Throws<DatamodelException>(() => SubsetSelection.OfBits(bits).MaskOf(4));
        Assert.Equal(id, exception.Id);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
