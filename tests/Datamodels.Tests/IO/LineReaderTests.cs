using System.Text;
using Datamodels.IO;
using Xunit;

namespace Datamodels.Tests.IO;

public class LineReaderTests
{
    [Fact]
    public void Lines_come_one_by_one_and_what_is_left_at_the_end_is_known_as_such() =>
        Assert.Equal(["one LineFeed", " LineFeed", "two\r LineFeed", "three Stream"], Lines("one\n\ntwo\r\nthree", 10));

    [Theory]
    [InlineData("12345\n6", "12345 LineFeed|6 Stream")]
    [InlineData("123456\n7", "12345 Limit|6 LineFeed|7 Stream")]
    [InlineData("1234567890", "12345 Limit|67890 Stream")]
    [InlineData("", "")]
    public void No_piece_is_longer_than_the_limit(string text, string lines) =>
        Assert.Equal(lines.Split('|', StringSplitOptions.RemoveEmptyEntries), Lines(text, 5));

    [Fact]
    public void Lines_longer_than_the_buffer_stay_whole()
    {
        string text = new('x', 300_000);
        Assert.Equal([$"{text} LineFeed", $"{text} LineFeed"], Lines($"{text}\n{text}\n", 1_000_000));
    }

    /// <summary>
    /// Every line and what ended it, from a stream that gives a few bytes at a time and from one that gives all.
    /// </summary>
    private static IEnumerable<string> Lines(string text, int limit)
    {
        string[] Read(Stream stream)
        {
            var lines = new List<string>();
            var reader = new LineReader(stream, limit);
            while (reader.Read() is TextLine line)
            {
                lines.Add($"{Encoding.UTF8.GetString(line.Bytes)} {line.End}");
            }

            return [.. lines];
        }

        string[] atOnce = Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(atOnce, Read(new DrippingStream(Encoding.UTF8.GetBytes(text))));
        return atOnce;
    }

    private sealed class DrippingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 3));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 3)]);
    }
}
