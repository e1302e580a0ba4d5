using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public class BitTransposeTests
{
    [Fact]
    public void Bit_j_of_word_i_becomes_bit_i_of_word_j()
    {
        var random = new RandomStream(3, RandomPurpose.Subset, 0);
        ulong[] square = new ulong[64];
        for (int i = 0; i < 64; i++)
        {
            square[i] = random.NextUInt64();
        }

        ulong[] transposed = (ulong[])square.Clone();
        BitTranspose.Transpose64(transposed);
        for (int i = 0; i < 64; i++)
        {
            for (int j = 0; j < 64; j++)
            {
                Assert.Equal((square[i] >> j) & 1, (transposed[j] >> i) & 1);
            }
        }
    }
}
