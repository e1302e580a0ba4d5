using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class BitMatrixTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(7, 63)]
    [InlineData(64, 64)]
    [InlineData(65, 65)]
    [InlineData(127, 513)]
    public void Columns_hold_the_bits_of_the_masks_and_zeros_after_them(int train, int models)
    {
        RunRows rows = new PlantedRun(train, models + 3, targets: 1, planted: 0).Rows;
        BitMatrix matrix = TestMatrix.Pack(rows, 2, models);
        Assert.Equal((models, train), (matrix.RowCount, matrix.ColumnCount));
        for (int j = 0; j < train; j++)
        {
            ReadOnlySpan<ulong> column = matrix.Column(j);
            for (int i = 0; i < matrix.WordCount * 64; i++)
            {
                bool bit = ((column[i / 64] >> (i % 64)) & 1) != 0;
                Assert.Equal(i < models && rows.MaskOf(i + 2)[j], bit);
            }
        }
    }
}
