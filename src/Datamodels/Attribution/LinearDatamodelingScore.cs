using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Attribution;

/// <summary>How well datamodels predict, over held-out subsets, the margins of models trained on them.</summary>
public sealed record DatamodelMeasure
{
    /// <summary>Fraction of the training set in each held-out subset.</summary>
    public required double Alpha { get; init; }

    /// <summary>Number of held-out subsets.</summary>
    public required int Subsets { get; init; }

    /// <summary>R: models whose margins are averaged for each subset.</summary>
    public required int Retrainings { get; init; }

    /// <summary>Number of targets.</summary>
    public required int TargetCount { get; init; }

    /// <summary>
    /// LDS: Spearman correlation over the held-out subsets between g(S') and the mean margin, mean over targets; -1..1.
    /// </summary>
    public required double Lds { get; init; }

    /// <summary>Standard error of that mean over targets.</summary>
    public required double LdsError { get; init; }

    /// <summary>
    /// Split-half ceiling: the Spearman correlation r between the mean margins of two halves of the retrainings, stepped up
    /// to all of them (2r / (1 + r), Spearman and Brown); its square root is what a perfect predictor of the expected
    /// margin would score. Mean over targets.
    /// </summary>
    public required double LdsCeiling { get; init; }

    /// <summary>R2 of g(S') against the mean margins, mean over targets; at most 1.</summary>
    public required double R2 { get; init; }

    /// <summary>The LDS of each target, in the order of the datamodels, <c>[TargetCount]</c>.</summary>
    public required EquatableList<double> TargetLds { get; init; }

    /// <summary>The targets, <c>[TargetCount]</c>.</summary>
    public required EquatableList<int> Targets { get; init; }
}

/// <summary>Measures the linear datamodeling score (Park et al. 2023, TRAK, section 2).</summary>
public static class LinearDatamodelingScore
{
    /// <summary>Scores datamodels on a run of held-out subsets with retrainings.</summary>
    /// <param name="datamodels">Datamodels, all of the same data and learner as <paramref name="heldOut"/>.</param>
    /// <param name="heldOut">A complete run whose plan has another seed than the datamodels' own.</param>
    /// <exception cref="DatamodelException">The held-out run is of other data, incomplete, or too small to rank.</exception>
    public static DatamodelMeasure Measure(IReadOnlyList<Datamodel> datamodels, SubsetTraining heldOut) =>
        throw new NotImplementedException();
}
