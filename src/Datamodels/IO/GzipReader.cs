using System.IO.Compression;

namespace Datamodels.IO;

/// <summary>
/// Decompresses a gzip file and makes sure that it ends where gzip says it ends. <see cref="GZipStream"/> takes the end of
/// its input for the end of the data wherever it comes, so a file cut short would silently lose its last rows. Here a
/// member of known content is put behind the file: it comes out last if, and only if, everything before it was whole.
/// </summary>
internal sealed class GzipReader : GZipStream
{
    private static readonly byte[] s_end = "<end of the file>"u8.ToArray();
    private static readonly byte[] s_endCompressed = Compress(s_end);

    private readonly byte[] _held = new byte[s_end.Length];
    private int _heldCount;
    private byte[] _chunk = [];

    private GzipReader(Stream file)
        : base(file, CompressionMode.Decompress)
    {
    }

    /// <summary>Opens a file and decompresses it if its first two bytes are those of gzip, whatever its name says.</summary>
    /// <exception cref="InvalidDataException">On reading: the data is damaged or cut short.</exception>
    public static Stream OpenPlainOrGzip(string path)
    {
        var file = new ContinuedFile(path);
        bool gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        if (!gzip)
        {
            return file;
        }

        file.Continuation = s_endCompressed;
        return new GzipReader(file);
    }

    // A derived stream's other synchronous forms of Read come back to this one; CopyTo and the asynchronous do not.

    /// <inheritdoc/>
    public override int Read(byte[] array, int offset, int count)
    {
        if (_chunk.Length < count + s_end.Length)
        {
            _chunk = new byte[count + s_end.Length];
        }

        // What may be the end mark is held back until more comes after it.
        while (count > 0)
        {
            _held.AsSpan(0, _heldCount).CopyTo(_chunk);
            int read = base.Read(_chunk, _heldCount, count);
            if (read == 0)
            {
                return _held.AsSpan(0, _heldCount).SequenceEqual(s_end)
                    ? 0
                    : throw new InvalidDataException("the compressed data ends before its end mark");
            }

            int total = _heldCount + read;
            _heldCount = Math.Min(total, s_end.Length);
            int given = total - _heldCount;
            _chunk.AsSpan(given, _heldCount).CopyTo(_held);
            if (given > 0)
            {
                _chunk.AsSpan(0, given).CopyTo(array.AsSpan(offset));
                return given;
            }
        }

        return 0;
    }

    private static byte[] Compress(byte[] content)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    /// <summary>A file that goes on, behind its last byte, with others.</summary>
    private sealed class ContinuedFile(string path)
        : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16)
    {
        private int _continued;

        public byte[] Continuation { get; set; } = [];

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            if (read == 0)
            {
                read = Math.Min(count, Continuation.Length - _continued);
                Continuation.AsSpan(_continued, read).CopyTo(buffer.AsSpan(offset));
                _continued += read;
            }

            return read;
        }
    }
}
