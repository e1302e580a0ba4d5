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
        BitMatrix matrix = BitMatrix.Read(rows, [2, models], TestContext.Current.CancellationToken);
        Assert.Equal((2 + models, train), (matrix.RowCount, matrix.ColumnCount));
        RowSegment segment = matrix.Segments[1];
        for (int j = 0; j < train; j++)
        {
            ReadOnlySpan<ulong> column = matrix.Column(j).Slice(segment.FirstWord, segment.WordCount);
            for (int i = 0; i < segment.WordCount * 64; i++)
            {
                bool bit = ((column[i / 64] >> (i % 64)) & 1) != 0;
                Assert.Equal(i < models && rows.MaskOf(i + 2)[j], bit);
            }
        }
    }

    [Theory]
    [InlineData(2, new[] { 1 })]
    [InlineData(63, new[] { 511, 512, 513 })]
    [InlineData(130, new[] { 70, 0, 1025 })]
    public void Segments_begin_on_lines_and_are_padded_with_zeros(int train, int[] counts)
    {
        RunRows rows = new PlantedRun(train, counts.Sum() + 2, targets: 1, planted: 0).Rows;
        BitMatrix matrix = BitMatrix.Read(rows, counts, TestContext.Current.CancellationToken);
        Assert.Equal((counts.Sum(), train), (matrix.RowCount, matrix.ColumnCount));
        Assert.Equal(counts, matrix.Segments.Select(segment => segment.RowCount));
        int row = 0;
        int word = 0;
        foreach (RowSegment segment in matrix.Segments)
        {
            Assert.Equal((row, word, 0), (segment.FirstRow, segment.FirstWord, segment.WordCount % BitMatrix.WordsPerLine));
            for (int j = 0; j < train; j++)
            {
                ReadOnlySpan<ulong> column = matrix.Column(j).Slice(segment.FirstWord, segment.WordCount);
                for (int i = 0; i < segment.WordCount * 64; i++)
                {
                    bool bit = ((column[i / 64] >> (i % 64)) & 1) != 0;
                    Assert.Equal(i < segment.RowCount && rows.MaskOf(row + i)[j], bit);
                }
            }

            row += segment.RowCount;
            word += segment.WordCount;
        }

        Assert.Equal(word, matrix.WordCount);
    }

    [Fact]
    public unsafe void Columns_lie_on_cache_lines_an_odd_number_apart()
    {
        RunRows rows = new PlantedRun(5, 1024, targets: 1, planted: 0).Rows;
        BitMatrix matrix = BitMatrix.Read(rows, [1024], TestContext.Current.CancellationToken);
        Assert.Equal(3 * BitMatrix.WordsPerLine, matrix.Stride);
        for (int j = 0; j < 8; j++)
        {
            Assert.Equal(0, (nint)matrix.ColumnPointer(j) % 64);
            Assert.Equal(j < 5 ? matrix.Column(j)[15] : 0, matrix.ColumnPointer(j)[15]);
        }
    }

    [Fact]
    public void Masks_that_no_array_holds_are_refused_before_any_is_read()
    {
        DatamodelException refused = Assert.Throws<DatamodelException>(() => BitMatrix.Read(
            new CountedRows(2_000_000_000, 1000), [2_000_000_000], TestContext.Current.CancellationToken));
        Assert.Equal("TooManyMasks", refused.Id);
        Assert.Contains("2000000000 models over 1000 examples", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_stops_when_it_is_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => BitMatrix.Read(
            new PlantedRun(5, 10, targets: 1, planted: 0).Rows, [10], new CancellationToken(canceled: true)));
}
