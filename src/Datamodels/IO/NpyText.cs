using System.Text;

namespace Datamodels.IO;

/// <summary>Texts as a NumPy array of one axis: UTF-32 of fixed length, filled up with zeros.</summary>
internal static class NpyText
{
    /// <summary>Writes an NPY file of the type <c>&lt;U</c>, as long as the longest text takes.</summary>
    public static void Write(Stream stream, IReadOnlyList<string> texts)
    {
        byte[][] encoded = [.. texts.Select(Encoding.UTF32.GetBytes)];
        int size = Math.Max(sizeof(int), encoded.Max(bytes => bytes.Length));
        stream.Write(NpyHeader.ToBytes(FormattableString.Invariant($"<U{size / sizeof(int)}"), [texts.Count]));
        foreach (byte[] bytes in encoded)
        {
            stream.Write(bytes);
            stream.Write(new byte[size - bytes.Length]);
        }
    }

    /// <summary>Reads such a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="path">Its name in errors.</param>
    /// <exception cref="DatamodelException">It holds another array, or has not its length.</exception>
    public static string[] Read(byte[] file, string path)
    {
        (string description, EquatableList<long> shape, int offset) =
            NpyHeader.ReadAny(new MemoryStream(file), file.Length, path);
        if (!ElementType.TryParseNumPy(description, out ElementType type) || type.Kind != ElementKind.Text || shape.Count != 1)
        {
            throw new DatamodelException(
                "NpyTypeUnknown", ErrorKind.InvalidData,
                $"'{path}' holds elements of type '{description}' [{string.Join(", ", shape)}]; expected texts along one axis.");
        }

        if ((double)shape[0] * type.Size != file.Length - offset)
        {
            throw new DatamodelException(
                "NpyTruncated", ErrorKind.InvalidData,
                $"'{path}' has {file.Length} bytes, but its {shape[0]} {type} take {offset + ((double)shape[0] * type.Size)}.");
        }

        string[] texts = new string[shape[0]];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = type.ToText(file.AsSpan(offset + (i * type.Size), type.Size));
        }

        return texts;
    }
}
