using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Subsets;

public class MaskTests
{
    [Fact]
    public void Packs_as_numpy_packbits_little_does()
    {
        // numpy.packbits(m, bitorder='little') of length 11 with bits 0, 3, 8 and 10 set.
        var mask = Mask.FromExamples(11, [10, 3, 0, 8, 3]);
        Assert.Equal([0x09, 0x05], mask.Bytes.ToArray());
        Assert.Equal((4, 11), (mask.Count, mask.Length));
        Assert.Equal([0, 3, 8, 10], mask.ToExamples());
        Assert.Equal([0, 3, 8, 10], Enumerable.Range(0, 11).Where(i => mask[i]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(1497)]
    public void Goes_to_bytes_and_examples_and_back(int length)
    {
        Mask full = Mask.Full(length);
        Assert.Equal((length, (length + 7) / 8), (full.Count, full.Bytes.Length));
        int[] odd = [.. Enumerable.Range(0, length).Where(i => i % 2 == 1)];
        Mask without = full.Without(odd);
        Assert.Equal(length - odd.Length, without.Count);
        Assert.Equal(Enumerable.Range(0, length).Where(i => i % 2 == 0), without.ToExamples());
        Assert.Equal(length, full.Count);
        Assert.Equal(without.ToExamples(), Mask.FromBytes(length, without.Bytes).ToExamples());
        Assert.Equal(without.ToExamples(), Mask.FromExamples(length, without.ToExamples()).ToExamples());
    }

    [Fact]
    public void Clears_the_bits_past_its_length()
    {
        Mask mask = Mask.FromBytes(11, [0xFF, 0xFF, 0xFF]);
        Assert.Equal([0xFF, 0x07], mask.Bytes.ToArray());
        Assert.Equal(11, mask.Count);
    }

    [Fact]
    public void Refuses_an_example_outside_the_training_set()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Mask.FromExamples(8, [8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mask.FromExamples(8, [-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mask.Full(8).Without([8]));
    }
}
