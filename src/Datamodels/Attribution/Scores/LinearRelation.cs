namespace Datamodels.Attribution;

/// <summary>The line y = Offset + Slope x of least squares, and how near to it the values are.</summary>
/// <param name="MeanX">Mean of x.</param>
/// <param name="MeanY">Mean of y.</param>
/// <param name="SquaresX">Sum of the squares of x about its mean.</param>
/// <param name="SquaresY">Sum of the squares of y about its mean.</param>
/// <param name="Products">Sum of the products of both.</param>
public readonly record struct LinearRelation(double MeanX, double MeanY, double SquaresX, double SquaresY, double Products)
{
    /// <summary>Slope; 0 where all x are equal.</summary>
    public double Slope => SquaresX == 0 ? 0 : Products / SquaresX;

    /// <summary>y at x = 0 on the line.</summary>
    public double Offset => MeanY - (Slope * MeanX);

    /// <summary>Pearson's correlation, -1..1; 0 where all values of one side are equal.</summary>
    public double Pearson => SquaresX == 0 || SquaresY == 0 ? 0 : Products / Math.Sqrt(SquaresX * SquaresY);

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
        double squaresX = 0, squaresY = 0, products = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double dx = x[i] - meanX;
            double dy = y[i] - meanY;
            squaresX += dx * dx;
            squaresY += dy * dy;
            products += dx * dy;
        }

        return new LinearRelation(meanX, meanY, squaresX, squaresY, products);
    }

    // From the first value on, so that the mean of values that are equal is that value, and no rounding looks like variance.
    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value - values[0];
        }

        return values[0] + (sum / values.Length);
    }
}
