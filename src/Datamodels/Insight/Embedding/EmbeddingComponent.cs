namespace Datamodels.Insight;

/// <summary>
/// A principal component of the embedding: a direction in which targets differ by the training examples that they depend on.
/// </summary>
public sealed record EmbeddingComponent
{
    /// <summary>What it is a component of.</summary>
    public required DatamodelEmbedding Embedding { get; init; }

    /// <summary>1 is the component with the most variance.</summary>
    public required int Component { get; init; }

    /// <summary>Fraction of the variance of the embedding that is on it, 0..1.</summary>
    public required double ExplainedVariance { get; init; }

    /// <summary>Fraction on it and those before it, 0..1.</summary>
    public required double CumulativeVariance { get; init; }

    /// <summary><see cref="CumulativeVariance"/> of the penultimate representation; null where not asked for.</summary>
    public double? RepresentationCumulativeVariance { get; init; }

    /// <summary>Targets with the largest coordinates, largest first.</summary>
    public required EquatableList<int> PositiveTargets { get; init; }

    /// <summary>Targets with the smallest coordinates, smallest first.</summary>
    public required EquatableList<int> NegativeTargets { get; init; }

    /// <summary>Training examples with the largest positive loadings, largest first: they help the positive end.</summary>
    public required EquatableList<int> PositiveExamples { get; init; }

    /// <summary>Training examples with the most negative loadings, most negative first: they help the negative end.</summary>
    public required EquatableList<int> NegativeExamples { get; init; }

    /// <summary>Loading of each training example: the direction itself, of length 1, <c>[train]</c>.</summary>
    public required EquatableList<double> Loadings { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"component {Component}, {100 * ExplainedVariance:0.0} % of the variance");
}
