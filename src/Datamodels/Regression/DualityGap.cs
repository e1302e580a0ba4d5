namespace Datamodels.Regression;

/// <summary>The certificate of a lasso solution, from sums over the columns.</summary>
/// <remarks>
/// With the residual r = y - Xw - b, the primal objective is P = |r|^2/(2m) + lambda |w|_1. A dual point is feasible if its
/// entries sum to 0 and |x_j' theta| &lt;= lambda m for every column; its objective
/// D = (|y - mean(y)|^2 - |y - mean(y) - theta|^2)/(2m) is then a lower bound of every P. Taken is theta = s r with the s
/// that makes D largest while feasible.
/// </remarks>
/// <param name="variance">V = |y - mean(y)|^2 / m.</param>
internal struct DualityGap(double variance)
{
    private double _weightedProducts;
    private double _weightedGradient;
    private double _absoluteWeights;
    private double _largestGradient;

    /// <summary>Takes in one column. A column left out weakens the bound only if its gradient is the largest.</summary>
    /// <param name="weight">w_j.</param>
    /// <param name="product">x_j'(y - mean(y)) / m.</param>
    /// <param name="gradient">x_j'r / m.</param>
    public void Add(double weight, double product, double gradient)
    {
        _weightedProducts += weight * product;
        _weightedGradient += weight * gradient;
        _absoluteWeights += Math.Abs(weight);
        _largestGradient = Math.Max(_largestGradient, Math.Abs(gradient));
    }

    /// <summary>(P - D) / (P at zero weights, V/2), at least 0.</summary>
    /// <param name="lambda">The penalty, above 0.</param>
    public readonly double Relative(double lambda)
    {
        // |r|^2 / m and (y - mean(y))'r / m, since Xw'r / m = w'gradient.
        double residual = variance - _weightedProducts - _weightedGradient;
        double overlap = variance - _weightedProducts;
        double primal = (residual / 2) + (lambda * _absoluteWeights);
        double scale = residual > 0 ? overlap / residual : 0;
        if (_largestGradient > 0)
        {
            double limit = lambda / _largestGradient;
            scale = Math.Clamp(scale, -limit, limit);
        }

        double dual = scale * (overlap - (scale * residual / 2));
        return Math.Max(0, (primal - dual) / (variance / 2));
    }
}
