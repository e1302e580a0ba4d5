using System.Globalization;

namespace Datamodels.Data;

/// <summary>How a row of features is laid out as an image: planes of rows of pixels, <c>[channels, height, width]</c>.</summary>
/// <param name="Height">Rows of pixels, at least 1.</param>
/// <param name="Width">Pixels in a row, at least 1.</param>
/// <param name="Channels">Planes, at least 1 (1 is grey, 3 is red, green, blue).</param>
public readonly record struct ImageShape(int Height, int Width, int Channels = 1)
{
    // So that the product of three still fits an Int32.
    internal const int LargestSize = 1024;

    /// <summary>Number of features of such an image.</summary>
    public int FeatureCount => Height * Width * Channels;

    /// <summary>How a shape is written, in words for errors.</summary>
    internal static string Expected => "height x width, such as 8x8, or height x width x channels, such as 32x32x3";

    /// <summary>Reads a shape written as <c>8x8</c> (height x width) or <c>32x32x3</c> (height x width x channels).</summary>
    /// <exception cref="DatamodelException">It is not written so.</exception>
    public static ImageShape Parse(string text) => TryParse(text, out ImageShape shape)
        ? shape
        : throw new DatamodelException(
            "ImageShapeInvalid", ErrorKind.InvalidArgument,
            $"The image shape is '{text}'; write {Expected}, each from 1 to {LargestSize}.");

    /// <summary>Reads a shape as <see cref="Parse"/> does; false where it is not written so.</summary>
    public static bool TryParse(string text, out ImageShape shape)
    {
        shape = default;
        string[] parts = text.Split('x', 'X');
        int[] sizes = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i])
                || sizes[i] is < 1 or > LargestSize)
            {
                return false;
            }
        }

        if (parts.Length is not (2 or 3))
        {
            return false;
        }

        shape = new ImageShape(sizes[0], sizes[1], sizes.Length == 3 ? sizes[2] : 1);
        return true;
    }

    /// <summary>Written as <c>8x8</c>, or <c>32x32x3</c> where there is more than one channel.</summary>
    public override string ToString() => Channels == 1 ? $"{Height}x{Width}" : $"{Height}x{Width}x{Channels}";
}
