using System.Numerics;
using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// The rows of one segment laid out for predictions: for every 48 columns a word of each row, six columns in each byte. Takes
/// about RowCount * ColumnCount / 6 bytes.
/// </summary>
internal sealed class HeldOutRows
{
    private const int GroupColumns = SubsetSums.GroupColumns;
    private const int WordColumns = SubsetSums.WordColumns;

    /// <summary>Lays out a segment.</summary>
    public HeldOutRows(BitMatrix matrix, int segment, CancellationToken cancellation = default)
    {
        RowSegment rows = matrix.Segments[segment];
        RowCount = rows.RowCount;
        WordCount = PaddedColumns(matrix.ColumnCount) / WordColumns;
        Subsets = new ulong[(long)WordCount * RowCount];
        for (int column = 0; column < matrix.ColumnCount; column++)
        {
            cancellation.ThrowIfCancellationRequested();
            int group = column % WordColumns / GroupColumns;
            ulong bit = 1UL << ((8 * group) + (column % GroupColumns));
            Span<ulong> subsets = Subsets.AsSpan(column / WordColumns * RowCount, RowCount);
            ReadOnlySpan<ulong> words = matrix.Column(column).Slice(rows.FirstWord, rows.WordCount);
            for (int word = 0; word < words.Length; word++)
            {
                for (ulong left = words[word]; left != 0; left &= left - 1)
                {
                    subsets[(word * 64) + BitOperations.TrailingZeroCount(left)] |= bit;
                }
            }
        }
    }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Words of a row.</summary>
    public int WordCount { get; }

    /// <summary>The bits, <c>[WordCount, RowCount]</c>.</summary>
    public ulong[] Subsets { get; }

    /// <summary><paramref name="columns"/> rounded up to what fills whole words.</summary>
    public static int PaddedColumns(int columns) => (columns + WordColumns - 1) / WordColumns * WordColumns;
}
