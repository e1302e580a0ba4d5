using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Datamodels.IO;

/// <summary>The element types of the NumPy files that are read and written here; all little-endian.</summary>
internal enum NpyType
{
    /// <summary>uint8, <c>|u1</c>.</summary>
    UInt8,

    /// <summary>uint32, <c>&lt;u4</c>.</summary>
    UInt32,

    /// <summary>int32, <c>&lt;i4</c>.</summary>
    Int32,

    /// <summary>float32, <c>&lt;f4</c>.</summary>
    Single,

    /// <summary>float64, <c>&lt;f8</c>.</summary>
    Double,

    /// <summary>float16, <c>&lt;f2</c>.</summary>
    Half,

    /// <summary>bool, <c>|b1</c>: one byte, 0 or 1.</summary>
    Boolean,
}

/// <summary>
/// The header of a NumPy file (NEP 1, "A Simple File Format for NumPy Arrays"): magic, version, and a Python dictionary
/// with type, order and shape. The array follows it.
/// </summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Lengths of the axes, in C order.</param>
internal sealed partial record NpyHeader(NpyType Type, EquatableList<long> Shape)
{
    /// <summary>The array begins at a multiple of this many bytes; headers of few axes take two of them.</summary>
    public const int Alignment = 64;

    private const int LargestHeader = 1 << 20;

    // numpy.lib.format leaves this much room for the length of the slowest axis, so that an array can grow in place.
    private const int GrowthDigits = 21;

    private static readonly string[] s_descriptions = ["|u1", "<u4", "<i4", "<f4", "<f8", "<f2", "|b1"];

    /// <summary>Bytes of one element.</summary>
    public int ElementSize => Type switch
    {
        NpyType.UInt8 or NpyType.Boolean => 1,
        NpyType.Half => 2,
        NpyType.UInt32 or NpyType.Int32 or NpyType.Single => 4,
        _ => 8,
    };

    /// <summary>Bytes of one entry of the first axis.</summary>
    public long RowSize => Shape.Skip(1).Aggregate((long)ElementSize, (size, length) => checked(size * length));

    /// <summary>Bytes of the whole array.</summary>
    public long DataSize => checked(RowSize * Shape[0]);

    /// <summary>Whether this is of the same rows as <paramref name="other"/>, and of at least as many.</summary>
    public bool HasRowsOf(NpyHeader other) =>
        Type == other.Type && Shape.Count == other.Shape.Count && Shape.Skip(1).SequenceEqual(other.Shape.Skip(1))
        && Shape.Count > 0 && Shape[0] >= other.Shape[0];

    /// <summary>The header's bytes, of version 1.0, as numpy.save writes them.</summary>
    /// <param name="fortranOrder">Whether the elements lie with the first axis running fastest.</param>
    public byte[] ToBytes(bool fortranOrder = false) => ToBytes(s_descriptions[(int)Type], Shape, fortranOrder);

    /// <summary>The same for any type.</summary>
    /// <param name="description">NumPy's description of the type, such as <c>&lt;U12</c>.</param>
    /// <param name="lengths">Lengths of the axes, at least one.</param>
    /// <param name="fortranOrder">Whether the elements lie with the first axis running fastest.</param>
    public static byte[] ToBytes(string description, EquatableList<long> lengths, bool fortranOrder = false)
    {
        long growing = fortranOrder ? lengths[^1] : lengths[0];
        string shape = string.Join(", ", lengths.Select(length => length.ToString(CultureInfo.InvariantCulture)));
        string comma = lengths.Count == 1 ? "," : "";
        string dictionary =
            $"{{'descr': '{description}', 'fortran_order': {fortranOrder}, 'shape': ({shape}{comma}), }}"
            + new string(' ', GrowthDigits - growing.ToString(CultureInfo.InvariantCulture).Length);
        int length = (Magic.Length + 4 + dictionary.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] bytes = new byte[length];
        Magic.CopyTo(bytes);
        bytes[Magic.Length] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Magic.Length + 2), (ushort)(length - Magic.Length - 4));
        Encoding.ASCII.GetBytes(dictionary.PadRight(length - Magic.Length - 5) + '\n', bytes.AsSpan(Magic.Length + 4));
        return bytes;
    }

    /// <summary>Reads a header of version 1.0, 2.0 or 3.0 from the start of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its name in errors.</param>
    /// <returns>The header and the offset of the array behind it.</returns>
    /// <exception cref="DatamodelException">It is not a NumPy file, is cut short, or holds another kind of array.</exception>
    public static (NpyHeader Header, long DataOffset) Read(Stream file, string path) => Read(file, file.Length, path);

    /// <summary>The same, for a file that need not know its length.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    /// <param name="path">Its name in errors.</param>
    /// <param name="fortranOrder">Whether the elements must lie with the first axis running fastest, or with the last.</param>
    /// <returns>The header and the offset of the array behind it.</returns>
    /// <exception cref="DatamodelException">As above; or the order is the other.</exception>
    public static (NpyHeader Header, long DataOffset) Read(
        Stream file, long fileLength, string path, bool fortranOrder = false)
    {
        (string description, EquatableList<long> shape, int length) = ReadAny(file, fileLength, path, fortranOrder);
        int type = Array.IndexOf(s_descriptions, description);
        if (type < 0)
        {
            throw new DatamodelException(
                "NpyTypeUnknown", ErrorKind.InvalidData,
                $"'{path}' holds elements of type '{description}'; expected one of {string.Join(", ", s_descriptions)}.");
        }

        return (new NpyHeader((NpyType)type, shape), length);
    }

    /// <summary>Reads the header of an array of any type in C order, as other programs write them.</summary>
    /// <param name="file">The file, at its start.</param>
    /// <param name="fileLength">Bytes of the file, for errors; null where that is not known.</param>
    /// <param name="path">Its name in errors.</param>
    /// <param name="fortranOrder">Whether the array must be in Fortran order instead.</param>
    /// <returns>NumPy's description of the type, the lengths of the axes, the bytes of the header.</returns>
    /// <exception cref="DatamodelException">
    /// It is not a NumPy file, is cut short, or holds no array, or one in the other order.
    /// </exception>
    public static (string Description, EquatableList<long> Shape, int Length) ReadAny(
        Stream file, long? fileLength, string path, bool fortranOrder = false)
    {
        Span<byte> start = stackalloc byte[12];
        int read = file.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false);
        if (read < 10 || !start.StartsWith(Magic))
        {
            throw new DatamodelException(
                "NpyForeign", ErrorKind.InvalidData,
                read < 10
                    ? $"'{path}' has {fileLength ?? read} bytes, too few for a NumPy file (.npy); it is cut short or another."
                    : $"'{path}' is not a NumPy file (.npy): it does not begin with \\x93NUMPY.");
        }

        int version = start[6];
        int length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (version is 2 or 3)
        {
            file.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false);
            length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(start[8..]), int.MaxValue);
        }

        byte[] text = new byte[Math.Min(length, LargestHeader)];
        if (version is < 1 or > 3 || length > LargestHeader
            || file.ReadAtLeast(text, length, throwOnEndOfStream: false) < length)
        {
            throw new DatamodelException(
                "NpyHeaderInvalid", ErrorKind.InvalidData,
                $"'{path}' has a damaged NumPy header: format version {version}, {length} bytes long"
                + (fileLength is null ? "" : $", in a file of {fileLength} bytes") + ". Save it again with numpy.save.");
        }

        (string description, EquatableList<long> shape) = Parse(Encoding.UTF8.GetString(text).Trim(), path, fortranOrder);
        return (description, shape, length + (version == 1 ? 10 : 12));
    }

    /// <summary>Such as <c>float32 [20000, 300]</c>.</summary>
    public override string ToString() => $"{NameOf(Type)} [{string.Join(", ", Shape)}]";

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static (string Description, EquatableList<long> Shape) Parse(
        string dictionary, string path, bool fortranOrder)
    {
        Match description = DescriptionPattern().Match(dictionary);
        Match order = OrderPattern().Match(dictionary);
        Match shape = ShapePattern().Match(dictionary);
        if (!description.Success || !order.Success || !shape.Success)
        {
            throw new DatamodelException(
                "NpyHeaderInvalid", ErrorKind.InvalidData,
                $"'{path}' has a NumPy header that is not of a plain array: {dictionary}. Save the array again with numpy.save.");
        }

        if (order.Groups[1].Value == "True" != fortranOrder)
        {
            throw fortranOrder
                ? new DatamodelException(
                    "NpyNotFortranOrder", ErrorKind.InvalidData,
                    $"'{path}' holds an array in C order; save it in Fortran order, with numpy.asfortranarray.")
                : new DatamodelException(
                    "NpyFortranOrder", ErrorKind.InvalidData,
                    $"'{path}' holds an array in Fortran order; save it in C order, with numpy.ascontiguousarray.");
        }

        string[] lengths = shape.Groups[1].Value.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        long[] axes = new long[lengths.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            if (!long.TryParse(lengths[i], NumberStyles.None, CultureInfo.InvariantCulture, out axes[i]))
            {
                throw new DatamodelException(
                    "NpyHeaderInvalid", ErrorKind.InvalidData,
                    $"'{path}' has a NumPy header with the shape ({shape.Groups[1].Value}); expected lengths of "
                    + "at least 0 that fit into 64 bits. Save it again with numpy.save.");
            }
        }

        return (description.Groups[1].Value, [.. axes]);
    }

    private static string NameOf(NpyType type) => type switch
    {
        NpyType.UInt8 => "uint8",
        NpyType.UInt32 => "uint32",
        NpyType.Int32 => "int32",
        NpyType.Single => "float32",
        NpyType.Double => "float64",
        NpyType.Half => "float16",
        _ => "bool",
    };

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]*)['"]""")]
    private static partial Regex DescriptionPattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""")]
    private static partial Regex ShapePattern();
}
