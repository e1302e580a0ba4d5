using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Datamodels.Regression;

/// <summary>
/// Ordinary least squares: minimise |y - Xw - b|^2 by one Cholesky factorisation for all targets. Where all subsets have the
/// same size, weights that differ by a constant predict the same; taken are the smallest, which add up to 0. An example that
/// is in every subset, or in none, has weight 0.
/// </summary>
/// <remarks>
/// For the smallest weights, gamma 11' is added to G, with 1 the columns that vary: q is orthogonal to 1, so that the solution
/// is too, and otherwise as without. Takes 8 n^2 bytes beside the Gram matrix.
/// </remarks>
internal sealed class LeastSquaresFit : ITargetMethod
{
    // What is left of a column after those before it, as a part of it: less is rounding.
    private const double SmallestPivot = 1e-9;

    private readonly CentredGram _gram;
    private readonly double _tolerance;
    private readonly double[] _factor;

    /// <summary>Factorises.</summary>
    /// <param name="gram">The rows.</param>
    /// <param name="tolerance">The largest KKT residual that counts as converged.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a result.</param>
    /// <param name="cancellation">Stops waiting (<see cref="LongCall"/>).</param>
    /// <exception cref="DatamodelException">
    /// <c>LeastSquaresUnderdetermined</c>: the rows do not determine the weights.
    /// </exception>
    public LeastSquaresFit(CentredGram gram, double tolerance, int threads, CancellationToken cancellation = default)
    {
        if (gram.VaryingCount - (gram.HasEqualSizes ? 1 : 0) > gram.RowCount - 1)
        {
            throw TooFewModels(gram.RowCount, gram.VaryingCount);
        }

        _gram = gram;
        _tolerance = tolerance;
        _factor = LongCall.Wait(() => Factorise(gram, threads), cancellation);
    }

    /// <summary>Checks that a number of models will do, on subsets of one size, before they are trained.</summary>
    /// <exception cref="DatamodelException">
    /// <c>LeastSquaresUnderdetermined</c>: there are fewer than training examples.
    /// </exception>
    public static void Check(int models, int examples)
    {
        if (models < examples)
        {
            throw TooFewModels(models, examples);
        }
    }

    /// <inheritdoc/>
    public FittedTarget Fit(TargetSums sums, double shift)
    {
        double[] products = _gram.Centre(sums);
        double[] weights = [.. products];
        ManagedLinearAlgebraProvider.Instance.CholeskySolveFactored(_factor, weights.Length, weights, 1);
        return _gram.Certify(weights, products, sums, shift, 0, _tolerance);
    }

    private static double[] Factorise(CentredGram gram, int threads)
    {
        int n = gram.ColumnCount;
        double[] factor = gram.Values.ToArray();
        double gamma = gram.HasEqualSizes ? gram.MeanDiagonal / gram.VaryingCount : 0;
        double[] diagonal = new double[n];
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < n && !gram.IsConstant(j); k++)
            {
                factor[(j * n) + k] += gram.IsConstant(k) ? 0 : gamma;
            }

            // A column that is constant is apart from all others, and its q is 0.
            diagonal[j] = gram.IsConstant(j) ? 1 : factor[(j * n) + j];
            factor[(j * n) + j] = diagonal[j];
        }

        Control.MaxDegreeOfParallelism = threads;
        try
        {
            ManagedLinearAlgebraProvider.Instance.CholeskyFactor(factor, n);
        }
        catch (ArgumentException)
        {
            // A pivot is not positive: the first that is found to be so below.
        }

        for (int j = 0; j < n; j++)
        {
            double pivot = factor[(j * n) + j];
            if (!(pivot > 0 && pivot * pivot > SmallestPivot * diagonal[j]))
            {
                throw Underdetermined(
                    $"in the subsets of the {gram.RowCount} models, whether training example {j} is one of them follows from "
                    + "which others are, as where two examples always are or are not together");
            }
        }

        return factor;
    }

    private static DatamodelException TooFewModels(int models, int examples) =>
        Underdetermined($"{models} models are too few for the weights of {examples} training examples");

    private static DatamodelException Underdetermined(string reason) => new(
        "LeastSquaresUnderdetermined", ErrorKind.InvalidArgument,
        $"Least squares has no single answer: {reason}. Train more models on random subsets, or fit by ridge or the lasso.");
}
