namespace Datamodels.Data;

/// <summary>Applies a <see cref="FeatureScaling"/>, in double precision, in place.</summary>
internal static class FeatureScaler
{
    /// <summary>Takes the constants from <paramref name="train"/> and scales both blocks.</summary>
    /// <param name="scaling">How.</param>
    /// <param name="train">Row-major, <c>[examples, features]</c>, at least one row.</param>
    /// <param name="test">Row-major, <c>[examples, features]</c>.</param>
    /// <param name="featureCount">Features of an example.</param>
    public static void Apply(FeatureScaling scaling, Span<float> train, Span<float> test, int featureCount)
    {
        if (scaling == FeatureScaling.None)
        {
            return;
        }

        (double[] offsets, double[] divisors) = scaling == FeatureScaling.UnitRange
            ? Range(train, featureCount)
            : Moments(train, featureCount);
        Scale(train, offsets, divisors);
        Scale(test, offsets, divisors);
    }

    private static (double[] Offsets, double[] Divisors) Range(ReadOnlySpan<float> train, int featureCount)
    {
        double least = train[0];
        double most = train[0];
        foreach (float value in train)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        double[] offsets = new double[featureCount];
        double[] divisors = new double[featureCount];
        Array.Fill(offsets, least);
        Array.Fill(divisors, most - least);
        return (offsets, divisors);
    }

    private static (double[] Means, double[] Deviations) Moments(ReadOnlySpan<float> train, int featureCount)
    {
        int rows = train.Length / featureCount;
        double[] means = new double[featureCount];
        double[] deviations = new double[featureCount];
        for (int i = 0; i < train.Length; i++)
        {
            means[i % featureCount] += train[i];
        }

        for (int f = 0; f < featureCount; f++)
        {
            means[f] /= rows;
        }

        for (int i = 0; i < train.Length; i++)
        {
            double difference = train[i] - means[i % featureCount];
            deviations[i % featureCount] += difference * difference;
        }

        for (int f = 0; f < featureCount; f++)
        {
            deviations[f] = Math.Sqrt(deviations[f] / rows);
        }

        return (means, deviations);
    }

    /// <summary>(x - offset) / divisor; 0 where the divisor is 0, that is, where the training set has one value only.</summary>
    private static void Scale(Span<float> features, double[] offsets, double[] divisors)
    {
        for (int row = 0; row < features.Length; row += offsets.Length)
        {
            for (int f = 0; f < offsets.Length; f++)
            {
                features[row + f] = divisors[f] == 0 ? 0 : (float)((features[row + f] - offsets[f]) / divisors[f]);
            }
        }
    }
}
