namespace Datamodels.Regression;

/// <summary>
/// Ridge regression of many targets over one Gram matrix, which is decomposed once, and once more without each fold.
/// </summary>
/// <param name="matrix">The masks.</param>
/// <param name="gram">Their Gram matrix over all segments; the same again after each call.</param>
/// <param name="folds">What is held out.</param>
/// <param name="options">Settings.</param>
internal sealed class RidgeTargets(BitMatrix matrix, GramPanels gram, FitFolds folds, FitOptions options) : ITargetFit
{
    private CentredGram? _all;
    private RidgeFit? _fit;

    // Of the fold, which may be the only one: what is made for one chunk of targets serves the next.
    private (int Fold, RidgePath Path)? _last;

    /// <inheritdoc/>
    public IEnumerable<(int Place, LambdaChoice Choice)> Choose(
        TargetMargins[] targets, Action<double> report, CancellationToken cancellation)
    {
        _all ??= CentredGram.Read(gram, cancellation);
        double[] lambdas = RidgeFit.Lambdas(_all, options.LambdaCount);
        double[][] errors = Array.ConvertAll(targets, _ => new double[lambdas.Length]);
        double[] spreads = new double[targets.Length];
        int done = 0;
        foreach (int fold in folds.HeldOut)
        {
            RidgePath path = PathWithout(fold, lambdas, cancellation);
            int rows = matrix.Segments[fold].RowCount;
            Parallel.For(0, targets.Length, Parallelism(cancellation), i =>
            {
                double[] squared = path.SquaredErrors(targets[i].SumsWithout(fold), targets[i].Segments[fold]);
                for (int k = 0; k < squared.Length; k++)
                {
                    errors[i][k] += squared[k];
                }

                spreads[i] += rows * targets[i].Segments[fold].VarianceOver(rows);
            });
            done += targets.Length;
            report(done);
        }

        return targets.Select((_, i) => (i, RidgeFit.Choose(lambdas, errors[i], spreads[i])));
    }

    /// <inheritdoc/>
    public IEnumerable<(int Place, FittedTarget Fit)> Refit(
        TargetMargins[] targets, LambdaChoice[] choices, Action<double> report, CancellationToken cancellation)
    {
        _all ??= CentredGram.Read(gram, cancellation);
        _fit ??= new RidgeFit(_all, options.Tolerance, cancellation);
        for (int i = 0; i < targets.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            FittedTarget fitted = _fit.Fit(targets[i].SumsWithout(-1), targets[i].Shift, choices[i]);
            report(i + 1);
            yield return (i, fitted);
        }
    }

    private RidgePath PathWithout(int fold, double[] lambdas, CancellationToken cancellation)
    {
        if (_last is not { } last || last.Fold != fold)
        {
            gram.Subtract(matrix, fold, cancellation);
            CentredGram train = CentredGram.Read(gram, cancellation);
            gram.Add(matrix, fold, cancellation);
            last = (fold, new RidgePath(train, _all!, lambdas, options.ThreadCount, cancellation));
            _last = last;
        }

        return last.Path;
    }

    private ParallelOptions Parallelism(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = options.ThreadCount, CancellationToken = cancellation };
}
