namespace Datamodels.Regression;

/// <summary>The numbers of one target's datamodel, by whichever method.</summary>
/// <param name="Examples">Training examples with a weight other than 0, ascending, <c>[nonzero]</c>.</param>
/// <param name="Weights">Their weights, in units of the output, <c>[nonzero]</c>.</param>
/// <param name="Bias">The bias b, in units of the output.</param>
/// <param name="Lambda">The penalty they were fitted with; null where the method has none.</param>
/// <param name="HeldOutR2">
/// Held-out R2 at that lambda, at most 1: 1 - squared error / variance, on rows that the weights of that path did not see;
/// null where nothing was chosen.
/// </param>
/// <param name="DualityGap">Relative duality gap, at least 0; null where the method has none.</param>
/// <param name="KktResidual">
/// How far the optimality conditions are from holding: the largest violation of any column's, relative to max_j |q_j| / m, the
/// largest gradient at zero weights; at least 0; null where the method solves no optimisation problem.
/// </param>
/// <param name="Converged">Whether the certificate is within the tolerance; true where the method has none.</param>
internal sealed record FittedTarget(
    int[] Examples, double[] Weights, double Bias, double? Lambda, double? HeldOutR2, double? DualityGap, double? KktResidual,
    bool Converged)
{
    /// <summary>
    /// Standard deviation of the residuals, in units of the output: sqrt(rss / (m - s - 1)) with s weights; null where the
    /// method does not tell, or nothing is left of the models.
    /// </summary>
    public double? ResidualDeviation { get; init; }

    /// <summary>The same from all weights, zeros included.</summary>
    /// <param name="weights">All weights, <c>[n]</c>.</param>
    /// <param name="bias">The bias.</param>
    public static FittedTarget FromDense(ReadOnlySpan<double> weights, double bias)
    {
        int[] examples = new int[weights.Length - weights.Count(0.0)];
        double[] values = new double[examples.Length];
        int found = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            if (weights[j] != 0)
            {
                examples[found] = j;
                values[found++] = weights[j];
            }
        }

        return new FittedTarget(examples, values, bias, null, null, null, null, true);
    }

    /// <summary>The same with the deviation of its residuals.</summary>
    /// <param name="squares">Sum of the squared residuals, |y - Xw - b|^2, but for rounding.</param>
    /// <param name="rowCount">Number of rows, m.</param>
    public FittedTarget WithResiduals(double squares, int rowCount)
    {
        int freedom = rowCount - Examples.Length - 1;
        return this with { ResidualDeviation = freedom > 0 ? Math.Sqrt(Math.Max(0, squares) / freedom) : null };
    }
}
