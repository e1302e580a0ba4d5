using System.Globalization;
using System.Text;

namespace Datamodels.Benchmarks;

/// <summary>Panels of lines side by side, both axes logarithmic, as an SVG file.</summary>
/// <param name="unit">What is upwards in every panel.</param>
internal sealed class GrowthChart(string unit)
{
    private const int PanelWidth = 300;
    private const int PanelHeight = 260;
    private const int Left = 46;
    private const int Top = 44;
    private const int Bottom = 44;

    private readonly List<(string What, string Fixed, int[] Values, double[] Times)> _panels = [];

    /// <summary>Adds a panel.</summary>
    /// <param name="what">What grows.</param>
    /// <param name="fixedSizes">What stays.</param>
    /// <param name="values">Its values, ascending.</param>
    /// <param name="times">What was measured, above 0.</param>
    public void Add(string what, string fixedSizes, int[] values, double[] times) =>
        _panels.Add((what, fixedSizes, values, times));

    /// <summary>The file's text.</summary>
    public string ToSvg()
    {
        // Whole decades that hold all measurements, the same in every panel.
        double low = Math.Floor(Math.Log10(_panels.Min(panel => panel.Times.Min())));
        double high = Math.Ceiling(Math.Log10(_panels.Max(panel => panel.Times.Max())));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{_panels.Count * PanelWidth}" height="{PanelHeight}"
                 font-family="sans-serif" font-size="11" fill="#333">
            <rect width="100%" height="100%" fill="white"/>
            <text x="8" y="16">{unit}</text>

            """);
        for (int i = 0; i < _panels.Count; i++)
        {
            Draw(svg, _panels[i], i * PanelWidth, low, high);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(
        StringBuilder svg, (string What, string Fixed, int[] Values, double[] Times) panel, int x0, double low, double high)
    {
        double first = Math.Log10(panel.Values[0]);
        double last = Math.Log10(panel.Values[^1]);
        double X(double value) => x0 + Left + ((Math.Log10(value) - first) / (last - first) * (PanelWidth - Left - 24));
        double Y(double log) => Top + ((high - log) / (high - low) * (PanelHeight - Top - Bottom));
        for (double decade = low; decade <= high; decade++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""
                <path d="M{X(panel.Values[0]):0.0} {Y(decade):0.0}H{X(panel.Values[^1]):0.0}" stroke="#ddd"/>
                <text x="{x0 + Left - 6}" y="{Y(decade) + 4:0.0}" text-anchor="end">{Math.Pow(10, decade):0.###}</text>
                """);
        }

        IEnumerable<string> points = panel.Values.Zip(panel.Times, (value, time) => Invariant(X(value), Y(Math.Log10(time))));
        svg.AppendLine(CultureInfo.InvariantCulture, $"""
            <polyline points="{string.Join(' ', points)}" fill="none" stroke="#06c" stroke-width="2"/>
            <text x="{x0 + (PanelWidth / 2)}" y="{PanelHeight - 8}" text-anchor="middle">{panel.What}</text>
            <text x="{x0 + Left}" y="{Top - 10}" fill="#777">{panel.Fixed}</text>
            """);
        foreach ((int value, double time) in panel.Values.Zip(panel.Times))
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""
                <circle cx="{X(value):0.0}" cy="{Y(Math.Log10(time)):0.0}" r="3" fill="#06c"/>
                <text x="{X(value):0.0}" y="{Y(Math.Log10(time)) - 7:0.0}" text-anchor="middle" fill="#06c">{time:0.0}</text>
                <text x="{X(value):0.0}" y="{PanelHeight - Bottom + 16}" text-anchor="middle">{value:N0}</text>
                """);
        }
    }

    private static string Invariant(double x, double y) => FormattableString.Invariant($"{x:0.0},{y:0.0}");
}
