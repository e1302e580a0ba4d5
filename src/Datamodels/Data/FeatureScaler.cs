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
        switch (scaling)
        {
            case FeatureScaling.UnitRange:
                double least = float.MaxValue;
                double most = float.MinValue;
                foreach (float value in train)
                {
                    least = Math.Min(least, value);
                    most = Math.Max(most, value);
                }

                double range = most - least;
                Scale(train, test, featureCount, _ => least, _ => range);
                break;

            case FeatureScaling.Standardize:
                (double[] means, double[] deviations) = Moments(train, featureCount);
                Scale(train, test, featureCount, f => means[f], f => deviations[f]);
                break;
        }
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
    private static void Scale(
        Span<float> train, Span<float> test, int featureCount, Func<int, double> offset, Func<int, double> divisor)
    {
        for (int f = 0; f < featureCount; f++)
        {
            double o = offset(f);
            double d = divisor(f);
            for (int i = f; i < train.Length; i += featureCount)
            {
                train[i] = d == 0 ? 0 : (float)((train[i] - o) / d);
            }

            for (int i = f; i < test.Length; i += featureCount)
            {
                test[i] = d == 0 ? 0 : (float)((test[i] - o) / d);
            }
        }
    }
}
