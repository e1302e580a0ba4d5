using System.Xml.Linq;
using Datamodels.Report.Html;

namespace Datamodels.Report.Charts;

/// <summary>Points of one colour and shape.</summary>
internal sealed record Cloud(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Clouds of points.</summary>
internal static class ScatterChart
{
    /// <summary>
    /// Of more points than this, only about so many are drawn: an even part of each cloud, and the caption says so.
    /// </summary>
    public const int MostPoints = 2000;

    // Beyond this, marks are smaller.
    private const int FewPoints = 150;

    /// <summary>The chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="x">What is across.</param>
    /// <param name="y">What is upwards.</param>
    /// <param name="clouds">The points, at least one.</param>
    /// <param name="identity">What the line y = x means, if it is to be drawn.</param>
    public static XElement Of(string title, string x, string y, IReadOnlyList<Cloud> clouds, string? identity = null)
    {
        int count = clouds.Sum(cloud => cloud.Points.Count);
        int every = (count + MostPoints - 1) / MostPoints;
        Cloud[] drawn = [.. clouds.Select(cloud => cloud with { Points = [.. cloud.Points.Where((_, i) => i % every == 0)] })];
        if (every > 1)
        {
            int shown = drawn.Sum(cloud => cloud.Points.Count);
            title += $" Of {Numbers.Count(count, "point")}, {Numbers.Count(shown)} are drawn.";
        }

        (double X, double Y)[] points = [.. drawn.SelectMany(cloud => cloud.Points)];
        var plot = new Plot(
            title,
            new Axis(x, Scale.Linear(points.Select(point => point.X))),
            new Axis(y, Scale.Linear(points.Select(point => point.Y))));
        if (identity is not null)
        {
            plot.AddIdentity();
            plot.AddMeaning("identity", identity);
        }

        for (int i = 0; i < drawn.Length; i++)
        {
            plot.AddPoints(i, drawn[i].Points, points.Length > FewPoints ? 2.2 : 3);
            plot.AddName(i, drawn[i].Name, line: false, points: true);
        }

        return plot.ToHtml();
    }
}
