using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Datamodels.IO;

/// <summary>What an element of a stored array is.</summary>
internal enum ElementKind
{
    /// <summary>One byte, 0 or 1.</summary>
    Boolean,

    /// <summary>A whole number of at least 0; 1, 2, 4 or 8 bytes.</summary>
    Unsigned,

    /// <summary>A whole number, two's complement; 1, 2, 4 or 8 bytes.</summary>
    Signed,

    /// <summary>A number of IEEE 754; 2, 4 or 8 bytes.</summary>
    Float,

    /// <summary>Text of single bytes, filled up with zeros.</summary>
    Bytes,

    /// <summary>Text of UTF-32, filled up with zeros.</summary>
    Text,
}

/// <summary>The type of the elements of an array in an IDX or NumPy file, as other programs write them.</summary>
/// <param name="Kind">What an element is.</param>
/// <param name="Size">Bytes of one.</param>
/// <param name="BigEndian">Whether the most significant byte comes first.</param>
internal readonly record struct ElementType(ElementKind Kind, int Size, bool BigEndian)
{
    /// <summary>Such a type in words, for errors.</summary>
    public const string NumPyExpected = "bool, int8 to int64, uint8 to uint64, float16, float32, float64, or fixed-length text";

    /// <summary>Whether it is text and no number.</summary>
    public bool IsText => Kind is ElementKind.Bytes or ElementKind.Text;

    /// <summary>
    /// The type that NumPy describes so, such as <c>&lt;f4</c> or <c>|u1</c>; false for one that is neither number nor text.
    /// </summary>
    public static bool TryParseNumPy(string description, out ElementType type)
    {
        type = default;
        if (description.Length < 3 || "<>|=".IndexOf(description[0], StringComparison.Ordinal) < 0
            || !int.TryParse(description.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int size))
        {
            return false;
        }

        ElementKind? kind = (description[1], size) switch
        {
            ('b', 1) => ElementKind.Boolean,
            ('u', 1 or 2 or 4 or 8) => ElementKind.Unsigned,
            ('i', 1 or 2 or 4 or 8) => ElementKind.Signed,
            ('f', 2 or 4 or 8) => ElementKind.Float,
            ('S', > 0) => ElementKind.Bytes,
            ('U', > 0 and <= int.MaxValue / 4) => ElementKind.Text,
            _ => null,
        };
        type = new ElementType(kind ?? default, kind == ElementKind.Text ? 4 * size : size, description[0] == '>');
        return kind is not null;
    }

    /// <summary>The type with this code in an IDX file; false for a code that there is not. All are big-endian.</summary>
    public static bool TryParseIdx(byte code, out ElementType type)
    {
        ElementType? known = code switch
        {
            0x08 => new(ElementKind.Unsigned, 1, true),
            0x09 => new(ElementKind.Signed, 1, true),
            0x0B => new(ElementKind.Signed, 2, true),
            0x0C => new(ElementKind.Signed, 4, true),
            0x0D => new(ElementKind.Float, 4, true),
            0x0E => new(ElementKind.Float, 8, true),
            _ => null,
        };
        type = known ?? default;
        return known is not null;
    }

    /// <summary>Elements as numbers, each rounded to the nearest float32; infinite where it is beyond its range.</summary>
    /// <param name="bytes">Whole elements, not text; turned around in place where the order of bytes is another.</param>
    /// <param name="values">Room for as many.</param>
    public void ToSingles(Span<byte> bytes, Span<float> values)
    {
        ToLittleEndian(bytes);
        switch (Kind, Size)
        {
            case (ElementKind.Unsigned or ElementKind.Boolean, 1):
                Convert<byte>(bytes, values);
                break;
            case (ElementKind.Unsigned, 2):
                Convert<ushort>(bytes, values);
                break;
            case (ElementKind.Unsigned, 4):
                Convert<uint>(bytes, values);
                break;
            case (ElementKind.Unsigned, _):
                Convert<ulong>(bytes, values);
                break;
            case (ElementKind.Signed, 1):
                Convert<sbyte>(bytes, values);
                break;
            case (ElementKind.Signed, 2):
                Convert<short>(bytes, values);
                break;
            case (ElementKind.Signed, 4):
                Convert<int>(bytes, values);
                break;
            case (ElementKind.Signed, _):
                Convert<long>(bytes, values);
                break;
            case (ElementKind.Float, 2):
                Convert<Half>(bytes, values);
                break;
            case (ElementKind.Float, 4):
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case (ElementKind.Float, _):
                Convert<double>(bytes, values);
                break;
            default:
                throw new InvalidOperationException($"{this} is not a type of numbers.");
        }
    }

    /// <summary>One element as text, in the invariant culture.</summary>
    /// <param name="element">The element; turned around in place where the order of bytes is another.</param>
    public string ToText(Span<byte> element)
    {
        if (Kind == ElementKind.Bytes)
        {
            return Encoding.UTF8.GetString(element).TrimEnd('\0');
        }

        if (Kind == ElementKind.Text)
        {
            return (BigEndian ? new UTF32Encoding(bigEndian: true, byteOrderMark: false) : Encoding.UTF32)
                .GetString(element).TrimEnd('\0');
        }

        ToLittleEndian(element);
        IFormattable value = (Kind, Size) switch
        {
            (ElementKind.Unsigned or ElementKind.Boolean, 1) => element[0],
            (ElementKind.Unsigned, 2) => MemoryMarshal.Read<ushort>(element),
            (ElementKind.Unsigned, 4) => MemoryMarshal.Read<uint>(element),
            (ElementKind.Unsigned, _) => MemoryMarshal.Read<ulong>(element),
            (ElementKind.Signed, 1) => (sbyte)element[0],
            (ElementKind.Signed, 2) => MemoryMarshal.Read<short>(element),
            (ElementKind.Signed, 4) => MemoryMarshal.Read<int>(element),
            (ElementKind.Signed, _) => MemoryMarshal.Read<long>(element),
            (ElementKind.Float, 2) => MemoryMarshal.Read<Half>(element),
            (ElementKind.Float, 4) => MemoryMarshal.Read<float>(element),
            _ => MemoryMarshal.Read<double>(element),
        };
        return Kind == ElementKind.Boolean
            ? element[0] != 0 ? "True" : "False"
            : value.ToString(null, CultureInfo.InvariantCulture);
    }

    /// <summary>As NumPy names it, such as <c>float32</c>.</summary>
    public override string ToString() => Kind switch
    {
        ElementKind.Boolean => "bool",
        ElementKind.Bytes => $"text of {Size} bytes",
        ElementKind.Text => $"text of {Size / 4} characters",
        ElementKind.Unsigned => $"uint{8 * Size}",
        ElementKind.Signed => $"int{8 * Size}",
        _ => $"float{8 * Size}",
    };

    private static void Convert<T>(ReadOnlySpan<byte> bytes, Span<float> values)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        ReadOnlySpan<T> elements = MemoryMarshal.Cast<byte, T>(bytes);
        for (int i = 0; i < elements.Length; i++)
        {
            values[i] = float.CreateTruncating(elements[i]);
        }
    }

    private void ToLittleEndian(Span<byte> bytes)
    {
        if (BigEndian && Size > 1)
        {
            for (int start = 0; start < bytes.Length; start += Size)
            {
                bytes.Slice(start, Size).Reverse();
            }
        }
    }
}
