using System.Buffers.Binary;
using Datamodels.Kernels;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Regression;

/// <summary>
/// A matrix X of zeros and ones, <c>[RowCount, ColumnCount]</c>, with every column packed: bit r % 64 of word r / 64 of
/// column j is X[r, j]. Rows are models, columns training examples. Takes about RowCount * ColumnCount / 8 bytes.
/// </summary>
internal sealed class BitMatrix
{
    // A column is padded with zeros to whole cache lines.
    private const int WordsPerLine = 8;

    private readonly ulong[] _words;
    private readonly int _stride;

    private BitMatrix(ulong[] words, int stride, int rowCount, int columnCount)
    {
        _words = words;
        _stride = stride;
        RowCount = rowCount;
        ColumnCount = columnCount;
    }

    /// <summary>Number of rows, m.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns, n.</summary>
    public int ColumnCount { get; }

    /// <summary>Words of a column; those past the last row are 0.</summary>
    public int WordCount => _stride;

    /// <summary>The packed column <paramref name="column"/>, <c>[WordCount]</c>.</summary>
    public ReadOnlySpan<ulong> Column(int column) => _words.AsSpan(column * _stride, _stride);

    /// <summary>
    /// Packs the masks of the rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1.
    /// </summary>
    public static BitMatrix FromMasks(RunRows rows, int start, int count, CancellationToken cancellation = default)
    {
        int columns = rows.TrainCount;
        int rowBytes = Mask.ByteCount(columns);
        int lines = (count + (WordsPerLine * 64) - 1) / (WordsPerLine * 64);
        int stride = lines * WordsPerLine;
        ulong[] words = new ulong[(long)columns * stride];
        Span<ulong> square = stackalloc ulong[64];
        for (int word = 0; word * 64 < count; word++)
        {
            cancellation.ThrowIfCancellationRequested();
            int squareRows = Math.Min(64, count - (word * 64));
            for (int firstByte = 0; firstByte < rowBytes; firstByte += 8)
            {
                square.Clear();
                for (int i = 0; i < squareRows; i++)
                {
                    long offset = ((long)(start + (word * 64) + i) * rowBytes) + firstByte;
                    square[i] = ReadWord(rows.MaskBytes.AsSpan((int)offset, Math.Min(8, rowBytes - firstByte)));
                }

                BitTranspose.Transpose64(square);
                int firstColumn = firstByte * 8;
                int squareColumns = Math.Min(64, columns - firstColumn);
                for (int j = 0; j < squareColumns; j++)
                {
                    words[((firstColumn + j) * stride) + word] = square[j];
                }
            }
        }

        return new BitMatrix(words, stride, count, columns);
    }

    private static ulong ReadWord(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 8)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }

        ulong word = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            word |= (ulong)bytes[i] << (8 * i);
        }

        return word;
    }
}
