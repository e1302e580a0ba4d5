namespace Datamodels.Insight;

/// <summary>Training examples that help each other more than they help others.</summary>
public sealed record DatamodelCluster
{
    /// <summary>The partition that it is a part of.</summary>
    public required DatamodelClustering Clustering { get; init; }

    /// <summary>1 is the largest.</summary>
    public required int Cluster { get; init; }

    /// <summary>Number of training examples.</summary>
    public int Size => Examples.Count;

    /// <summary>The commonest class name in it; of several, the one of the lowest example.</summary>
    public required string Label { get; init; }

    /// <summary>Fraction of its examples that are of that class, above 0..1.</summary>
    public required double Purity { get; init; }

    /// <summary>Fraction of the weight at its vertices that stays in it, 0..1; 1 where it has no edges.</summary>
    public required double InnerWeight { get; init; }

    /// <summary>The examples, those with the most weight to the rest of the cluster first, <c>[Size]</c>.</summary>
    public required EquatableList<int> Examples { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"cluster {Cluster}: {Size} examples, {100 * Purity:0} % {Label}");
}
