using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Datamodels.IO;

/// <summary>
/// A NumPy array on disk, read and written by rows (entries of the first axis) where they stand, so that an array far
/// larger than memory can be worked on. Numbers are taken as they lie in memory: every platform of .NET that this runs on
/// is little-endian, as the files are. Rows can be read and written from several threads.
/// </summary>
internal sealed class NpyFile : IDisposable
{
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
    public NpyHeader Header { get; }

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

    /// <summary>Opens a file that must hold exactly <paramref name="expected"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">Type and shape it must have.</param>
    /// <param name="access">Reading, or reading and writing.</param>
    /// <exception cref="DatamodelException">It is not a NumPy file, holds another array, or has not its full length.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static NpyFile Open(string path, NpyHeader expected, FileAccess access)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            (NpyHeader header, long dataOffset) = ReadHeader(handle, path);
            if (header != expected)
            {
                throw new DatamodelException(
                    "NpyShapeDiffers", ErrorKind.InvalidData,
                    $"'{path}' holds {header}; expected {expected}. Put the right file back.");
            }

            long size = checked(dataOffset + header.DataSize);
            long found = RandomAccess.GetLength(handle);
            if (found != size)
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

    /// <summary>Reads the rows from <paramref name="firstRow"/> on that <paramref name="destination"/> has room for.</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="destination">A whole number of rows.</param>
    /// <exception cref="IOException">Reading failed.</exception>
    public void Read<T>(long firstRow, Span<T> destination)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(destination);
        long offset = OffsetOf(firstRow, bytes.Length);
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

    /// <summary>Writes whole rows from <paramref name="firstRow"/> on.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void Write<T>(long firstRow, ReadOnlySpan<T> rows)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(rows);
        RandomAccess.Write(_handle, bytes, OffsetOf(firstRow, bytes.Length));
    }

    /// <summary>Waits until everything written is on the disk.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void FlushToDisk() => RandomAccess.FlushToDisk(_handle);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static (NpyHeader Header, long DataOffset) ReadHeader(SafeFileHandle handle, string path)
    {
        // The stream would close the handle with itself, so it gets one that does not own it.
        using var borrowed = new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false);
        using var stream = new FileStream(borrowed, FileAccess.Read, bufferSize: 1);
        return NpyHeader.Read(stream, path);
    }

    private long OffsetOf(long firstRow, int byteCount)
    {
        if (firstRow < 0 || byteCount % _rowSize != 0 || firstRow + (byteCount / _rowSize) > Header.Shape[0])
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstRow), $"{byteCount} bytes from row {firstRow} on are not whole rows of {Header}.");
        }

        return _dataOffset + (firstRow * _rowSize);
    }
}
