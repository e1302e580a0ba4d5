using Datamodels.IO;
using Xunit;

namespace Datamodels.Tests.IO;

public class Crc32Tests
{
    // The check value of the CRC catalogue (CRC-32/ISO-HDLC), and zlib.crc32 of Python.
    [Theory]
    [InlineData("", 0x00000000)]
    [InlineData("123456789", 0xCBF43926)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339)]
    public void Gives_the_known_values_however_it_is_cut(string text, uint expected)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var checksum = default(Crc32);
            checksum.Append(bytes.AsSpan(0, cut));
            checksum.Append(bytes.AsSpan(cut));
            Assert.Equal(expected, checksum.Value);
        }
    }
}
