namespace Datamodels.Regression;

/// <summary>What a fit needs to know of one target's margins y over one set of rows.</summary>
/// <param name="Products">X'y, <c>[n]</c>.</param>
/// <param name="Sum">Sum of y.</param>
/// <param name="Squares">Sum of y^2.</param>
internal readonly record struct TargetSums(double[] Products, double Sum, double Squares)
{
    // Of the mean square; sums of a million rows round to less.
    private const double Rounding = 1e-10;

    /// <summary>Variance of y over its rows; 0 where it is within the rounding of the sums, for then y is constant.</summary>
    /// <param name="rowCount">Number of rows.</param>
    public double VarianceOver(int rowCount)
    {
        double mean = Sum / rowCount;
        double square = Squares / rowCount;
        double variance = square - (mean * mean);
        return variance > Rounding * square ? variance : 0;
    }

    /// <summary>The sums over two disjoint sets of rows together.</summary>
    public static TargetSums operator +(TargetSums left, TargetSums right)
    {
        double[] products = new double[left.Products.Length];
        for (int j = 0; j < products.Length; j++)
        {
            products[j] = left.Products[j] + right.Products[j];
        }

        return new TargetSums(products, left.Sum + right.Sum, left.Squares + right.Squares);
    }
}
