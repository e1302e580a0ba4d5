namespace Datamodels.Insight;

/// <summary>A target in the embedding.</summary>
/// <param name="Target">Number of the target.</param>
/// <param name="Label">Its class name.</param>
/// <param name="Coordinates">Its coordinate on each component, within -2..2, <c>[components]</c>.</param>
public sealed record EmbeddingPoint(int Target, string Label, EquatableList<double> Coordinates)
{
    /// <inheritdoc/>
    public override string ToString() => $"target {Target} ({Label})";
}
