namespace Datamodels.Insight;

/// <summary>One training example that drives one prediction.</summary>
/// <param name="Target">Index of the target in the test set.</param>
/// <param name="TargetLabel">Class name of the target.</param>
/// <param name="Example">Index of the training example.</param>
/// <param name="ExampleLabel">Class name of the training example.</param>
/// <param name="Weight">Its weight w_i: how much its presence adds to the target's expected margin.</param>
/// <param name="Rank">1 is the strongest of its sign.</param>
public sealed record Influencer(int Target, string TargetLabel, int Example, string ExampleLabel, double Weight, int Rank)
{
    /// <summary>Such as <c>target 0 (9): training example 249 (0), weight +0.6335</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"target {Target} ({TargetLabel}): training example {Example} ({ExampleLabel}), weight {Weight:+0.0000;-0.0000}");
}

/// <summary>Which signs of influence are asked for.</summary>
public enum InfluenceSign
{
    /// <summary>The examples that help most, then those that hurt most.</summary>
    Both,

    /// <summary>Only examples whose presence raises the margin.</summary>
    Positive,

    /// <summary>Only examples whose presence lowers the margin.</summary>
    Negative,
}
