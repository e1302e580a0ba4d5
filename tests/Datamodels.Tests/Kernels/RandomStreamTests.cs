using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public class RandomStreamTests
{
    // Values from an implementation of its own in another language; they are part of the format and never change.
    [Fact]
    public void Never_changes_what_a_seed_gives()
    {
        var stream = new RandomStream(12345678901234567890, RandomPurpose.Shuffle, (1UL << 40) + 5);
        foreach (uint expected in new[] { 0x066025f5u, 0xa6b344b3u, 0x8cb5a463u, 0x2b90cf4eu, 0xba179411u, 0x6f104f7eu })
        {
            Assert.Equal(expected, stream.NextUInt32());
        }

        int[] order = [.. Enumerable.Range(0, 10)];
        var shuffle = new RandomStream(1, RandomPurpose.Shuffle, 0);
        shuffle.Shuffle(order.AsSpan());
        Assert.Equal([9, 1, 3, 4, 8, 0, 2, 5, 6, 7], order);

        var single = new RandomStream(1, RandomPurpose.Shuffle, 0);
        Assert.Equal(0.7759044766426086f, single.NextSingle());
        Assert.Equal(0.670609712600708f, single.NextSingle());
    }

    [Fact]
    public void A_copy_goes_on_by_itself()
    {
        var stream = new RandomStream(1, RandomPurpose.Split, 2);
        stream.NextUInt32();
        RandomStream copy = stream;
        Assert.Equal(stream.NextUInt64(), copy.NextUInt64());
    }

    [Fact]
    public void Streams_of_other_seeds_purposes_and_indices_differ()
    {
        ulong[] firsts =
        [
            new RandomStream(0, RandomPurpose.Subset, 0).NextUInt64(), new RandomStream(1, RandomPurpose.Subset, 0).NextUInt64(),
            new RandomStream(1UL << 32, RandomPurpose.Subset, 0).NextUInt64(),
            new RandomStream(0, RandomPurpose.Shuffle, 0).NextUInt64(),
            new RandomStream(0, RandomPurpose.Subset, 1).NextUInt64(),
            new RandomStream(0, RandomPurpose.Subset, 1UL << 32).NextUInt64(),
        ];
        Assert.Equal(firsts.Length, firsts.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Numbers_below_a_bound_are_uniform(int bound)
    {
        const int Draws = 100_000;
        int[] counts = new int[bound];
        var stream = new RandomStream(5, RandomPurpose.Split, 0);
        for (int i = 0; i < Draws; i++)
        {
            counts[stream.NextBelow(bound)]++;
        }

        double expected = (double)Draws / bound;
        Chi.AssertSquare(counts.Sum(c => (c - expected) * (c - expected) / expected), bound - 1);
    }

    [Fact]
    public void Numbers_below_a_bound_near_2_to_the_31_have_no_bias()
    {
        // Without rejection the lower third of 3 * 2^29 would come up 4/3 as often.
        const int Bound = 3 << 29;
        const int Draws = 60_000;
        int[] thirds = new int[3];
        var stream = new RandomStream(6, RandomPurpose.Split, 0);
        for (int i = 0; i < Draws; i++)
        {
            thirds[stream.NextBelow(Bound) >> 29]++;
        }

        Chi.AssertSquare(thirds.Sum(c => Math.Pow(c - (Draws / 3.0), 2) / (Draws / 3.0)), 2);
    }
}
