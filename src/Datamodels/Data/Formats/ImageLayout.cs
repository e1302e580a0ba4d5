namespace Datamodels.Data;

/// <summary>How the axes of stored images become planes of rows of pixels, <c>[channels, height, width]</c>.</summary>
/// <param name="Shape">The image's shape; null where the features are no image, as far as the array says.</param>
/// <param name="ChannelsLast">Whether an image is stored as <c>[height, width, channels]</c>.</param>
internal readonly record struct ImageLayout(ImageShape? Shape, bool ChannelsLast)
{
    /// <summary>
    /// Takes <c>[n]</c> and <c>[n, d]</c> as features, <c>[n, h, w]</c> as images of one channel, and <c>[n, a, b, c]</c> as
    /// images whose channels are the first or the last axis: that which fits <paramref name="wanted"/>, or, where none is
    /// given, that which alone has 1, 3 or 4 entries.
    /// </summary>
    /// <param name="array">The features.</param>
    /// <param name="wanted">The shape that the user states, if any.</param>
    /// <exception cref="DatamodelException">Neither or both are possible, or there are more axes.</exception>
    public static ImageLayout Of(StoredArray array, ImageShape? wanted)
    {
        if (array.Shape.Count > 4)
        {
            throw new DatamodelException(
                "ArrayAxes", ErrorKind.InvalidData,
                $"{array} has {array.Shape.Count} axes; expected [n, features], [n, height, width], "
                + "[n, channels, height, width] or [n, height, width, channels]. Save it in one of these shapes.");
        }

        int[] axes = [.. array.Shape.Skip(1).Select(length => (int)length)];
        if (axes.Length == 3 && axes.Max() > ImageShape.LargestSize)
        {
            throw new DatamodelException(
                "ArrayAxes", ErrorKind.InvalidData,
                $"{array} holds images of more than {ImageShape.LargestSize} pixels a side; make them smaller, "
                + "or save it as [n, features].");
        }

        if (axes.Length < 3)
        {
            bool image = axes.Length == 2 && axes.Max() <= ImageShape.LargestSize;
            return new ImageLayout(image ? new ImageShape(axes[0], axes[1]) : null, ChannelsLast: false);
        }

        var first = new ImageShape(axes[1], axes[2], axes[0]);
        var last = new ImageShape(axes[0], axes[1], axes[2]);
        bool canBeFirst = wanted is ImageShape shape ? first == shape : axes[0] is 1 or 3 or 4;
        bool canBeLast = wanted is ImageShape other ? last == other : axes[2] is 1 or 3 or 4;
        if (canBeFirst == canBeLast)
        {
            throw new DatamodelException(
                "ImageLayoutUnclear", ErrorKind.InvalidArgument,
                $"{array} holds images of {first} with the channels first or of {last} with the channels last; "
                + (canBeFirst
                    ? $"both are possible. Give the image shape{(wanted is null ? "" : " and save it as [n, features]")}."
                    : wanted is null
                        ? "neither has 1, 3 or 4 channels. Give the image shape."
                        : $"the image shape {wanted} is neither. Give that of its images."));
        }

        return new ImageLayout(canBeFirst ? first : last, canBeLast);
    }

    /// <summary>Puts the channels of one image first.</summary>
    /// <param name="image"><c>[height, width, channels]</c>.</param>
    /// <param name="planes"><c>[channels, height, width]</c>.</param>
    /// <param name="channels">Number of channels.</param>
    public static void ToPlanes(ReadOnlySpan<float> image, Span<float> planes, int channels)
    {
        int pixels = image.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                planes[(c * pixels) + pixel] = image[(pixel * channels) + c];
            }
        }
    }
}
