namespace Datamodels.Attribution;

/// <summary>A point of a flip curve: how many targets are wrong on average once so many examples are removed.</summary>
/// <param name="Size">Most examples removed.</param>
/// <param name="Count">Targets with a mean margin of at most 0 after a removal of that size or a smaller one.</param>
/// <param name="Fraction">Their fraction of all targets, 0..1.</param>
/// <param name="Error">Binomial standard error of the fraction, over the choice of targets.</param>
public sealed record FlipPoint(int Size, int Count, double Fraction, double Error)
{
    /// <summary>The point of a curve of <paramref name="targets"/> targets.</summary>
    internal static FlipPoint Of(int size, int count, int targets)
    {
        double fraction = (double)count / targets;
        return new FlipPoint(size, count, fraction, Math.Sqrt(fraction * (1 - fraction) / targets));
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Size}: {Fraction:0.00}");
}
