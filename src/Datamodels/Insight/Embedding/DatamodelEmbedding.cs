using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Insight;

/// <summary>
/// The targets of a run as points: the weights w_x of each, scaled to length 1, centred, on their principal components. Targets
/// that depend on the same training examples are near each other.
/// </summary>
public sealed record DatamodelEmbedding
{
    /// <summary>The run.</summary>
    public required SubsetTraining Training { get; init; }

    /// <summary>The targets, in the order of the datamodels, <c>[targets]</c>.</summary>
    public required EquatableList<EmbeddingPoint> Points { get; init; }

    /// <summary>
    /// How the variance falls off over the components: fraction explained by each of those asked for, and the effective rank.
    /// </summary>
    public required VarianceSpectrum Variance { get; init; }

    /// <summary>The same for the penultimate representations of the targets, mean over models; null if not asked for.</summary>
    public VarianceSpectrum? Representation { get; init; }

    /// <summary>The datamodels of the points.</summary>
    internal IReadOnlyList<Datamodel> Datamodels { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Points.Count} targets, {Variance}" + (Representation is null ? "" : $"; their representation: {Representation}");
}
