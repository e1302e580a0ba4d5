using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Datamodels.Tests.Data;

/// <summary>The real digits of the repository, to be written in the formats that readers read.</summary>
internal static class RealDigits
{
    private static readonly (byte[] Pixels, byte Label)[] s_all = ReadAll();

    /// <summary>Number of digits.</summary>
    public static int Count => s_all.Length;

    /// <summary>The pixels of digits, 0..16, <c>[count, 64]</c>.</summary>
    public static byte[] Pixels(Range range) => [.. s_all[range].SelectMany(digit => digit.Pixels)];

    /// <summary>Their labels, <c>[count]</c>.</summary>
    public static byte[] Labels(Range range) => [.. s_all[range].Select(digit => digit.Label)];

    /// <summary>An IDX file of bytes.</summary>
    public static byte[] Idx(byte[] elements, params int[] shape) => Idx(0x08, elements, shape);

    /// <summary>An IDX file of elements of any type.</summary>
    public static byte[] Idx(byte type, byte[] elements, params int[] shape)
    {
        byte[] header = [0, 0, type, (byte)shape.Length, .. new byte[4 * shape.Length]];
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), shape[i]);
        }

        return [.. header, .. elements];
    }

    /// <summary>Images of digits as MNIST has them, in IDX.</summary>
    public static byte[] Images(Range range) => Idx(Pixels(range), s_all[range].Length, 8, 8);

    /// <summary>The labels of digits in IDX.</summary>
    public static byte[] LabelFile(Range range) => Idx(Labels(range), s_all[range].Length);

    /// <summary>Compressed by gzip.</summary>
    public static byte[] Gzip(byte[] content)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private static (byte[] Pixels, byte Label)[] ReadAll()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Repository.Digits), CompressionMode.Decompress));
        var all = new List<(byte[], byte)>();
        while (reader.ReadLine() is string line)
        {
            // As numbers, since a pixel may be written 5.0.
            byte[] values = [.. line.Split(',').Select(text => (byte)double.Parse(text, CultureInfo.InvariantCulture))];
            all.Add((values[..^1], values[^1]));
        }

        return [.. all];
    }
}
