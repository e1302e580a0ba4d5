namespace Datamodels.Data;

/// <summary>How a row of features is laid out as an image: planes of rows of pixels, <c>[channels, height, width]</c>.</summary>
/// <param name="Height">Rows of pixels, at least 1.</param>
/// <param name="Width">Pixels in a row, at least 1.</param>
/// <param name="Channels">Planes, at least 1 (1 is grey, 3 is red, green, blue).</param>
public readonly record struct ImageShape(int Height, int Width, int Channels = 1)
{
    /// <summary>Number of features of such an image.</summary>
    public int FeatureCount => Height * Width * Channels;

    /// <summary>Written as <c>8x8</c>, or <c>32x32x3</c> where there is more than one channel.</summary>
    public override string ToString() => Channels == 1 ? $"{Height}x{Width}" : $"{Height}x{Width}x{Channels}";
}
