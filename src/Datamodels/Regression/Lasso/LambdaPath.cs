namespace Datamodels.Regression;

/// <summary>
/// The path that chooses a lambda: log-spaced lambdas from the largest down, with the error on held-out rows at each.
/// </summary>
/// <param name="problem">The lasso on the rows that are not held out.</param>
/// <param name="largest">lambda_max on all rows, with which the path begins.</param>
/// <param name="options">Settings.</param>
internal sealed class LambdaPath(LassoProblem problem, double largest, FitOptions options) : LaneTask(problem)
{
    // What the certificate may be off in float32, as a fraction of the tolerance.
    private const double Rounding = 0.1;

    private readonly List<double> _errors = [];
    private double _leastError = double.PositiveInfinity;
    private int _sinceLeast;
    private int _reached;

    /// <inheritdoc/>
    public override double Lambda => options.LambdaOf(largest, _errors.Count);

    /// <inheritdoc/>
    public override double Tolerance => options.PathTolerance * (1 - Rounding);

    /// <inheritdoc/>
    public override double Done => (double)Volatile.Read(ref _reached) / options.LambdaCount;

    /// <summary>
    /// Mean squared error on the held-out rows at each lambda, as far as patience went, or up to one that could not be solved.
    /// </summary>
    public IReadOnlyList<double> Errors => _errors;

    /// <summary>Whether every lambda that was tried was solved to the tolerance.</summary>
    public bool Converged { get; private set; } = true;

    /// <inheritdoc/>
    public override bool Next(LassoLanes lanes, int lane, LassoCertificate certificate, double heldOutError)
    {
        Converged &= certificate.DualityGap <= Tolerance;
        if (!Converged && _errors.Count > 0)
        {
            // Smaller ones are harder.
            return false;
        }

        _errors.Add(heldOutError);
        Volatile.Write(ref _reached, _errors.Count);
        _sinceLeast = heldOutError < _leastError ? 0 : _sinceLeast + 1;
        _leastError = Math.Min(heldOutError, _leastError);
        return _sinceLeast < options.PatienceCount && _errors.Count < options.LambdaCount;
    }
}
