namespace Datamodels.Insight;

/// <summary>How the variance of points is spread over their principal components.</summary>
/// <param name="Explained">Fraction of the variance on each of the first components, descending, 0..1.</param>
/// <param name="EffectiveRank">
/// The participation ratio (sum of e)^2 / sum of e^2 over the variances e on all components: r where r components share the
/// variance evenly, 1 where one has it all.
/// </param>
public sealed record VarianceSpectrum(EquatableList<double> Explained, double EffectiveRank)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"effective rank {EffectiveRank:0.0}, {100 * Explained.Sum():0} % of the variance on {Explained.Count} ")
        + (Explained.Count == 1 ? "component" : "components");
}
