using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Datamodels.IO;

/// <summary>How many rows a NumPy file may hold where a number of them is expected.</summary>
internal enum NpyRows
{
    /// <summary>That many.</summary>
    Exactly,

    /// <summary>That many or more.</summary>
    AtLeast,

    /// <summary>That many or more, and it may be longer than its header says: it was or is being made longer.</summary>
    Growing,
}

/// <summary>
/// A NumPy array on disk, read and written by rows (entries of the first axis) where they stand, so that an array far
/// larger than memory can be worked on. Numbers are taken as they lie in memory: every platform of .NET that this runs on
/// is little-endian, as the files are. Rows can be read and written from several threads.
/// </summary>
internal sealed class NpyFile : IDisposable
{
    private const int ZeroBlock = 1 << 20;

    // Bytes read at once where what is wanted is a part of them, unless one row is more.
    private const int ReadBlock = 1 << 20;

    // To read over this much costs more than another call of the system.
    private const int LargeGap = 1 << 17;

    private readonly SafeFileHandle _handle;
    private readonly long _dataOffset;
    private readonly long _rowSize;

    private NpyFile(SafeFileHandle handle, NpyHeader header, long dataOffset)
    {
        _handle = handle;
        Header = header;
        _dataOffset = dataOffset;
        _rowSize = header.RowSize;
    }

    /// <summary>Type and shape.</summary>
    public NpyHeader Header { get; private set; }

    /// <summary>Bytes of the file.</summary>
    /// <exception cref="IOException">It cannot be told.</exception>
    public long Length => RandomAccess.GetLength(_handle);

    /// <summary>
    /// Makes a new file of full size, all zeros, with its room on the disk taken where the file system can do that.
    /// </summary>
    /// <exception cref="IOException">The file exists, the disk is too small, or writing failed.</exception>
    public static NpyFile Create(string path, NpyHeader header)
    {
        byte[] start = header.ToBytes();
        long size = checked(start.Length + header.DataSize);
        SafeFileHandle handle = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, size);
        try
        {
            RandomAccess.SetLength(handle, size);
            RandomAccess.Write(handle, start, 0);
            return new NpyFile(handle, header, start.Length);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that must hold <paramref name="expected"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">Type and shape it must have.</param>
    /// <param name="access">Reading, or reading and writing.</param>
    /// <param name="rows">Whether it may hold more rows.</param>
    /// <exception cref="DatamodelException">It is not a NumPy file, holds another array, or has not its full length.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static NpyFile Open(string path, NpyHeader expected, FileAccess access, NpyRows rows = NpyRows.Exactly) =>
        Open(path, access, expected, rows);

    /// <summary>Opens a file for reading, whatever array it holds.</summary>
    /// <exception cref="DatamodelException">It is not a NumPy file, holds no plain array, or has not its full length.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static NpyFile Open(string path) => Open(path, FileAccess.Read, expected: null, NpyRows.Exactly);

    /// <summary>Reads the rows from <paramref name="firstRow"/> on that <paramref name="destination"/> has room for.</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="destination">A whole number of rows.</param>
    /// <exception cref="IOException">Reading failed.</exception>
    public void Read<T>(long firstRow, Span<T> destination)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(destination);
        ReadAt(OffsetOf(firstRow, bytes.Length), bytes);
    }

    /// <summary>
    /// Reads some columns of some rows, each row taken as a line of elements. A block of rows is read at a time and what is
    /// wanted copied out of it, unless so much of each row is not wanted that its piece is better read by itself.
    /// </summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="firstColumn">First element of each.</param>
    /// <param name="columnCount">How many.</param>
    /// <param name="destination">Receives them, row-major, <c>[rowCount, columnCount]</c>; of the size of the elements.</param>
    /// <exception cref="IOException">Reading failed.</exception>
    /// <remarks>Takes a block of 1 MiB, or of one row, while it reads.</remarks>
    public void ReadColumns<T>(long firstRow, int rowCount, int firstColumn, int columnCount, Span<T> destination)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(destination);
        int start = firstColumn * Header.ElementSize;
        int size = columnCount * Header.ElementSize;
        if (firstColumn < 0 || columnCount < 0 || start + (long)size > _rowSize || bytes.Length != (long)rowCount * size)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstColumn), $"{columnCount} elements from {firstColumn} on of {rowCount} rows are not of {Header}.");
        }

        if (size == _rowSize)
        {
            ReadAt(OffsetOf(firstRow, bytes.Length), bytes);
            return;
        }

        if (_rowSize - size >= LargeGap)
        {
            for (int row = 0; row < rowCount; row++)
            {
                ReadAt(OffsetOf(firstRow + row, _rowSize) + start, bytes.Slice(row * size, size));
            }

            return;
        }

        // A row is no longer than what is wanted of it and a gap.
        int rowSize = (int)_rowSize;
        int blockRows = Math.Clamp(ReadBlock / rowSize, 1, Math.Max(1, rowCount));
        byte[] block = ArrayPool<byte>.Shared.Rent(blockRows * rowSize);
        for (int first = 0; first < rowCount; first += blockRows)
        {
            int rows = Math.Min(blockRows, rowCount - first);
            Read(firstRow + first, block.AsSpan(0, rows * rowSize));
            for (int row = 0; row < rows; row++)
            {
                block.AsSpan((row * rowSize) + start, size).CopyTo(bytes.Slice((first + row) * size, size));
            }
        }

        ArrayPool<byte>.Shared.Return(block);
    }

    /// <summary>Writes whole rows from <paramref name="firstRow"/> on.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void Write<T>(long firstRow, ReadOnlySpan<T> rows)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(rows);
        RandomAccess.Write(_handle, bytes, OffsetOf(firstRow, bytes.Length));
    }

    /// <summary>
    /// Makes room for <paramref name="rows"/> rows: writes zeros behind the end. The array has its old shape until
    /// <see cref="SetRows"/>.
    /// </summary>
    /// <exception cref="IOException">Writing failed; <see cref="Trim"/> takes back what was written.</exception>
    public void Reserve(long rows)
    {
        long size = checked(_dataOffset + (rows * _rowSize));
        byte[] zeros = new byte[ZeroBlock];

        // Not just a new length, which would take no room on the disk yet.
        for (long offset = Length; offset < size; offset += zeros.Length)
        {
            RandomAccess.Write(_handle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, size - offset)), offset);
        }

        FlushToDisk();
    }

    /// <summary>Cuts off what is behind the array.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void Trim() => RandomAccess.SetLength(_handle, _dataOffset + Header.DataSize);

    /// <summary>Gives the array more rows, for which there is room, by its header alone.</summary>
    /// <exception cref="DatamodelException">The header is not as NumPy writes it and has no room for the number.</exception>
    /// <exception cref="IOException">Writing failed.</exception>
    public void SetRows(long rows)
    {
        NpyHeader header = Header with { Shape = [rows, .. Header.Shape.Skip(1)] };
        byte[] bytes = header.ToBytes();
        if (bytes.Length != _dataOffset)
        {
            throw new DatamodelException(
                "NpyHeaderInvalid", ErrorKind.InvalidData,
                $"A file of {Header} has a NumPy header of {_dataOffset} bytes; expected the {bytes.Length} that numpy.save "
                + "writes, in which the number of rows can be changed. Save it again with numpy.save.");
        }

        RandomAccess.Write(_handle, bytes, 0);
        FlushToDisk();
        Header = header;
    }

    /// <summary>Waits until everything written is on the disk.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void FlushToDisk() => RandomAccess.FlushToDisk(_handle);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static NpyFile Open(string path, FileAccess access, NpyHeader? expected, NpyRows rows)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            (NpyHeader header, long dataOffset) = ReadHeader(handle, path);
            if (expected is not null && header != expected && (rows == NpyRows.Exactly || !header.HasRowsOf(expected)))
            {
                throw new DatamodelException(
                    "NpyShapeDiffers", ErrorKind.InvalidData,
                    $"'{path}' holds {header}; expected {expected}. Put the right file back.");
            }

            long size = checked(dataOffset + header.DataSize);
            long found = RandomAccess.GetLength(handle);
            if (found < size || (found > size && rows != NpyRows.Growing))
            {
                throw new DatamodelException(
                    "NpyTruncated", ErrorKind.InvalidData,
                    $"'{path}' has {found} bytes but {header} takes {size}; it is {(found < size ? "cut short" : "too long")}. "
                    + "Put the right file back.");
            }

            return new NpyFile(handle, header, dataOffset);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static (NpyHeader Header, long DataOffset) ReadHeader(SafeFileHandle handle, string path)
    {
        // The stream would close the handle with itself, so it gets one that does not own it.
        using var borrowed = new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false);
        using var stream = new FileStream(borrowed, FileAccess.Read, bufferSize: 1);
        return NpyHeader.Read(stream, path);
    }

    private void ReadAt(long offset, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_handle, bytes, offset);
            if (read == 0)
            {
                throw new EndOfStreamException("The file was cut short while it was open.");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }

    private long OffsetOf(long firstRow, long byteCount)
    {
        if (firstRow < 0 || byteCount % _rowSize != 0 || firstRow + (byteCount / _rowSize) > Header.Shape[0])
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstRow), $"{byteCount} bytes from row {firstRow} on are not whole rows of {Header}.");
        }

        return _dataOffset + (firstRow * _rowSize);
    }
}
