namespace Datamodels.Insight;

/// <summary>
/// The search for the smallest size of one target's set that flips it, between the largest size known not to flip it and the
/// smallest known to. As long as nothing flips, the size is doubled, at most to the largest there is; then the gap is halved
/// until it is closed.
/// </summary>
/// <param name="start">The size to begin with, 1..<paramref name="limit"/>.</param>
/// <param name="limit">The largest size, at least 1.</param>
internal sealed class SizeBracket(int start, int limit)
{
    private int _low;
    private int? _high;

    /// <summary>The size to try next; null once the smallest is known, or that there is none.</summary>
    public int? Next { get; private set; } = start;

    /// <summary>Takes whether <see cref="Next"/> flipped the target.</summary>
    public void Take(bool flipped)
    {
        int size = Next!.Value;
        if (flipped)
        {
            _high = size;
        }
        else
        {
            _low = size;
        }

        Next = _high is { } high
            ? high - _low > 1 ? _low + ((high - _low) / 2) : null
            : _low < limit ? (int)Math.Min(limit, 2L * _low) : null;
    }
}
