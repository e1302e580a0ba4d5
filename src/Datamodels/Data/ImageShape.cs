using System.Globalization;

namespace Datamodels.Data;

/// <summary>How a row of features is laid out as an image: planes of rows of pixels, <c>[channels, height, width]</c>.</summary>
/// <param name="Height">Rows of pixels, at least 1.</param>
/// <param name="Width">Pixels in a row, at least 1.</param>
/// <param name="Channels">Planes, at least 1 (1 is grey, 3 is red, green, blue).</param>
public readonly record struct ImageShape(int Height, int Width, int Channels = 1)
{
    // So that the product of three still fits an Int32.
    private const int LargestSize = 1024;

    /// <summary>Number of features of such an image.</summary>
    public int FeatureCount => Height * Width * Channels;

    /// <summary>Reads a shape written as <c>8x8</c> (height x width) or <c>32x32x3</c> (height x width x channels).</summary>
    /// <exception cref="DatamodelException">It is not written so.</exception>
    public static ImageShape Parse(string text)
    {
        string[] parts = text.Split('x', 'X', '×');
        int[] sizes = new int[parts.Length];
        bool good = parts.Length is 2 or 3;
        for (int i = 0; good && i < parts.Length; i++)
        {
            good = int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) && sizes[i] is >= 1 and <= LargestSize;
        }

        if (!good)
        {
            throw new DatamodelException(
                "ImageShapeInvalid", ErrorKind.InvalidArgument,
                $"The image shape is '{text}'; write height x width, such as 8x8, or height x width x channels, such as 32x32x3, each 1 to {LargestSize}.");
        }

        return new ImageShape(sizes[0], sizes[1], sizes.Length == 3 ? sizes[2] : 1);
    }

    /// <summary>Written as <c>8x8</c>, or <c>32x32x3</c> where there is more than one channel.</summary>
    public override string ToString() => Channels == 1 ? $"{Height}x{Width}" : $"{Height}x{Width}x{Channels}";
}
