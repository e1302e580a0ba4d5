using System.Runtime.Intrinsics.X86;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public class PopCountAndTests
{
    // Around the widths of a 256-bit and a 512-bit vector, and of a carry-save round of sixteen of either.
    public static TheoryData<int> Lengths =>
        [0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 71, 127, 128, 129, 136, 137, 255, 256, 257, 400];

    [Fact]
    public void Counts_the_ones_both_have() =>
        Assert.Equal(3, PopCountAnd.CountScalar([0b1011, 0xFF00, 1UL << 63], [0b0110, 0x0100, ulong.MaxValue]));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_path_gives_the_scalar_count(int words)
    {
        (ulong[] left, ulong[] right) = Words(words);
        long expected = PopCountAnd.CountScalar(left, right);
        Assert.Equal(expected, PopCountAnd.Count(left, right));
        if (Avx2.IsSupported)
        {
            Assert.Equal(expected, PopCountAnd.CountAvx2(left, right));
        }

        if (Avx512BW.IsSupported)
        {
            Assert.Equal(expected, PopCountAnd.CountAvx512(left, right));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void All_ones_give_the_number_of_bits(int words)
    {
        ulong[] ones = new ulong[words];
        ones.AsSpan().Fill(ulong.MaxValue);
        Assert.Equal(64L * words, PopCountAnd.Count(ones, ones));
        if (Avx2.IsSupported)
        {
            Assert.Equal(64L * words, PopCountAnd.CountAvx2(ones, ones));
        }
    }

    [Fact]
    public void Strings_of_different_length_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PopCountAnd.Count(new ulong[8], new ulong[9]));

    private static (ulong[] Left, ulong[] Right) Words(int count)
    {
        var random = new RandomStream(7, RandomPurpose.Subset, (ulong)count);
        ulong[] left = new ulong[count];
        ulong[] right = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            left[i] = random.NextUInt64();
            right[i] = random.NextUInt64();
        }

        return (left, right);
    }
}
