namespace Datamodels.Regression;

/// <summary>Many targets by a method that has no lambda to choose.</summary>
/// <param name="method">The method; what it shares between targets is made when the first is fitted.</param>
internal sealed class DirectTargets(Lazy<ITargetMethod> method) : ITargetFit
{
    /// <inheritdoc/>
    public IEnumerable<(int Place, LambdaChoice Choice)> Choose(
        TargetMargins[] targets, Action<double> report, CancellationToken cancellation) =>
        [];

    /// <inheritdoc/>
    public IEnumerable<(int Place, FittedTarget Fit)> Refit(
        TargetMargins[] targets, LambdaChoice[] choices, Action<double> report, CancellationToken cancellation)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            FittedTarget fitted = method.Value.Fit(targets[i].SumsWithout(-1), targets[i].Shift);
            report(i + 1);
            yield return (i, fitted);
        }
    }
}
