namespace Datamodels.Regression;

/// <summary>How near weights are to the solution of a <see cref="LassoProblem"/>.</summary>
/// <param name="DualityGap">
/// (P - D) / (P at zero weights, V/2), at least 0: no weights whatever have an objective lower by more than that.
/// </param>
/// <param name="KktResidual">
/// The largest violation of the optimality conditions (Karush, Kuhn, Tucker) of any column, as a fraction of lambda_max:
/// |g_j - sign(w_j) lambda| where there is a weight, else how far |g_j| is above lambda, with g_j = x_j'(y - Xw - b) / m.
/// </param>
internal readonly record struct LassoCertificate(double DualityGap, double KktResidual)
{
    /// <summary>The gap from sums over the columns.</summary>
    /// <remarks>
    /// With the residual r = y - Xw - b, the primal objective is P = |r|^2/(2m) + lambda |w|_1. A dual point is feasible if
    /// its entries sum to 0 and |x_j' theta| &lt;= lambda m for every column; its objective
    /// D = (|y - mean(y)|^2 - |y - mean(y) - theta|^2)/(2m) is then a lower bound of every P. Taken is theta = s r with the s
    /// that makes D largest while feasible.
    /// </remarks>
    /// <param name="variance">V = |y - mean(y)|^2 / m; where it is 0 there is nothing to explain and no gap.</param>
    /// <param name="lambda">The penalty, above 0.</param>
    /// <param name="weightedProducts">w'q / m.</param>
    /// <param name="weightedGradient">w'g.</param>
    /// <param name="absoluteWeights">|w|_1.</param>
    /// <param name="largestGradient">max_j |g_j|.</param>
    public static double RelativeGap(
        double variance, double lambda, double weightedProducts, double weightedGradient, double absoluteWeights,
        double largestGradient)
    {
        if (variance == 0)
        {
            return 0;
        }

        // |r|^2 / m and (y - mean(y))'r / m, since Xw'r / m = w'g.
        double residual = variance - weightedProducts - weightedGradient;
        double overlap = variance - weightedProducts;
        double primal = (residual / 2) + (lambda * absoluteWeights);
        double scale = residual > 0 ? overlap / residual : 0;
        if (largestGradient > 0)
        {
            double limit = lambda / largestGradient;
            scale = Math.Clamp(scale, -limit, limit);
        }

        double dual = scale * (overlap - (scale * residual / 2));
        return Math.Max(0, (primal - dual) / (variance / 2));
    }
}
