using System.Xml.Linq;
using Datamodels.Report.Html;

namespace Datamodels.Report.Charts;

/// <summary>How many values are in each of some twenty intervals.</summary>
internal static class Histogram
{
    private const int Intervals = 20;

    /// <summary>The chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="axis">What the values are.</param>
    /// <param name="noun">What there is one of for each value.</param>
    /// <param name="values">The values, at least one.</param>
    /// <param name="whole">Whether they are whole numbers.</param>
    public static XElement Of(string title, string axis, string noun, IReadOnlyList<double> values, bool whole = false)
    {
        // The ticks of a fine scale bound the intervals; the last one holds its upper end, too.
        Scale bounds = Scale.Linear(values, Intervals, whole);
        int[] counts = new int[bounds.Ticks.Count - 1];
        foreach (double value in values)
        {
            counts[Math.Min((int)Math.Floor((bounds.At(value) * counts.Length) + 1e-9), counts.Length - 1)]++;
        }

        var plot = new Plot(
            title,
            new Axis(axis, Scale.Linear([bounds.Low, bounds.High], whole: whole)),
            new Axis($"{noun}s", Scale.Linear(counts.Select(count => (double)count).Append(0), whole: true)));
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                plot.AddBox(
                    bounds.Ticks[i], bounds.Ticks[i + 1], counts[i],
                    $"{bounds.Label(bounds.Ticks[i])} to {bounds.Label(bounds.Ticks[i + 1])}: {Numbers.Count(counts[i], noun)}");
            }
        }

        return plot.ToHtml();
    }
}
