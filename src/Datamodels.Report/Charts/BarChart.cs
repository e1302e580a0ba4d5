using System.Xml.Linq;

namespace Datamodels.Report.Charts;

/// <summary>A bar with a name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its length.</param>
/// <param name="Interval">The interval that its length is uncertain by; null for none.</param>
/// <param name="Mark">A length to compare it with; null for none.</param>
internal sealed record Bar(string Name, double Value, (double Low, double High)? Interval = null, double? Mark = null);

/// <summary>Bars that lie one above the other.</summary>
internal static class BarChart
{
    private const double Space = 30;
    private const double LetterWidth = 6.4;

    /// <summary>The chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="x">What the lengths are.</param>
    /// <param name="bars">The bars, the first at the top; at least one.</param>
    /// <param name="mark">What the marks mean, if there are any.</param>
    public static XElement Of(string title, string x, IReadOnlyList<Bar> bars, string? mark = null)
    {
        IEnumerable<double> lengths = bars.SelectMany(bar => new[]
        {
            0, bar.Value, bar.Interval?.Low ?? 0, bar.Interval?.High ?? 0, bar.Mark ?? 0,
        });
        var plot = new Plot(
            title, new Axis(x, Scale.Linear(lengths)), y: null,
            left: 20 + (LetterWidth * bars.Max(bar => bar.Name.Length)), height: 54 + (Space * bars.Count));
        for (int i = 0; i < bars.Count; i++)
        {
            plot.AddBar(i, bars.Count, bars[i]);
        }

        if (mark is not null)
        {
            plot.AddMeaning("mark", mark);
        }

        return plot.ToHtml();
    }
}
