using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Datamodels.IO;

/// <summary>
/// A file that only grows: a header, then records of bytes, each with its length and its CRC-32C. A process that is killed
/// leaves every record that it has appended; a power cut may cost those of the last second. A record that is not whole, or
/// not as it was written, is as if it were not there, and those behind it are found again.
/// </summary>
/// <remarks>
/// A record is a marker, the length of its bytes, the checksum of that length and the bytes (uint32 each, little-endian), and
/// the bytes. Several threads may append and read at once; one process at a time may write.
/// </remarks>
internal sealed class RecordLog : IDisposable
{
    private const int FrameSize = 12;
    private const int SearchSize = 1 << 16;
    private const int LoadSize = 1 << 20;

    // A length above this is damage: nothing so large is to be taken into memory.
    private const int LongestRecord = 1 << 28;
    private static readonly byte[] s_marker = [0xD5, 0x52, 0x45, 0x43];
    private static readonly TimeSpan s_flushDelay = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly Timer? _flush;
    private readonly Lock _gate = new();
    private long _end;
    private bool _flushes;
    private IOException? _failure;

    private RecordLog(string path, SafeFileHandle handle, FileAccess access)
    {
        _path = path;
        _handle = handle;
        _flush = access == FileAccess.Read ? null : new Timer(_ => Flush());
    }

    /// <summary>
    /// Opens a log, to write it or only to read it; to write it also makes it, and cuts off what is broken at its end.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="access">Read, which changes nothing, or ReadWrite, which no other process can do at the same time.</param>
    /// <param name="header">What the file begins with, and no other log.</param>
    /// <param name="visit">Told every whole record: where it is, for <see cref="Read"/>, and its bytes.</param>
    /// <exception cref="DatamodelException">The file begins with something else.</exception>
    /// <exception cref="IOException">Another process writes it, or it cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened so.</exception>
    public static RecordLog Open(string path, FileAccess access, ReadOnlySpan<byte> header, Action<long, byte[]> visit)
    {
        // None is the sharing that locks a file on every system.
        SafeFileHandle handle = access == FileAccess.Read
            ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read)
            : File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var log = new RecordLog(path, handle, access);
        try
        {
            log.Load(header, access, visit);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Appends a record; within a second it is on the device.</summary>
    /// <returns>Where it is, for <see cref="Read"/>.</returns>
    /// <exception cref="DatamodelException">It, or one before it, could not be written; what was written is there.</exception>
    public long Append(ReadOnlySpan<byte> record)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Length, LongestRecord, nameof(record));
        byte[] bytes = new byte[FrameSize + record.Length];
        s_marker.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Crc32C.Of(bytes.AsSpan(4, 4), record));
        record.CopyTo(bytes.AsSpan(FrameSize));
        lock (_gate)
        {
            try
            {
                if (_failure is not null)
                {
                    throw _failure;
                }

                // What a failed write left is written over by the next.
                RandomAccess.Write(_handle, bytes, _end);
            }
            catch (IOException e)
            {
                throw new DatamodelException(
                    "LogNotWritten", ErrorKind.InputOutput,
                    $"'{_path}' could not be written: {e.Message.TrimEnd('.')}. Make room on its disk or check the disk, "
                    + "then do the same again: what the file already holds is not computed a second time.", e);
            }

            long offset = _end;
            _end += bytes.Length;
            if (!_flushes)
            {
                _flushes = true;
                _flush!.Change(s_flushDelay, Timeout.InfiniteTimeSpan);
            }

            return offset;
        }
    }

    /// <summary>The bytes of the record at <paramref name="offset"/>; null where they are not as they were written.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    public byte[]? Read(long offset)
    {
        Span<byte> frame = stackalloc byte[FrameSize];
        if (RandomAccess.Read(_handle, frame, offset) < FrameSize
            || LengthIn(frame) is not { } length || length > RandomAccess.GetLength(_handle) - offset - FrameSize)
        {
            return null;
        }

        byte[] bytes = new byte[FrameSize + length];
        return RandomAccess.Read(_handle, bytes, offset) == bytes.Length ? RecordIn(bytes, 0) : null;
    }

    /// <summary>Waits until every record is on the device, and closes the file.</summary>
    public void Dispose()
    {
        using var idle = new ManualResetEvent(false);
        if (_flush?.Dispose(idle) == true)
        {
            idle.WaitOne();
            Flush();
        }

        _handle.Dispose();
    }

    private void Load(ReadOnlySpan<byte> header, FileAccess access, Action<long, byte[]> visit)
    {
        long length = RandomAccess.GetLength(_handle);
        byte[] found = new byte[Math.Min(header.Length, length)];
        RandomAccess.Read(_handle, found, 0);
        if (!header.StartsWith(found))
        {
            throw new DatamodelException(
                "LogForeign", ErrorKind.Conflict,
                $"'{_path}' does not begin as it should: it was damaged, or belongs elsewhere. "
                + "Move it away; it is then made anew.");
        }

        // Many records are short: they are taken from a window of the file, and only what reaches beyond it by itself.
        byte[] window = new byte[Math.Min(LoadSize, length)];
        int loaded = 0;
        long start = 0;
        _end = header.Length;
        for (long at = _end; at < length;)
        {
            byte[]? record = RecordIn(window.AsSpan(0, loaded), at - start);
            if (record is null)
            {
                start = at;
                loaded = RandomAccess.Read(_handle, window, at);
                record = RecordIn(window.AsSpan(0, loaded), 0) ?? Read(at);
            }

            if (record is not null)
            {
                visit(at, record);
                at += FrameSize + record.Length;
                _end = at;
            }
            else
            {
                at = FindMarker(at + 1, length);
            }
        }

        if (access == FileAccess.Read)
        {
            return;
        }

        if (length < header.Length)
        {
            RandomAccess.Write(_handle, header, 0);
        }
        else if (length > _end)
        {
            RandomAccess.SetLength(_handle, _end);
        }
    }

    /// <summary>The length that a frame gives; null where it is none.</summary>
    private static int? LengthIn(ReadOnlySpan<byte> frame)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(frame[4..]);
        return frame.StartsWith(s_marker) && length is >= 0 and <= LongestRecord ? length : null;
    }

    /// <summary>The record whose frame is at <paramref name="at"/> of some bytes; null where they do not hold it whole.</summary>
    private static byte[]? RecordIn(ReadOnlySpan<byte> bytes, long at)
    {
        if (at + FrameSize > bytes.Length)
        {
            return null;
        }

        ReadOnlySpan<byte> frame = bytes.Slice((int)at, FrameSize);
        if (LengthIn(frame) is not { } length || at + FrameSize + length > bytes.Length)
        {
            return null;
        }

        byte[] record = bytes.Slice((int)at + FrameSize, length).ToArray();
        return Crc32C.Of(frame[4..8], record) == BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]) ? record : null;
    }

    /// <summary>Where the next record may begin, from <paramref name="at"/>; <paramref name="length"/> if nowhere.</summary>
    private long FindMarker(long at, long length)
    {
        byte[] bytes = new byte[SearchSize];
        while (at < length)
        {
            int read = RandomAccess.Read(_handle, bytes, at);
            int index = bytes.AsSpan(0, read).IndexOf(s_marker);
            if (index >= 0)
            {
                return at + index;
            }

            // A marker may begin in the last bytes.
            at += Math.Max(1, read - s_marker.Length + 1);
        }

        return length;
    }

    /// <summary>Flushes what has been written; where that fails, the next to append is told.</summary>
    private void Flush()
    {
        lock (_gate)
        {
            _flushes = false;
        }

        try
        {
            RandomAccess.FlushToDisk(_handle);
        }
        catch (IOException e)
        {
            lock (_gate)
            {
                _failure = e;
            }
        }
    }
}
