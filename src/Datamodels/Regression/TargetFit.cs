namespace Datamodels.Regression;

/// <summary>The numbers of one target's datamodel; see <see cref="Datamodel"/> for each.</summary>
/// <param name="Weights">All weights, <c>[n]</c>.</param>
/// <param name="Bias">The bias.</param>
/// <param name="Lambda">The penalty.</param>
/// <param name="HeldOutR2">Held-out R2 of the path at that lambda.</param>
/// <param name="DualityGap">Relative duality gap.</param>
/// <param name="Converged">Whether the gap is within the tolerance.</param>
internal sealed record TargetFit(
    double[] Weights, double Bias, double Lambda, double HeldOutR2, double DualityGap, bool Converged);
