namespace Datamodels.Regression;

/// <summary>
/// The final weights: all rows, one lambda, to a tight gap. It is come to in a few steps from lambda_max, which is faster
/// than straight from no weights.
/// </summary>
/// <param name="problem">The lasso on all rows.</param>
/// <param name="lambda">The lambda wanted.</param>
/// <param name="options">Settings.</param>
internal sealed class LassoRefit(LassoProblem problem, double lambda, FitOptions options) : LaneTask(problem)
{
    // From one step to the next; on the way nothing has to be exact.
    private const double Ratio = 0.7;

    private readonly double _fraction = lambda / options.LambdaMax(problem);
    private readonly int _steps = Math.Max(1, (int)Math.Ceiling(Math.Log(lambda / options.LambdaMax(problem), Ratio)));
    private int _step = 1;

    /// <inheritdoc/>
    public override double Lambda =>
        _step == _steps ? lambda : lambda * Math.Pow(_fraction, ((double)_step / _steps) - 1);

    /// <inheritdoc/>
    public override double Tolerance => _step == _steps ? options.Tolerance : Math.Max(options.PathTolerance, options.Tolerance);

    /// <inheritdoc/>
    public override double Done => (double)(Volatile.Read(ref _step) - 1) / _steps;

    /// <summary>The weights, <c>[n]</c>, once they are there.</summary>
    public double[] Weights { get; } = new double[problem.Products.Length];

    /// <summary>Their certificate.</summary>
    public LassoCertificate Certificate { get; private set; }

    /// <inheritdoc/>
    public override bool Next(LassoLanes lanes, int lane, LassoCertificate certificate, double heldOutError)
    {
        if (_step++ < _steps)
        {
            return true;
        }

        Certificate = certificate;
        lanes.CopyWeights(lane, Weights);
        return false;
    }
}
