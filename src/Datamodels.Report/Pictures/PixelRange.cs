using Datamodels.Data;

namespace Datamodels.Report.Pictures;

/// <summary>
/// From features to pixels: the lowest value of the training set is dark, the highest light. Where each feature or each channel
/// was scaled by itself, each has its own range, which undoes the scaling.
/// </summary>
internal sealed class PixelRange
{
    /// <summary>Pictures with longer sides are shown reduced, so that a page of hundreds of them stays small.</summary>
    public const int LongestSide = 32;

    private readonly ImageShape _shape;
    private readonly float[] _low;
    private readonly float[] _high;

    // Neighbouring features that share a range.
    private readonly int _shared;

    private PixelRange(ImageShape shape, int shared)
    {
        _shape = shape;
        _shared = shared;
        _low = new float[shape.FeatureCount / shared];
        _high = new float[_low.Length];
        Array.Fill(_low, float.PositiveInfinity);
        Array.Fill(_high, float.NegativeInfinity);
    }

    /// <summary>The range of the training set.</summary>
    /// <param name="data">Data with an image shape.</param>
    public static PixelRange Of(TrainingData data)
    {
        ImageShape shape = data.ImageShape!.Value;
        var range = new PixelRange(shape, data.Source?.Scaling switch
        {
            FeatureScaling.Standardize => 1,
            FeatureScaling.StandardizeChannels => shape.Height * shape.Width,
            _ => shape.FeatureCount,
        });
        ReadOnlySpan<float> features = data.Train.Features;
        for (int start = 0; start < features.Length; start += shape.FeatureCount)
        {
            range.Take(features.Slice(start, shape.FeatureCount));
        }

        return range;
    }

    /// <summary>The pixels of an example, <c>[height, width, channels]</c>, reduced where it is larger than is shown.</summary>
    public (byte[] Pixels, int Width, int Height) Pixels(ReadOnlySpan<float> features)
    {
        int step = (Math.Max(_shape.Width, _shape.Height) + LongestSide - 1) / LongestSide;
        int width = Math.Max(1, _shape.Width / step), height = Math.Max(1, _shape.Height / step);
        byte[] pixels = new byte[width * height * _shape.Channels];
        int next = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < _shape.Channels; channel++)
                {
                    pixels[next++] = (byte)Math.Round(255 * MeanOf(features, channel, y * step, x * step, step));
                }
            }
        }

        return (pixels, width, height);
    }

    // Mean over a block of pixels, 0..1.
    private double MeanOf(ReadOnlySpan<float> features, int channel, int top, int left, int step)
    {
        int bottom = Math.Min(top + step, _shape.Height), right = Math.Min(left + step, _shape.Width);
        double sum = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                int feature = (((channel * _shape.Height) + y) * _shape.Width) + x;
                double low = _low[feature / _shared], high = _high[feature / _shared];
                sum += high > low ? Math.Clamp((features[feature] - low) / (high - low), 0, 1) : 0;
            }
        }

        return sum / ((bottom - top) * (right - left));
    }

    private void Take(ReadOnlySpan<float> features)
    {
        for (int i = 0; i < features.Length; i++)
        {
            int k = i / _shared;
            _low[k] = Math.Min(_low[k], features[i]);
            _high[k] = Math.Max(_high[k], features[i]);
        }
    }
}
