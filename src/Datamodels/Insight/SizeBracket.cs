namespace Datamodels.Insight;

/// <summary>
/// The search for the smallest size of one target's set that flips it, between the largest size known not to flip it and the
/// smallest known to. It says which size to try next, and takes the retrained margin.
/// <para>
/// As long as nothing flips, the size is doubled, at most to the largest there is. Then the gap is closed down to one example:
/// the next threshold C is the predicted margin at which a straight line through the retrained margins of both ends is 0 (regula
/// falsi). An end that stays for the second time in a row counts with half its margin, so that the other is not crept up to
/// one example at a time (the Illinois variant).
/// </para>
/// </summary>
internal sealed class SizeBracket
{
    private readonly BrittlePrefixes _prefixes;
    private readonly int _limit;

    // The ends, and their margins as the straight line takes them.
    private int _low;
    private double _lowMargin;
    private int? _high;
    private double _highMargin;
    private bool _lastFlipped;

    /// <param name="prefixes">The target's sets.</param>
    /// <param name="start">The size to begin with, 1..<paramref name="limit"/>.</param>
    /// <param name="limit">The largest size, at least 1.</param>
    /// <param name="control">The margin with nothing changed, above 0.</param>
    public SizeBracket(BrittlePrefixes prefixes, int start, int limit, double control)
    {
        _prefixes = prefixes;
        _limit = limit;
        _lowMargin = control;
        Next = start;
    }

    /// <summary>The size to try next; null once the smallest is known, or that there is none.</summary>
    public int? Next { get; private set; }

    /// <summary>Takes the retrained margin at <see cref="Next"/>.</summary>
    public void Take(double margin)
    {
        int size = Next!.Value;
        bool flipped = margin <= 0;
        bool again = flipped == _lastFlipped;
        if (flipped)
        {
            (_high, _highMargin) = (size, margin);
            _lowMargin /= again ? 2 : 1;
        }
        else
        {
            (_low, _lowMargin) = (size, margin);
            _highMargin /= again ? 2 : 1;
        }

        _lastFlipped = flipped;
        Next = _high is { } high
            ? high - _low > 1 ? Between(high) : null
            : _low < _limit ? (int)Math.Min(_limit, 2L * _low) : null;
    }

    private int Between(int high)
    {
        double low = _prefixes.MarginAt(_low);
        double threshold = low + ((_prefixes.MarginAt(high) - low) * _lowMargin / (_lowMargin - _highMargin));
        return Math.Clamp(_prefixes.SizeFor(threshold) ?? high, _low + 1, high - 1);
    }
}
