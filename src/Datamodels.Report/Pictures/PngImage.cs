using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Datamodels.IO;

namespace Datamodels.Report.Pictures;

/// <summary>Writes small pictures as PNG: eight bits a channel, without filters or interlacing (W3C PNG, 3rd edition).</summary>
internal static class PngImage
{
    private const byte Grey = 0;
    private const byte Colour = 2;

    /// <summary>The file.</summary>
    /// <param name="pixels">Samples, 0 is dark, <c>[height, width, channels]</c>.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="channels">1 is grey, 3 is red, green, blue.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int channels)
    {
        int stride = width * channels;
        int height = pixels.Length / stride;
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = channels == 1 ? Grey : Colour;
        WriteChunk(file, "IHDR", header);

        using var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                // Each row says how it is filtered: not at all.
                deflate.WriteByte(0);
                deflate.Write(pixels.Slice(y * stride, stride));
            }
        }

        WriteChunk(file, "IDAT", rows.GetBuffer().AsSpan(0, (int)rows.Length));
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void WriteChunk(MemoryStream file, string name, ReadOnlySpan<byte> data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
        var checksum = new Crc32();
        checksum.Append(body);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.Value);
        file.Write(number);
    }
}
