namespace Datamodels.Regression;

/// <summary>How near weights are to the solution of a <see cref="LassoProblem"/>.</summary>
/// <param name="DualityGap">
/// (P - D) / (P at zero weights, V/2), at least 0: no weights whatever have an objective lower by more than that.
/// </param>
/// <param name="KktResidual">
/// The largest violation of the optimality conditions (Karush, Kuhn, Tucker) of any column, as a fraction of
/// max_j |x_j'(y - mean(y))| / m: |h_j - sign(w_j) l1| where there is a weight, else how far |h_j| is above l1, with
/// h_j = x_j'(y - Xw - b) / m - l2 w_j for the penalties l1 and l2.
/// </param>
internal readonly record struct LassoCertificate(double DualityGap, double KktResidual)
{
    /// <summary>The gap from sums over the columns.</summary>
    /// <remarks>
    /// With the residual r = y - Xw - b, the primal objective is P = |r|^2/(2m) + l1 |w|_1. A dual point is feasible if
    /// its entries sum to 0 and |x_j' theta| &lt;= l1 m for every column; its objective
    /// D = (|y - mean(y)|^2 - |y - mean(y) - theta|^2)/(2m) is then a lower bound of every P. Taken is theta = s r with the s
    /// that makes D largest while feasible. An l2 penalty is a row sqrt(m l2) e_j with a margin of 0 for each column more.
    /// </remarks>
    /// <param name="variance">V = |y - mean(y)|^2 / m; where it is 0 there is nothing to explain and no gap.</param>
    /// <param name="l1">The l1 penalty, above 0.</param>
    /// <param name="l2">The l2 penalty, at least 0.</param>
    /// <param name="weightedProducts">w'q / m.</param>
    /// <param name="weightedGradient">w'g.</param>
    /// <param name="absoluteWeights">|w|_1.</param>
    /// <param name="squares">|w|_2^2.</param>
    /// <param name="largestGradient">max_j |h_j|.</param>
    public static double RelativeGap(
        double variance, double l1, double l2, double weightedProducts, double weightedGradient, double absoluteWeights,
        double squares, double largestGradient)
    {
        if (variance == 0)
        {
            return 0;
        }

        // |r|^2 / m, since Xw'r / m = w'g, and w'h; with the rows of the l2 penalty. Where little is left to explain, the first
        // is rounding.
        double residual = Math.Max(0, variance - weightedProducts - weightedGradient + (l2 * squares));
        double product = weightedGradient - (l2 * squares);
        double limit = largestGradient > 0 ? l1 / largestGradient : 1;
        double scale = Math.Clamp(product == 0 ? 1 : 1 + (product / residual), -limit, limit);

        // With (y - mean(y))'r = |r|^2 + m w'h, P - D has no large numbers that cancel, and w'h <= max|h| |w|_1.
        double gap = (residual * (1 - scale) * (1 - scale) / 2) + ((l1 * absoluteWeights) - (scale * product));
        return Math.Max(0, gap / (variance / 2));
    }
}
