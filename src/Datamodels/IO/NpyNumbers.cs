using System.Buffers;
using System.Numerics;

namespace Datamodels.IO;

/// <summary>Numbers of a NumPy file as float64, of whichever type of IEEE 754 they are stored.</summary>
internal static class NpyNumbers
{
    // Bytes that are converted at once, unless one row is more.
    private const int BlockSize = 1 << 20;

    /// <summary>Whether a file of this type holds such numbers: float16, float32 or float64.</summary>
    public static bool CanRead(NpyType type) => type is NpyType.Half or NpyType.Single or NpyType.Double;

    /// <summary>Reads some columns of some rows; exact, and what is not finite comes as it is.</summary>
    /// <param name="file">Holds such numbers.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="firstColumn">First element of each.</param>
    /// <param name="columnCount">How many.</param>
    /// <param name="numbers">Receives them, row-major, <c>[rowCount, columnCount]</c>.</param>
    /// <exception cref="IOException">Reading failed.</exception>
    /// <remarks>Takes a block of 1 MiB, or of one row, while it reads, beside what <see cref="NpyFile"/> takes.</remarks>
    public static void Read(
        NpyFile file, long firstRow, int rowCount, int firstColumn, int columnCount, Span<double> numbers)
    {
        switch (file.Header.Type)
        {
            case NpyType.Half:
                Read<Half>(file, firstRow, rowCount, firstColumn, columnCount, numbers);
                break;
            case NpyType.Single:
                Read<float>(file, firstRow, rowCount, firstColumn, columnCount, numbers);
                break;
            case NpyType.Double:
                file.ReadColumns(firstRow, rowCount, firstColumn, columnCount, numbers);
                break;
            default:
                throw new ArgumentException($"{file.Header} is not of numbers of IEEE 754.", nameof(file));
        }
    }

    private static void Read<T>(
        NpyFile file, long firstRow, int rowCount, int firstColumn, int columnCount, Span<double> numbers)
        where T : unmanaged, INumberBase<T>
    {
        int blockRows = Math.Clamp(
            BlockSize / Math.Max(1, columnCount * file.Header.ElementSize), 1, Math.Max(1, rowCount));
        T[] block = ArrayPool<T>.Shared.Rent(blockRows * columnCount);
        for (int first = 0; first < rowCount; first += blockRows)
        {
            int rows = Math.Min(blockRows, rowCount - first);
            Span<T> read = block.AsSpan(0, rows * columnCount);
            file.ReadColumns(firstRow + first, rows, firstColumn, columnCount, read);
            Span<double> converted = numbers.Slice(first * columnCount, read.Length);
            for (int i = 0; i < read.Length; i++)
            {
                converted[i] = double.CreateTruncating(read[i]);
            }
        }

        ArrayPool<T>.Shared.Return(block);
    }
}
