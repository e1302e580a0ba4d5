namespace Datamodels.Attribution;

/// <summary>A 95 % interval of a score.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end, at least <paramref name="Low"/>.</param>
public readonly record struct ScoreInterval(double Low, double High)
{
    /// <summary>Both ends.</summary>
    public override string ToString() => FormattableString.Invariant($"{Low:0.000}..{High:0.000}");
}
