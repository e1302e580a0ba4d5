namespace Datamodels.Regression;

/// <summary>The held-out errors of one target along the path, of one fold or added up over several.</summary>
internal sealed class LambdaErrors
{
    private readonly List<double> _errors = [];
    private double _variance;
    private bool _converged = true;
    private bool _first = true;

    /// <summary>Takes in a fold's path. Counted are the lambdas that every fold's patience has reached.</summary>
    /// <param name="path">The path.</param>
    /// <param name="heldOut">Sums of the target over the held-out rows.</param>
    /// <param name="rowCount">Number of these rows.</param>
    public void Add(LambdaPath path, TargetSums heldOut, int rowCount)
    {
        int reached = _first ? path.Errors.Count : Math.Min(_errors.Count, path.Errors.Count);
        for (int k = 0; k < reached; k++)
        {
            double error = path.Errors[k] * rowCount;
            if (_first)
            {
                _errors.Add(error);
            }
            else
            {
                _errors[k] += error;
            }
        }

        _errors.RemoveRange(reached, _errors.Count - reached);
        _variance += heldOut.VarianceOver(rowCount) * rowCount;
        _converged &= path.Converged;
        _first = false;
    }

    /// <summary>The lambda with the least error; the largest of several.</summary>
    /// <param name="largest">The first lambda of the path.</param>
    /// <param name="options">Settings.</param>
    public LambdaChoice Choose(double largest, FitOptions options)
    {
        double least = _errors.Min();
        double r2 = _variance > 0 ? 1 - (least / _variance) : 0;
        return new LambdaChoice(options.LambdaOf(largest, _errors.IndexOf(least)), r2, _converged);
    }
}
