namespace Datamodels.Attribution;

/// <summary>How well one method attributes margins: its LDS, and what removing what it ranks first does.</summary>
public sealed record AttributionComparison
{
    /// <summary>The method.</summary>
    public required AttributionMethod Method { get; init; }

    /// <summary>
    /// Models that it rests on: those of the run for datamodels and empirical influence, or those that were trained for it.
    /// </summary>
    public required int ModelCount { get; init; }

    /// <summary>
    /// Seconds that scoring every training example for every target took, with the models trained for it; not those of the run,
    /// and little for a fit that has been done before.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>Number of targets.</summary>
    public int TargetCount => Targets.Count;

    /// <summary>
    /// LDS: Spearman correlation, over the held-out subsets, of the sum of the scores of a subset's examples with the mean
    /// margin; mean over targets, -1..1.
    /// </summary>
    public required double Lds { get; init; }

    /// <summary>Standard error of that mean over targets; null for a single target.</summary>
    public required double? LdsError { get; init; }

    /// <summary>The LDS of each target, in their order, <c>[TargetCount]</c>.</summary>
    public required EquatableList<double> TargetLds { get; init; }

    /// <summary>
    /// The flip curve: the fraction of targets with a mean margin of at most 0 after removing the first x examples of the
    /// ranking, as far as scores are above 0, or the first x of the target's own class, for some x of the curve up to each size.
    /// Targets that are wrong with nothing removed count.
    /// </summary>
    public required EquatableList<FlipPoint> Flips { get; init; }

    /// <summary>The targets, <c>[TargetCount]</c>.</summary>
    public required EquatableList<int> Targets { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Method}: LDS {Lds:0.000} of {TargetCount} targets")
        + (Flips.Count > 0 ? FormattableString.Invariant($", {Flips[^1].Fraction:P0} flip by {Flips[^1].Size}") : "");
}
