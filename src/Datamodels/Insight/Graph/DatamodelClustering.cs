namespace Datamodels.Insight;

/// <summary>A partition of the training examples, and how it agrees with their classes.</summary>
public sealed record DatamodelClustering
{
    /// <summary>The graph.</summary>
    public required DatamodelGraph Graph { get; init; }

    /// <summary>How it was cut.</summary>
    public required ClusterMethod Method { get; init; }

    /// <summary>Cluster of each vertex, 1..ClusterCount, <c>[vertices]</c>.</summary>
    public required EquatableList<int> Clusters { get; init; }

    /// <summary>Number of clusters.</summary>
    public required int ClusterCount { get; init; }

    /// <summary>Fraction of the examples that are of the commonest class of their cluster, 0..1.</summary>
    public required double Purity { get; init; }

    /// <summary>
    /// Normalised mutual information of clusters and classes, 2 I / (H + H'), 0..1: 1 where each says the other.
    /// </summary>
    public required double NormalizedMutualInformation { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{ClusterCount} clusters of {Clusters.Count} training examples, purity {Purity:0.000}, ")
        + FormattableString.Invariant($"NMI {NormalizedMutualInformation:0.000}");
}
