using Datamodels.IO;
using Xunit;

namespace Datamodels.Tests.IO;

public class Crc32CTests
{
    [Fact]
    public void Matches_the_published_values()
    {
        // The check value of CRC-32C, and the test vectors of RFC 3720, appendix B.4.
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8, []));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32], []));
        Assert.Equal(0x62A8AB43u, Crc32C.Of([.. Enumerable.Repeat((byte)0xFF, 32)], []));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)], []));
    }

    [Fact]
    public void Takes_two_pieces_as_one_behind_the_other()
    {
        byte[] bytes = [.. Enumerable.Range(0, 40).Select(i => (byte)(i * 37))];
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(Crc32C.Of(bytes, []), Crc32C.Of(bytes.AsSpan(0, cut), bytes.AsSpan(cut)));
        }
    }
}
