using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Report.Pictures;
using Xunit;

namespace Datamodels.Tests.Report;

public class PictureTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    public void A_PNG_holds_the_pixels(int channels, byte colourType)
    {
        byte[] pixels = [.. Enumerable.Range(0, 5 * 4 * channels).Select(i => (byte)(i * 37))];
        byte[] file = PngImage.Encode(pixels, 5, channels);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);

        (string Name, byte[] Data)[] chunks = [.. Chunks(file)];
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Name));
        Assert.Equal([0, 0, 0, 5, 0, 0, 0, 4, 8, colourType, 0, 0, 0], chunks[0].Data);
        using var deflated = new ZLibStream(new MemoryStream(chunks[1].Data), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        deflated.CopyTo(rows);
        int stride = 5 * channels;
        Assert.Equal(pixels.Chunk(stride).SelectMany(row => row.Prepend((byte)0)), rows.ToArray());
    }

    [Fact]
    public void Features_become_pixels_by_the_range_of_the_training_set()
    {
        TrainingData data = Images(new ImageShape(1, 3), FeatureScaling.UnitRange, [-1, 0, 3], [1, 1, 1]);
        (byte[] pixels, int width, int height) = PixelRange.Of(data).Pixels([-1, 1, 7]);
        Assert.Equal((3, 1), (width, height));
        Assert.Equal([0, 128, 255], pixels); // 7 is above all of them
    }

    [Fact]
    public void Features_that_were_scaled_by_themselves_have_a_range_each_and_planes_become_pixels()
    {
        TrainingData data = Images(new ImageShape(1, 2, 3), FeatureScaling.Standardize, [0, 1, 2, 3, 4, 5], [1, 3, 6, 3, 8, 15]);
        Assert.Equal([255, 0, 0, 128, 0, 255], PixelRange.Of(data).Pixels([1, 2, 2, 3, 4, 15]).Pixels[..6].ToArray());
        data = Images(new ImageShape(1, 2, 3), FeatureScaling.StandardizeChannels, [0, 1, 2, 3, 4, 5], [1, 5, 6, 3, 8, 14]);
        Assert.Equal([51, 0, 0, 255, 255, 255], PixelRange.Of(data).Pixels([1, 5, 2, 6, 4, 14]).Pixels);
    }

    [Fact]
    public void Large_pictures_are_reduced()
    {
        float[] row = [.. Enumerable.Range(0, 64 * 40).Select(i => i % 40 < 20 ? 0f : 1f)];
        TrainingData data = Images(new ImageShape(64, 40), FeatureScaling.None, row, row);
        (byte[] pixels, int width, int height) = PixelRange.Of(data).Pixels(row);
        Assert.Equal((20, 32), (width, height));
        Assert.Equal(Enumerable.Repeat((byte)0, 10).Concat(Enumerable.Repeat((byte)255, 10)), pixels[..20]);
    }

    private static TrainingData Images(ImageShape shape, FeatureScaling scaling, float[] first, float[] second)
    {
        ExampleSet set = new([.. first, .. second], [0, 1], shape.FeatureCount);
        return new TrainingData(
            "images", set, set, ["a", "b"], shape, new DataSource { Path = ["images.csv"], Scaling = scaling });
    }

    private static IEnumerable<(string Name, byte[] Data)> Chunks(byte[] file)
    {
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var checksum = new Crc32();
            checksum.Append(file.AsSpan(at + 4, length + 4));
            Assert.Equal(checksum.Value, BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            yield return (Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]);
            at += 12 + length;
        }
    }
}
