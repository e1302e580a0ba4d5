namespace Datamodels.Regression;

/// <summary>
/// One target's lasso with the rows gone from it: minimise over w, with the unpenalised bias at its optimum
/// b = mean(y) - mean(x)'w,
/// <code>1/(2m) |y - Xw - b|^2 + lambda |w|_1  =  V/2 - w'q/m + w'Gw/(2m) + lambda |w|_1,</code>
/// where q = X'(y - mean(y)), V is the variance of y and G[j, k] = C[j, k] - c_j c_k / m is the centred Gram matrix.
/// </summary>
internal sealed class LassoProblem
{
    /// <summary>Centres the sums analytically.</summary>
    /// <param name="gram">Gram matrix of the rows.</param>
    /// <param name="sums">Sums of the target over the same rows.</param>
    public LassoProblem(Gram gram, TargetSums sums)
    {
        Gram = gram;
        Mean = sums.Sum / gram.RowCount;
        Variance = sums.VarianceOver(gram.RowCount);
        Products = new double[gram.ColumnCount];
        for (int j = 0; j < Products.Length; j++)
        {
            Products[j] = sums.Products[j] - (gram.Counts[j] * Mean);
            LambdaMax = Math.Max(LambdaMax, Math.Abs(Products[j]) / gram.RowCount);
        }

        if (Variance == 0)
        {
            // What the products of constant margins hold is rounding.
            LambdaMax = 0;
        }
    }

    /// <summary>Gram matrix of the rows, not centred.</summary>
    public Gram Gram { get; }

    /// <summary>q = X'(y - mean(y)), <c>[n]</c>.</summary>
    public double[] Products { get; }

    /// <summary>Mean of y (relative to the shift of its block).</summary>
    public double Mean { get; }

    /// <summary>V = |y - mean(y)|^2 / m; half of it is the objective at zero weights.</summary>
    public double Variance { get; }

    /// <summary>The smallest lambda at which all weights are 0: max_j |q_j| / m; 0 where y is constant.</summary>
    public double LambdaMax { get; }

    /// <summary>The bias that belongs to <paramref name="weights"/>, <c>[n]</c>, relative to the shift of the block.</summary>
    public double BiasOf(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            sum += Gram.Counts[j] * weights[j];
        }

        return Mean - (sum / Gram.RowCount);
    }
}
