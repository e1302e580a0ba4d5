using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Regression;

/// <summary>
/// A matrix X of zeros and ones, <c>[RowCount, ColumnCount]</c>, with every column packed: within a segment, bit r % 64 of
/// word r / 64 of column j is X[r, j]. Rows are models, columns training examples. Every segment begins on a cache line of
/// 512 bits and is padded with zeros to whole lines. Takes about RowCount * ColumnCount / 8 bytes.
/// </summary>
internal sealed unsafe class BitMatrix
{
    /// <summary>Words of a cache line.</summary>
    public const int WordsPerLine = 8;

    private const int RowsPerLine = WordsPerLine * 64;

    private readonly ulong[] _words;
    private readonly int _start;
    private readonly int _stride;

    private BitMatrix(int columnCount, RowSegment[] segments)
    {
        Segments = segments;
        ColumnCount = columnCount;
        RowCount = segments[^1].FirstRow + segments[^1].RowCount;
        WordCount = segments[^1].FirstWord + segments[^1].WordCount;

        // An odd number of lines: of columns as long as a power of two, the same rows would fall into a few sets of a cache.
        int lines = (WordCount / WordsPerLine) | 1;
        _stride = lines * WordsPerLine;
        long columns = (columnCount + PairCounts.Group - 1L) / PairCounts.Group * PairCounts.Group;
        long words = (columns * _stride) + WordsPerLine - 1;
        if (words > Array.MaxLength)
        {
            throw new DatamodelException(
                "TooManyMasks", ErrorKind.InvalidArgument,
                $"The masks of {RowCount} models over {columnCount} examples take {DataMemory.InWords(words * sizeof(ulong))}; "
                + $"a fit takes at most {DataMemory.InWords(Array.MaxLength * (long)sizeof(ulong))} of them. Fit fewer models.");
        }

        // Pinned, so that the lines can begin where those of the memory do.
        _words = GC.AllocateArray<ulong>((int)words, pinned: true);
        nuint address = (nuint)(void*)Marshal.UnsafeAddrOfPinnedArrayElement(_words, 0);
        const nuint Line = WordsPerLine * sizeof(ulong);
        _start = (int)((Line - (address % Line)) % Line / sizeof(ulong));
    }

    /// <summary>Number of rows, m.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns, n.</summary>
    public int ColumnCount { get; }

    /// <summary>Words of a column, those of all segments; a multiple of <see cref="WordsPerLine"/>.</summary>
    public int WordCount { get; }

    /// <summary>Words from one column to the next.</summary>
    public int Stride => _stride;

    /// <summary>The segments, one after the other.</summary>
    public IReadOnlyList<RowSegment> Segments { get; }

    /// <summary>
    /// The first word of column <paramref name="column"/>, on a cache line; valid while this object is alive. The columns from
    /// the last up to the next multiple of <see cref="PairCounts.Group"/> are zeros.
    /// </summary>
    public ulong* ColumnPointer(int column) =>
        (ulong*)Marshal.UnsafeAddrOfPinnedArrayElement(_words, _start) + ((nint)column * _stride);

    /// <summary>The packed column <paramref name="column"/>, <c>[WordCount]</c>.</summary>
    public ReadOnlySpan<ulong> Column(int column) => _words.AsSpan(_start + (column * _stride), WordCount);

    /// <summary>Ones in each column, <c>[ColumnCount]</c>.</summary>
    public int[] CountOnes()
    {
        int[] counts = new int[ColumnCount];
        for (int column = 0; column < counts.Length; column++)
        {
            foreach (ulong word in Column(column))
            {
                counts[column] += BitOperations.PopCount(word);
            }
        }

        return counts;
    }

    /// <summary>Packs the masks of the rows, a block of 512 at a time: beyond the matrix, takes 64 n bytes.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="segmentRowCounts">Rows of each segment, at least one; the first begins at row 0.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="DatamodelException"><c>TooManyMasks</c>: they take more than an array can be long, 17 GB.</exception>
    public static BitMatrix Read(
        IRunRows rows, IReadOnlyList<int> segmentRowCounts, CancellationToken cancellation = default)
    {
        var segments = new RowSegment[segmentRowCounts.Count];
        int row = 0;
        int word = 0;
        for (int i = 0; i < segments.Length; i++)
        {
            int words = (int)(((long)segmentRowCounts[i] + RowsPerLine - 1) / RowsPerLine) * WordsPerLine;
            segments[i] = new RowSegment(row, segmentRowCounts[i], word, words);
            row += segmentRowCounts[i];
            word += words;
        }

        var matrix = new BitMatrix(rows.TrainCount, segments);
        int rowBytes = Mask.ByteCount(rows.TrainCount);

        // Eight bytes are read at a time, of the last row too.
        byte[] block = new byte[((long)RowsPerLine * rowBytes) + sizeof(ulong)];
        foreach (RowSegment segment in segments)
        {
            for (int first = 0; first < segment.RowCount; first += RowsPerLine)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = Math.Min(RowsPerLine, segment.RowCount - first);
                rows.ReadMasks(segment.FirstRow + first, count, block.AsSpan(0, count * rowBytes));
                matrix.Pack(block, rowBytes, count, segment.FirstWord + (first / 64));
            }
        }

        return matrix;
    }

    // Up to 512 rows become one line of every column, in squares of 64 rows by 64 columns.
    private void Pack(byte[] block, int rowBytes, int count, int word)
    {
        Span<ulong> square = stackalloc ulong[64];
        for (int firstByte = 0; firstByte < rowBytes; firstByte += sizeof(ulong))
        {
            int firstColumn = firstByte * 8;
            int columns = Math.Min(64, ColumnCount - firstColumn);
            for (int firstRow = 0; firstRow < count; firstRow += 64)
            {
                int squareRows = Math.Min(64, count - firstRow);
                for (int i = 0; i < squareRows; i++)
                {
                    // Past the last byte of a row come bits of the next: columns that there are not.
                    square[i] = BinaryPrimitives.ReadUInt64LittleEndian(
                        block.AsSpan(((firstRow + i) * rowBytes) + firstByte, sizeof(ulong)));
                }

                square[squareRows..].Clear();
                BitTranspose.Transpose64(square);
                ulong* to = ColumnPointer(firstColumn) + word + (firstRow / 64);
                for (int j = 0; j < columns; j++)
                {
                    to[(nint)j * _stride] = square[j];
                }
            }
        }
    }
}
