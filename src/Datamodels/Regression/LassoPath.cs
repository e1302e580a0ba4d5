namespace Datamodels.Regression;

/// <summary>
/// One target's way from margins to weights: a path of lambdas on the fitted rows, the held-out error at each of them, and
/// the refit on all rows at the best. Its memory serves one target after another; one per thread.
/// </summary>
/// <param name="train">Gram matrix of the rows the path is fitted on.</param>
/// <param name="all">Gram matrix of all rows.</param>
/// <param name="options">Settings, valid.</param>
internal sealed class LassoPath(Gram train, Gram all, FitOptions options)
{
    private readonly LassoSolver _path = new(train);
    private readonly LassoSolver _refit = new(all);
    private readonly double[] _best = new double[all.ColumnCount];

    /// <summary>Fits one target.</summary>
    /// <param name="trainSums">Its sums over the rows the path is fitted on.</param>
    /// <param name="heldOutSums">Its sums over the held-out rows.</param>
    /// <param name="shift">What was subtracted from its margins.</param>
    /// <param name="cancellation">Stops between sweeps.</param>
    public TargetFit Fit(TargetSums trainSums, TargetSums heldOutSums, double shift, CancellationToken cancellation)
    {
        var problem = new LassoProblem(train, trainSums);
        var refitted = new LassoProblem(all, trainSums + heldOutSums);
        var heldOut = new HeldOutError(all, problem, heldOutSums);
        _best.AsSpan().Clear();

        // Margins that no column explains: the mean is the answer, at any lambda from LambdaMax up.
        double lambda = refitted.LambdaMax;
        double error = heldOut.Of(_best, 0);
        if (problem.LambdaMax > 0)
        {
            (lambda, error) = ChooseLambda(problem, heldOut, cancellation);
        }

        double variance = heldOut.Variance;
        double heldOutR2 = variance > 0 ? 1 - (error / variance) : 0;
        if (lambda >= refitted.LambdaMax)
        {
            return new TargetFit(new double[all.ColumnCount], refitted.Mean + shift, lambda, heldOutR2, 0, true);
        }

        _refit.Start(refitted, _best);
        bool solved = _refit.Solve(lambda, options.Tolerance, cancellation);
        double gap = _refit.Certify(lambda);
        if (solved && gap > options.Tolerance)
        {
            // Reached by no more than the rounding of the steps: a few more of them.
            _refit.Solve(lambda, options.Tolerance, cancellation);
            gap = _refit.Certify(lambda);
        }

        double[] weights = _refit.Weights.ToArray();
        return new TargetFit(weights, refitted.BiasOf(weights) + shift, lambda, heldOutR2, gap, gap <= options.Tolerance);
    }

    /// <summary>The lambdas of the path: K, log-spaced from <paramref name="largest"/> to epsilon times that.</summary>
    internal static double[] Lambdas(double largest, int count, double epsilon)
    {
        double[] lambdas = new double[count];
        for (int k = 0; k < count; k++)
        {
            lambdas[k] = largest * Math.Pow(epsilon, (double)k / (count - 1));
        }

        return lambdas;
    }

    // Least held-out error along the path, as far as patience goes; the larger lambda where two are equal. Leaves its weights
    // in _best.
    private (double Lambda, double Error) ChooseLambda(
        LassoProblem problem, HeldOutError heldOut, CancellationToken cancellation)
    {
        double bestLambda = problem.LambdaMax;
        double leastError = double.PositiveInfinity;
        int sinceLeast = 0;
        _path.Start(problem, _best);
        foreach (double lambda in Lambdas(problem.LambdaMax, options.LambdaCount, options.Epsilon))
        {
            _path.Solve(lambda, options.PathTolerance, cancellation);
            double error = heldOut.Of(_path.Weights, _path.CountedSquare);
            if (error < leastError)
            {
                (bestLambda, leastError) = (lambda, error);
                _path.Weights.CopyTo(_best);
                sinceLeast = 0;
            }
            else if (++sinceLeast == options.Patience)
            {
                break;
            }
        }

        return (bestLambda, leastError);
    }
}
