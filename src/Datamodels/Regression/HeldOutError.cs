namespace Datamodels.Regression;

/// <summary>
/// Squared error of a datamodel on rows it was not fitted on, from Gram matrices alone. With v = y - b0 for the bias
/// b0 = mean(y) - mean(x)'w of the fitted rows,
/// <code>sum over held-out rows of (v - x'w)^2 = v'v - 2 w'X'v + w'Cw.</code>
/// </summary>
/// <param name="all">Gram matrix of all rows: fitted and held out.</param>
/// <param name="train">The problem on the fitted rows.</param>
/// <param name="heldOut">Sums of the target over the held-out rows.</param>
internal readonly struct HeldOutError(Gram all, LassoProblem train, TargetSums heldOut)
{
    private int RowCount => all.RowCount - train.Gram.RowCount;

    /// <summary>Variance of the held-out margins about their own mean.</summary>
    public double Variance => heldOut.VarianceOver(RowCount);

    /// <summary>Mean squared error of the weights with the fitted rows' bias.</summary>
    /// <param name="weights">w, <c>[n]</c>.</param>
    /// <param name="trainSquare">w'Cw over the fitted rows (<see cref="LassoSolver.CountedSquare"/>).</param>
    public double Of(ReadOnlySpan<double> weights, double trainSquare)
    {
        double products = 0;
        double predicted = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            products += weights[j] * heldOut.Products[j];
            predicted += weights[j] * (all.Counts[j] - train.Gram.Counts[j]);
        }

        double bias = train.BiasOf(weights);
        double square = all.Square(weights) - trainSquare;
        double error = heldOut.Squares - (2 * bias * heldOut.Sum) + (RowCount * bias * bias)
            - (2 * (products - (bias * predicted))) + square;
        return Math.Max(0, error / RowCount);
    }
}
