using System.IO.Compression;
using Datamodels.IO;

namespace Datamodels.Data;

/// <summary>Arrays that NumPy saved: one in an NPY file, or several, each with its name, in an NPZ archive.</summary>
internal static class NumPyFile
{
    private const string Extension = ".npy";

    /// <summary>The array of an NPY file, gzip-compressed or not.</summary>
    /// <exception cref="DatamodelException">
    /// It is not such a file, is cut short or damaged, or cannot be read; the array is in Fortran order or holds objects.
    /// </exception>
    public static StoredArray OpenNpy(string path) => DataFile.Guard(path, () =>
    {
        (Stream content, long? length) = DataFile.Open(path);
        using (content)
        {
            return Open(content, length, path, path, Path.GetFileName(path), () => DataFile.Open(path).Content);
        }
    });

    /// <summary>
    /// The arrays of an NPZ archive, in its order, and why the first of those that cannot be read cannot: an archive may hold
    /// objects and single values of no concern.
    /// </summary>
    /// <exception cref="DatamodelException">The archive cannot be read, or is cut short or damaged.</exception>
    public static (IReadOnlyList<StoredArray> Arrays, DatamodelException? Problem) OpenNpz(string path) =>
        DataFile.Guard(path, () =>
    {
        var arrays = new List<StoredArray>();
        DatamodelException? problem = null;
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                string name = entry.FullName;
                if (!name.EndsWith(Extension, StringComparison.Ordinal))
                {
                    continue;
                }

                using Stream content = entry.Open();
                try
                {
                    arrays.Add(Open(
                        content, entry.Length, path, $"{path}, {name}", name[..^Extension.Length],
                        () => new NpzEntry(path, name)));
                }
                catch (DatamodelException e)
                {
                    problem ??= e;
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw Damaged(path, e);
        }

        return ((IReadOnlyList<StoredArray>)arrays, problem);
    });

    private static StoredArray Open(
        Stream content, long? length, string path, string place, string name, Func<Stream> open)
    {
        (string description, EquatableList<long> shape, int headerLength) = NpyHeader.ReadAny(content, length, place);
        if (!ElementType.TryParseNumPy(description, out ElementType type))
        {
            throw new DatamodelException(
                "NpyTypeUnknown", ErrorKind.InvalidData,
                $"'{place}' holds elements of type '{description}'; expected {ElementType.NumPyExpected}.");
        }

        return new StoredArray(path, name, type, shape, length - headerLength, () =>
        {
            Stream stream = open();
            stream.ReadExactly(new byte[headerLength]);
            return stream;
        });
    }

    private static DatamodelException Damaged(string path, InvalidDataException e) => new(
        "NpzDamaged", ErrorKind.InvalidData,
        $"'{path}' is a NumPy archive, but cut short or damaged ({e.Message.TrimEnd('.')}); copy or download it again.", e);

    /// <summary>
    /// One array of an archive, checked at its end against the archive's checksum, which <see cref="ZipArchive"/> does not
    /// look at.
    /// </summary>
    private sealed class NpzEntry : Stream
    {
        private readonly string _path;
        private readonly ZipArchive _archive;
        private readonly ZipArchiveEntry _entry;
        private readonly Stream _content;
        private Crc32 _checksum;

        public NpzEntry(string path, string name)
        {
            _path = path;
            _archive = ZipFile.OpenRead(path);
            _entry = _archive.GetEntry(name) ?? throw new IOException($"The array {name} is gone since its header was read.");
            _content = _entry.Open();
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => _entry.Length;

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            try
            {
                int read = _content.Read(buffer);
                _checksum.Append(buffer[..read]);
                return read > 0 || buffer.Length == 0 || _checksum.Value == _entry.Crc32
                    ? read
                    : throw new InvalidDataException($"the checksum of {_entry.FullName} is wrong");
            }
            catch (InvalidDataException e)
            {
                throw Damaged(_path, e);
            }
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _archive.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
