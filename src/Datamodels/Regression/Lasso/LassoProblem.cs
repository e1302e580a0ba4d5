namespace Datamodels.Regression;

/// <summary>
/// One target's lasso with the rows gone from it: minimise over w, with the unpenalised bias at its optimum
/// b = mean(y) - mean(x)'w,
/// <code>1/(2m) |y - Xw - b|^2 + lambda |w|_1  =  V/2 - w'q/m + w'Gw/(2m) + lambda |w|_1,</code>
/// where q = X'(y - mean(y)), V is the variance of y and G[j, k] = C[j, k] - c_j c_k / m is the centred Gram matrix.
/// </summary>
internal sealed class LassoProblem
{
    private readonly int[] _counts;

    /// <summary>Centres the sums analytically.</summary>
    /// <param name="gram">Gram matrix of the rows; only its counts are read, here.</param>
    /// <param name="sums">Sums of the target over the same rows.</param>
    public LassoProblem(GramPanels gram, TargetSums sums)
    {
        _counts = gram.Counts;
        RowCount = gram.RowCount;
        Mean = sums.Sum / RowCount;
        Variance = sums.VarianceOver(RowCount);
        Scale = Variance > 0 ? Math.ScaleB(1, -Math.ILogB(Math.Sqrt(Variance))) : 1;
        Products = new double[gram.ColumnCount];
        for (int j = 0; j < Products.Length; j++)
        {
            Products[j] = sums.Products[j] - (_counts[j] * Mean);
            LargestGradient = Math.Max(LargestGradient, Math.Abs(Products[j]) / RowCount);
        }
    }

    /// <summary>Number of rows, m.</summary>
    public int RowCount { get; }

    /// <summary>q = X'(y - mean(y)), <c>[n]</c>.</summary>
    public double[] Products { get; }

    /// <summary>Mean of y (relative to the shift of its block).</summary>
    public double Mean { get; }

    /// <summary>V = |y - mean(y)|^2 / m; half of it is the objective at zero weights.</summary>
    public double Variance { get; }

    /// <summary>
    /// The power of two that brings the standard deviation of y into [1, 2): y times it has the same solution times it, and
    /// squares that float32 holds. 1 where y is constant.
    /// </summary>
    public double Scale { get; }

    /// <summary>max_j |q_j| / m: the l1 penalty from which on all weights are 0.</summary>
    public double LargestGradient { get; }

    /// <summary>The bias that belongs to <paramref name="weights"/>, <c>[n]</c>, relative to the shift of the block.</summary>
    public double BiasOf(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            sum += _counts[j] * weights[j];
        }

        return Mean - (sum / RowCount);
    }

    /// <summary>
    /// |y - Xw - b|^2 of weights that solve the problem with the penalties l1 |w|_1 + l2/2 |w|^2: there, by the optimality
    /// conditions, w'(q - Gw) / m = l1 |w|_1 + l2 |w|^2, so that it takes no pass over G.
    /// </summary>
    public double ResidualSquares(ReadOnlySpan<double> weights, double l1, double l2)
    {
        double explained = 0;
        double penalised = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            explained += weights[j] * Products[j];
            penalised += (l1 * Math.Abs(weights[j])) + (l2 * weights[j] * weights[j]);
        }

        return (RowCount * (Variance - penalised)) - explained;
    }
}
