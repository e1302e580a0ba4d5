using Datamodels.Regression;

namespace Datamodels.Attribution;

/// <summary>
/// How well one datamodel predicts, over held-out subsets, the margins of models trained on them: predictions g(S') against the
/// mean margins y of the retrainings.
/// </summary>
public sealed record TargetMeasure
{
    /// <summary>The target's datamodel.</summary>
    public required Datamodel Datamodel { get; init; }

    /// <summary>Number of the target in the run.</summary>
    public int Target => Datamodel.Target;

    /// <summary>Class name of the target.</summary>
    public string Label => Datamodel.Label;

    /// <summary>LDS: Spearman correlation of g(S') with y over the subsets, -1..1.</summary>
    public required double Lds { get; init; }

    /// <summary>Its 95 % bootstrap interval over the draw of the subsets.</summary>
    public required ScoreInterval LdsInterval { get; init; }

    /// <summary>Its split-half ceiling, 0..1 (<see cref="HeldOutMargins.CeilingOf"/>); null with one retraining.</summary>
    public required double? LdsCeiling { get; init; }

    /// <summary>R2 of g(S') against y, at most 1; 0 where y does not vary.</summary>
    public required double R2 { get; init; }

    /// <summary>Root mean square of g(S') - y, in units of the output.</summary>
    public required double Rmse { get; init; }

    /// <summary>Calibration: slope of y over g(S') by least squares; 1 is calibrated, 0 where g does not vary.</summary>
    public required double Slope { get; init; }

    /// <summary>Calibration: y where g(S') is 0, on that line; 0 is calibrated, where the slope is 1.</summary>
    public required double Offset { get; init; }

    /// <summary>The target and its score.</summary>
    public override string ToString() => FormattableString.Invariant($"target {Target}: LDS {Lds:0.000}");
}
