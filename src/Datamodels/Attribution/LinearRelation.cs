namespace Datamodels.Attribution;

/// <summary>The line y = Offset + Slope x of least squares, and how near to it the values are.</summary>
/// <param name="Slope">Slope; 0 where all x are equal.</param>
/// <param name="Offset">y at x = 0 on the line.</param>
/// <param name="Pearson">Pearson's correlation, -1..1; 0 where all values of one side are equal.</param>
public readonly record struct LinearRelation(double Slope, double Offset, double Pearson)
{
    /// <summary>The relation of two lists.</summary>
    /// <param name="x">Values, <c>[count]</c>, at least 2, none of them NaN.</param>
    /// <param name="y">Values, <c>[count]</c>, none of them NaN.</param>
    /// <exception cref="ArgumentException">The lengths differ, or are under 2.</exception>
    public static LinearRelation Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length || x.Length < 2)
        {
            throw new ArgumentException(
                $"{x.Length} and {y.Length} values cannot be related: two lists of one length, at least 2, are needed.");
        }

        double meanX = Mean(x);
        double meanY = Mean(y);
        double xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double dx = x[i] - meanX;
            double dy = y[i] - meanY;
            xy += dx * dy;
            xx += dx * dx;
            yy += dy * dy;
        }

        double slope = xx == 0 ? 0 : xy / xx;
        return new LinearRelation(slope, meanY - (slope * meanX), xx == 0 || yy == 0 ? 0 : xy / Math.Sqrt(xx * yy));
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
