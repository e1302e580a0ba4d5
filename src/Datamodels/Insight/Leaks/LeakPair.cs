namespace Datamodels.Insight;

/// <summary>A target and a training example that may be the same thing, or of the same scene.</summary>
public sealed record LeakPair
{
    /// <summary>Number of the target.</summary>
    public required int Target { get; init; }

    /// <summary>Class name of the target.</summary>
    public required string TargetLabel { get; init; }

    /// <summary>Index of the training example.</summary>
    public required int Example { get; init; }

    /// <summary>
    /// Class name of the training example: seldom another than the target's, since a copy with another label has a negative
    /// weight.
    /// </summary>
    public required string ExampleLabel { get; init; }

    /// <summary>w_i: what the example's presence adds to the target's expected margin.</summary>
    public required double Weight { get; init; }

    /// <summary>
    /// That weight as a multiple of what the example weighs on the other targets (root mean square): 1 is an example that moves
    /// this target as it moves any.
    /// </summary>
    public required double RelativeWeight { get; init; }

    /// <summary>
    /// The relative weight as a multiple of the largest of the target's others: above 1 the pair stands alone, and the more
    /// the higher; below 1 another example is closer. Above 0.
    /// </summary>
    public required double Score { get; init; }

    /// <summary>1 is the target's largest relative weight.</summary>
    public required int Rank { get; init; }

    /// <summary>The pair and its score.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"target {Target} ({TargetLabel}) and training example {Example} ({ExampleLabel}), score {Score:0.00}");
}
