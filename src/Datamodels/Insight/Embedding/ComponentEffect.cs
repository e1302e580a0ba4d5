namespace Datamodels.Insight;

/// <summary>An end of a component.</summary>
public enum ComponentEnd
{
    /// <summary>The targets with the largest coordinates, and the training examples with the largest loadings.</summary>
    Positive,

    /// <summary>The targets with the smallest coordinates, and the training examples with the most negative loadings.</summary>
    Negative,
}

/// <summary>
/// What retraining says of one end of a component: whether removing the training examples there takes more from the margins of
/// the targets there than from those elsewhere.
/// </summary>
public sealed record ComponentEffect
{
    /// <summary>The component.</summary>
    public required EmbeddingComponent EmbeddingComponent { get; init; }

    /// <summary>Its number.</summary>
    public int Component => EmbeddingComponent.Component;

    /// <summary>Which end.</summary>
    public required ComponentEnd End { get; init; }

    /// <summary>The training examples removed, R, strongest first, <c>[Size]</c>.</summary>
    public required EquatableList<int> Examples { get; init; }

    /// <summary>Number of training examples removed.</summary>
    public int Size => Examples.Count;

    /// <summary>The targets at the end, those furthest out first.</summary>
    public required EquatableList<int> Targets { get; init; }

    /// <summary>Mean of margin on S minus margin on S \ R over the targets at the end, measured.</summary>
    public required double EndDrop { get; init; }

    /// <summary>The same over all other targets.</summary>
    public required double OtherDrop { get; init; }

    /// <summary>EndDrop - OtherDrop.</summary>
    public double Difference => EndDrop - OtherDrop;

    /// <summary>Standard error of the difference over the retrainings, of these targets and examples.</summary>
    public required double DifferenceError { get; init; }

    /// <summary>The difference that the datamodels predict.</summary>
    public required double PredictedDifference { get; init; }

    /// <summary>Models retrained on S \ R, and on S.</summary>
    public required int RetrainingCount { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"component {Component}, {End}: {Difference:0.000} ± {DifferenceError:0.000}, predicted {PredictedDifference:0.000}");
}
