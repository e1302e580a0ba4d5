using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// The centred Gram matrix G = C - c c' / m of some rows, dense: what the methods that factorise it start from. With
/// q = X'(y - mean y), the gradient of 1/2 |y - Xw - b|^2 at the best b is Gw - q. Takes 8 n^2 bytes.
/// </summary>
internal sealed class CentredGram
{
    private readonly double[] _values;

    private CentredGram(double[] values, int[] counts, int rowCount, bool hasEqualSizes)
    {
        _values = values;
        Counts = counts;
        RowCount = rowCount;
        HasEqualSizes = hasEqualSizes;
        double diagonal = 0;
        for (int j = 0; j < counts.Length; j++)
        {
            diagonal += values[(j * counts.Length) + j];
            VaryingCount += IsConstant(j) ? 0 : 1;
        }

        MeanDiagonal = VaryingCount == 0 ? 0 : diagonal / VaryingCount;
    }

    /// <summary>Number of rows, m.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns, n.</summary>
    public int ColumnCount => Counts.Length;

    /// <summary>Ones in each column, c, <c>[n]</c>.</summary>
    public int[] Counts { get; }

    /// <summary>Columns that are not the same in every row; only they can have a weight.</summary>
    public int VaryingCount { get; }

    /// <summary>Mean of G[j, j] over the columns that vary.</summary>
    public double MeanDiagonal { get; }

    /// <summary>
    /// Whether every row has the same number of ones: then the columns add up to a constant, and the vector of ones is a null
    /// direction of G, exactly.
    /// </summary>
    public bool HasEqualSizes { get; }

    /// <summary>G, row-major, <c>[n, n]</c>; symmetric to the bit, and 0 where a column is constant.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Row <paramref name="column"/> of G, <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Row(int column) => _values.AsSpan(column * ColumnCount, ColumnCount);

    /// <summary>Whether a column is the same in every row.</summary>
    public bool IsConstant(int column) => Counts[column] == 0 || Counts[column] == RowCount;

    /// <summary>Centres the counts; every entry is exact but for one rounding.</summary>
    /// <param name="panels">The counts.</param>
    /// <param name="cancellation">Stops between panels.</param>
    /// <exception cref="DatamodelException">There are more columns than an array can hold pairs of.</exception>
    public static CentredGram Read(GramPanels panels, CancellationToken cancellation = default)
    {
        int n = panels.ColumnCount;
        if ((long)n * n > Array.MaxLength)
        {
            throw new DatamodelException(
                "GramTooLarge", ErrorKind.InvalidArgument,
                $"Ridge and least squares factorise a matrix of all pairs of training examples; it can have at most "
                + $"{(int)Math.Sqrt(Array.MaxLength)} of them, and there are {n}. Fit by the lasso or the difference of means.");
        }

        long m = panels.RowCount;
        int[] counts = [.. panels.Counts];
        double[] values = new double[n * n];

        // Whole numbers below 2^46 each, so that their sums are exact.
        long[] rowSums = new long[n];
        float[]? buffer = null;
        for (int panel = 0; panel < panels.PanelCount; panel++)
        {
            cancellation.ThrowIfCancellationRequested();
            float[] entries = panels.Panel(panel, ref buffer);
            int first = panel * panels.PanelWidth;
            int columns = Math.Min(panels.PanelWidth, n - first);
            for (int k = 0; k < n; k++)
            {
                for (int j = 0; j < columns; j++)
                {
                    long count = (long)entries[(k * panels.PanelWidth) + j] + panels.Base;
                    long centred = (count * m) - ((long)counts[k] * counts[first + j]);
                    values[(k * n) + first + j] = (double)centred / m;
                    rowSums[k] += centred;
                }
            }
        }

        return new CentredGram(values, counts, panels.RowCount, Array.TrueForAll(rowSums, sum => sum == 0));
    }

    /// <summary>q = X'(y - mean y), <c>[n]</c>; 0 for columns that are constant, and everywhere where y is.</summary>
    /// <param name="sums">Sums of the target over these rows.</param>
    public double[] Centre(TargetSums sums)
    {
        double[] products = new double[ColumnCount];
        if (sums.VarianceOver(RowCount) > 0)
        {
            double mean = sums.Sum / RowCount;
            for (int j = 0; j < products.Length; j++)
            {
                products[j] = IsConstant(j) ? 0 : sums.Products[j] - (Counts[j] * mean);
            }
        }

        return products;
    }

    /// <summary>The result of a method that minimises 1/(2m) |y - Xw - b|^2 + lambda/2 |w|^2, with its certificate.</summary>
    /// <param name="weights">w, <c>[n]</c>.</param>
    /// <param name="products">q, <c>[n]</c>.</param>
    /// <param name="sums">Sums of the target over these rows.</param>
    /// <param name="shift">What was subtracted from its outputs.</param>
    /// <param name="lambda">The penalty; 0 for least squares.</param>
    /// <param name="tolerance">The largest residual that counts as converged.</param>
    public FittedTarget Certify(
        double[] weights, double[] products, TargetSums sums, double shift, double lambda, double tolerance)
    {
        double[] gradient = [.. products];
        double predicted = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            AddScaled.Add(gradient, -weights[j], Row(j));
            predicted += Counts[j] * weights[j];
        }

        // |y - Xw - b|^2 = y'y - w'q - w'(q - Gw), with y about its mean.
        double squares = RowCount * sums.VarianceOver(RowCount);
        double largest = 0;
        double scale = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            largest = Math.Max(largest, Math.Abs(gradient[j] - (RowCount * lambda * weights[j])));
            scale = Math.Max(scale, Math.Abs(products[j]));
            squares -= weights[j] * (products[j] + gradient[j]);
        }

        double residual = scale == 0 ? 0 : largest / scale;
        FittedTarget fit = FittedTarget.FromDense(weights, ((sums.Sum - predicted) / RowCount) + shift) with
        {
            KktResidual = residual,
            Converged = residual <= tolerance,
        };
        return fit.WithResiduals(squares, RowCount);
    }
}
