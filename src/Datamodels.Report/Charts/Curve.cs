namespace Datamodels.Report.Charts;

/// <summary>A point of a curve.</summary>
/// <param name="X">Across.</param>
/// <param name="Y">Upwards.</param>
/// <param name="Low">Lower end of its interval; as <paramref name="Y"/> where it has none.</param>
/// <param name="High">Upper end of its interval.</param>
internal readonly record struct CurvePoint(double X, double Y, double Low, double High)
{
    /// <summary>A point without an interval.</summary>
    public CurvePoint(double x, double y)
        : this(x, y, y, y)
    {
    }

    /// <summary>A fraction, 0..1, and what it is uncertain by either way.</summary>
    public static CurvePoint OfFraction(double x, double fraction, double error) =>
        new(x, fraction, Math.Max(0, fraction - error), Math.Min(1, fraction + error));
}

/// <summary>Points from left to right, with a name.</summary>
internal sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points);
