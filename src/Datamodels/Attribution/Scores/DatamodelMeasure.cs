namespace Datamodels.Attribution;

/// <summary>
/// How well datamodels predict, over held-out subsets, the margins of models trained on them: predictions g(S') against the mean
/// margins y of the retrainings, over all targets.
/// </summary>
public sealed record DatamodelMeasure
{
    /// <summary>Fraction of the training set in each held-out subset.</summary>
    public required double Alpha { get; init; }

    /// <summary>Number of held-out subsets.</summary>
    public required int SubsetCount { get; init; }

    /// <summary>R: models whose margins are averaged for each subset.</summary>
    public required int RetrainingCount { get; init; }

    /// <summary>Number of models that the datamodels were fitted on.</summary>
    public required int ModelCount { get; init; }

    /// <summary>Number of targets.</summary>
    public int TargetCount => TargetMeasures.Count;

    /// <summary>The targets, in the order of the datamodels, <c>[TargetCount]</c>.</summary>
    public EquatableList<int> Targets => [.. TargetMeasures.Select(measure => measure.Target)];

    /// <summary>
    /// LDS: Spearman correlation over the held-out subsets between g(S') and the mean margin, mean over targets; -1..1.
    /// </summary>
    public required double Lds { get; init; }

    /// <summary>
    /// Standard error of that mean over targets; null for a single target. The draw of the held-out subsets, which all targets
    /// share, is not in it.
    /// </summary>
    public required double? LdsError { get; init; }

    /// <summary>
    /// 95 % interval of that mean over the draw of the held-out subsets: a bootstrap over them, for the targets as they are.
    /// </summary>
    public required ScoreInterval LdsInterval { get; init; }

    /// <summary>
    /// Split-half ceiling: about what a perfect predictor of the expected margin would score. With r the Spearman
    /// correlation between the mean margins of the even and of the odd retrainings it is sqrt(2r / (1 + r)), the square root
    /// of the reliability of the mean over all of them (Spearman and Brown), and 0 where r is negative. Mean over targets,
    /// 0..1; null with one retraining, which has no halves.
    /// </summary>
    public required double? LdsCeiling { get; init; }

    /// <summary>R2 of g(S') against the mean margins, mean over targets; at most 1.</summary>
    public required double R2 { get; init; }

    /// <summary>Root mean square of g(S') - y over all targets and subsets, in units of the output.</summary>
    public required double Rmse { get; init; }

    /// <summary>
    /// Calibration: slope of y over g(S') within targets, which share one slope and have each an offset of its own, by least
    /// squares; 1 is calibrated, more is shrinkage. 0 where no g varies.
    /// </summary>
    public required double Slope { get; init; }

    /// <summary>Calibration: mean of those offsets, in units of the output.</summary>
    public required double Offset { get; init; }

    /// <summary>The same for each target by itself, in the order of the datamodels, <c>[TargetCount]</c>.</summary>
    public required EquatableList<TargetMeasure> TargetMeasures { get; init; }

    /// <summary>The score and the alpha it holds for.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"LDS {Lds:0.000} of {TargetCount} targets at alpha {Alpha}, {ModelCount} models");
}
