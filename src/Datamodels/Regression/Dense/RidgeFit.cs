using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// Ridge regression at given lambdas: minimise 1/(2m) |y - Xw - b|^2 + lambda/2 |w|^2, b not penalised, columns not
/// standardised: (G + m lambda I) w = q. Several threads may use it at once.
/// </summary>
/// <remarks>Takes 8 n^2 bytes beside the Gram matrix.</remarks>
internal sealed class RidgeFit
{
    // Powers of ten of the largest and the smallest lambda.
    private const double Largest = 3;
    private const double Smallest = -3;

    private readonly CentredGram _gram;
    private readonly double _tolerance;
    private readonly Spectrum _spectrum;

    /// <summary>Decomposes the Gram matrix.</summary>
    /// <param name="gram">The rows.</param>
    /// <param name="tolerance">The largest KKT residual that counts as converged.</param>
    /// <param name="cancellation">Stops.</param>
    public RidgeFit(CentredGram gram, double tolerance, CancellationToken cancellation = default)
    {
        _gram = gram;
        _tolerance = tolerance;
        _spectrum = Spectrum.Of(gram, cancellation);
    }

    /// <summary>
    /// The lambdas to choose from, for all targets: log-spaced from 1000 to 1/1000 times d n / m, with d the mean of
    /// G[j, j] / m. Weights that are drawn independently and explain a fraction R2 of the variance are best fitted with
    /// lambda = d n / m (1 - R2) / R2, so that these are right for every R2 from 0.001 to 0.999.
    /// </summary>
    /// <param name="gram">All rows.</param>
    /// <param name="count">How many, K, at least 2.</param>
    public static double[] Lambdas(CentredGram gram, int count)
    {
        double scale = gram.MeanDiagonal / gram.RowCount * gram.VaryingCount / gram.RowCount;
        double[] lambdas = new double[count];
        for (int k = 0; k < count; k++)
        {
            lambdas[k] = scale * Math.Pow(10, Largest + ((Smallest - Largest) * k / (count - 1)));
        }

        return lambdas;
    }

    /// <summary>The lambda with the least squared error on held-out rows; the larger one where two are equal.</summary>
    /// <param name="lambdas">The lambdas, descending, <c>[K]</c>.</param>
    /// <param name="errors">The squared error at each, over one fold or all of them together, <c>[K]</c>.</param>
    /// <param name="spread">The squared deviations of those rows from the mean, of each fold its own.</param>
    public static LambdaChoice Choose(double[] lambdas, double[] errors, double spread)
    {
        int best = Array.IndexOf(errors, errors.Min());
        return new LambdaChoice(lambdas[best], spread > 0 ? 1 - (errors[best] / spread) : 0, Converged: true);
    }

    /// <summary>Fits one target.</summary>
    /// <param name="sums">Its sums over the rows.</param>
    /// <param name="shift">What was subtracted from its outputs before they were summed.</param>
    /// <param name="choice">Its lambda, above 0, and how that was on held-out rows.</param>
    public FittedTarget Fit(TargetSums sums, double shift, LambdaChoice choice)
    {
        double[] products = _gram.Centre(sums);
        double[] coordinates = new double[_spectrum.Count];
        double[] lanes = new double[_spectrum.Count * LaneProduct.Width];
        double[] projected = new double[lanes.Length];
        for (int j = 0; j < products.Length; j++)
        {
            lanes[j * LaneProduct.Width] = products[j];
        }

        LaneProduct.Multiply(_spectrum.Vectors, lanes, projected);
        for (int k = 0; k < coordinates.Length; k++)
        {
            coordinates[k] = projected[k * LaneProduct.Width]
                / (_spectrum.Values[k] + (_gram.RowCount * choice.Lambda));
        }

        double[] weights = _spectrum.Combine(coordinates);
        for (int j = 0; j < weights.Length; j++)
        {
            // Rounding mixes the null directions.
            weights[j] = _gram.IsConstant(j) ? 0 : weights[j];
        }

        return _gram.Certify(weights, products, sums, shift, choice.Lambda, _tolerance) with
        {
            Lambda = choice.Lambda,
            HeldOutR2 = choice.HeldOutR2,
        };
    }
}
