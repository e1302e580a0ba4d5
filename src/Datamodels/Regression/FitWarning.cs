namespace Datamodels.Regression;

/// <summary>A datamodel that did not reach the tolerance asked for; its numbers are as exact as its certificate says.</summary>
/// <param name="Target">Number of the target in the run.</param>
/// <param name="Reached">
/// What the final weights reached: the relative duality gap, or the KKT residual where the method has no gap.
/// </param>
/// <param name="Tolerance">What they were to reach. Where they did, it is the path that chose lambda that did not.</param>
/// <param name="Message">What was not reached, and what to do.</param>
public sealed record FitWarning(int Target, double Reached, double Tolerance, string Message)
{
    /// <summary>The warning about a fit that did not converge; null where it did.</summary>
    internal static FitWarning? Of(int target, FittedTarget fit, FitOptions options)
    {
        if (fit.Converged)
        {
            return null;
        }

        double reached = fit.DualityGap ?? fit.KktResidual!.Value;
        string measure = fit.DualityGap is null ? "KKT residual" : "relative duality gap";
        string message = reached > options.Tolerance
            ? FormattableString.Invariant(
                $"The fit of target {target} reached a {measure} of {reached:0.0e+0}, not the {options.Tolerance:0.0e+0} ")
                + "asked for. Its weights are as exact as that; if it will do, ask for a larger Tolerance."
            : FormattableString.Invariant(
                $"The path of target {target} did not reach a {measure} of {options.PathTolerance:0.0e+0} at its last lambda ")
                + "and ended there; a smaller one may be a little better than the one chosen, whose weights are as exact as was "
                + "asked for. End the path earlier, by a larger Epsilon or a smaller Patience.";
        return new FitWarning(target, reached, options.Tolerance, message);
    }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
