namespace Datamodels.Data;

/// <summary>Applies a <see cref="FeatureScaling"/>, in double precision, in place.</summary>
internal static class FeatureScaler
{
    /// <summary>Takes the constants from <paramref name="train"/> and scales both blocks.</summary>
    /// <param name="scaling">How.</param>
    /// <param name="train">Row-major, <c>[examples, features]</c>, at least one row.</param>
    /// <param name="test">Row-major, <c>[examples, features]</c>.</param>
    /// <param name="featureCount">Features of an example.</param>
    /// <param name="channels">Channels of an image, each a block of as many features; 1 where there are none.</param>
    public static void Apply(FeatureScaling scaling, Span<float> train, Span<float> test, int featureCount, int channels)
    {
        if (scaling == FeatureScaling.None)
        {
            return;
        }

        // Neighbouring features that share their constants.
        int shared = scaling switch
        {
            FeatureScaling.Standardize => 1,
            FeatureScaling.StandardizeChannels => featureCount / channels,
            _ => featureCount,
        };
        (double[] offsets, double[] divisors) = scaling == FeatureScaling.UnitRange
            ? Range(train)
            : Moments(train, featureCount, shared);
        Scale(train, offsets, divisors, shared);
        Scale(test, offsets, divisors, shared);
    }

    private static (double[] Offsets, double[] Divisors) Range(ReadOnlySpan<float> train)
    {
        double least = train[0];
        double most = train[0];
        foreach (float value in train)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        return ([least], [most - least]);
    }

    private static (double[] Means, double[] Deviations) Moments(ReadOnlySpan<float> train, int featureCount, int shared)
    {
        double count = (double)train.Length / featureCount * shared;
        double[] means = new double[featureCount / shared];
        double[] deviations = new double[means.Length];
        for (int start = 0; start < train.Length; start += shared * means.Length)
        {
            for (int k = 0; k < means.Length; k++)
            {
                double sum = means[k];
                foreach (float x in train.Slice(start + (k * shared), shared))
                {
                    sum += x;
                }

                means[k] = sum;
            }
        }

        for (int k = 0; k < means.Length; k++)
        {
            means[k] /= count;
        }

        for (int start = 0; start < train.Length; start += shared * means.Length)
        {
            for (int k = 0; k < means.Length; k++)
            {
                double sum = deviations[k];
                foreach (float x in train.Slice(start + (k * shared), shared))
                {
                    sum += (x - means[k]) * (x - means[k]);
                }

                deviations[k] = sum;
            }
        }

        for (int k = 0; k < means.Length; k++)
        {
            deviations[k] = Math.Sqrt(deviations[k] / count);
        }

        return (means, deviations);
    }

    /// <summary>(x - offset) / divisor; 0 where the divisor is 0, that is, where the training set has one value only.</summary>
    private static void Scale(Span<float> features, double[] offsets, double[] divisors, int shared)
    {
        for (int start = 0; start < features.Length; start += shared * offsets.Length)
        {
            for (int k = 0; k < offsets.Length; k++)
            {
                foreach (ref float x in features.Slice(start + (k * shared), shared))
                {
                    x = divisors[k] == 0 ? 0 : (float)((x - offsets[k]) / divisors[k]);
                }
            }
        }
    }
}
