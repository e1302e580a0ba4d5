using Datamodels.IO;

namespace Datamodels.Data;

/// <summary>
/// An array in an IDX or NumPy file: type and shape are known, its rows (entries of the first axis) are read from the file
/// in order whenever they are asked for, a piece at a time.
/// </summary>
internal sealed class StoredArray
{
    private const int ChunkSize = 1 << 20;

    private readonly Func<Stream> _open;

    /// <summary>Takes note of an array.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The array's own name: that of the file, or of the array in it.</param>
    /// <param name="type">Type of the elements.</param>
    /// <param name="shape">Lengths of the axes.</param>
    /// <param name="storedLength">Bytes that are there for the elements; null where only reading will tell.</param>
    /// <param name="open">Opens the file at the first element.</param>
    /// <exception cref="DatamodelException">The array is empty or a single value, or the file has not its length.</exception>
    public StoredArray(
        string path, string name, ElementType type, EquatableList<long> shape, long? storedLength, Func<Stream> open)
    {
        Path = path;
        Name = name;
        Type = type;
        Shape = shape;
        _open = open;
        if (shape.Count == 0 || shape.Contains(0))
        {
            throw new DatamodelException(
                "DataFileEmpty", ErrorKind.InvalidData, $"{this} holds no examples; expected one an entry of the first axis.");
        }

        // In double precision first: a damaged shape can be of any size.
        double values = shape.Skip(1).Aggregate(1.0, (product, length) => product * length);
        if (values * type.Size > Array.MaxLength || shape[0] > Array.MaxLength)
        {
            throw new DatamodelException(
                "DataTooLarge", ErrorKind.InvalidData,
                FormattableString.Invariant($"{this} has {shape[0]} examples of {values * type.Size:0} bytes; ")
                + $"at most {Array.MaxLength} of each can be read.");
        }

        Count = (int)shape[0];
        RowLength = (int)values;
        if (storedLength is long length && length != Size)
        {
            throw LengthDiffers($"{length} bytes");
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The array's own name: that of the file, or of the array in it.</summary>
    public string Name { get; }

    /// <summary>Type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>Lengths of the axes.</summary>
    public EquatableList<long> Shape { get; }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Elements of a row.</summary>
    public int RowLength { get; }

    /// <summary>Handles one row.</summary>
    /// <param name="row">Its number, from 0.</param>
    /// <param name="bytes">Its elements as they are stored; the handler may change them.</param>
    public delegate void RowHandler(int row, Span<byte> bytes);

    private long Size => (long)Count * RowLength * Type.Size;

    /// <summary>Reads every row, in order.</summary>
    /// <exception cref="DatamodelException">The file cannot be read, is damaged, or has another length than it says.</exception>
    public void ReadRows(RowHandler handle, CancellationToken cancellation) => DataFile.Guard(Path, () =>
    {
        using Stream stream = _open();
        long rowSize = (long)RowLength * Type.Size;
        int rowsInChunk = (int)Math.Clamp(ChunkSize / rowSize, 1, Count);
        byte[] chunk = new byte[checked(rowsInChunk * rowSize)];
        for (int first = 0; first < Count; first += rowsInChunk)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(rowsInChunk, Count - first);
            Span<byte> wanted = chunk.AsSpan(0, rows * (int)rowSize);
            int read = stream.ReadAtLeast(wanted, wanted.Length, throwOnEndOfStream: false);
            if (read < wanted.Length)
            {
                throw LengthDiffers($"{(first * rowSize) + read} bytes");
            }

            for (int i = 0; i < rows; i++)
            {
                handle(first + i, wanted.Slice(i * (int)rowSize, (int)rowSize));
            }
        }

        return stream.ReadByte() < 0 ? true : throw LengthDiffers($"more than {Size} bytes");
    });

    /// <summary>The file and, where it holds several arrays, which, with type and shape.</summary>
    public override string ToString()
    {
        string which = Name == System.IO.Path.GetFileName(Path) ? "" : $", {Name}";
        return $"'{Path}'{which} ({Type} [{string.Join(", ", Shape)}])";
    }

    private DatamodelException LengthDiffers(string found) => new(
        "DataFileLength", ErrorKind.InvalidData,
        $"{this} takes {Size} bytes, but there are {found}; copy or download the file again.");
}
