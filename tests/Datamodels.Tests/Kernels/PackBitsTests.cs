using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public class PackBitsTests
{
    [Fact]
    public void Every_byte_of_bits_is_packed_little_endian()
    {
        byte[] packed = new byte[1];
        for (int value = 0; value < 256; value++)
        {
            byte[] bytes = [.. Enumerable.Range(0, 8).Select(i => (byte)((value >> i) & 1))];
            Assert.Equal(-1, PackBits.Pack(bytes, packed));
            Assert.Equal(value, packed[0]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(77)]
    public void Any_length_is_packed_with_zeros_behind(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * i % 3 & 1))];
        byte[] packed = new byte[(length + 7) / 8];
        packed.AsSpan().Fill(0xff);
        Assert.Equal(-1, PackBits.Pack(bytes, packed));
        Assert.Equal(
            Enumerable.Range(0, 8 * packed.Length).Select(i => i < length ? bytes[i] : 0),
            Enumerable.Range(0, 8 * packed.Length).Select(i => (packed[i / 8] >> (i % 8)) & 1));
    }

    [Fact]
    public void The_first_byte_that_is_no_bit_is_named()
    {
        for (int at = 0; at < 20; at++)
        {
            byte[] bytes = new byte[20];
            bytes.AsSpan(at).Fill(0x80);
            Assert.Equal(at, PackBits.Pack(bytes, new byte[3]));
            bytes.AsSpan(at).Fill(2);
            Assert.Equal(at, PackBits.Pack(bytes, new byte[3]));
        }
    }
}
