using Datamodels.Data;
using Xunit;

namespace Datamodels.Tests.Data;

public class ImageShapeTests
{
    [Theory]
    [InlineData("8x8", 8, 8, 1)]
    [InlineData("28X20", 28, 20, 1)]
    [InlineData("32x32x3", 32, 32, 3)]
    public void Reads_what_it_writes(string text, int height, int width, int channels)
    {
        ImageShape shape = ImageShape.Parse(text);
        Assert.Equal(new ImageShape(height, width, channels), shape);
        Assert.Equal(shape, ImageShape.Parse(shape.ToString()));
        Assert.Equal(height * width * channels, shape.FeatureCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8")]
    [InlineData("8x")]
    [InlineData("8x0")]
    [InlineData("-8x8")]
    [InlineData("8x8x3x1")]
    [InlineData("8,8")]
    [InlineData("99999999999x2")]
    public void Refuses_anything_else(string text)
    {
        var e = Assert.Throws<DatamodelException>(() => ImageShape.Parse(text));
        Assert.Equal("ImageShapeInvalid", e.Id);
        Assert.Contains($"'{text}'", e.Message, StringComparison.Ordinal);
    }
}
