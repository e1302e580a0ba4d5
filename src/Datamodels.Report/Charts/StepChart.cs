using System.Xml.Linq;

namespace Datamodels.Report.Charts;

/// <summary>Curves that stay level from each point to the next, as cumulative distributions do, with bands around them.</summary>
internal static class StepChart
{
    /// <summary>The chart; every curve goes on to the right end.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="x">What is across, whole numbers from 0.</param>
    /// <param name="y">What is upwards, from 0 to 1.</param>
    /// <param name="curves">The curves, at least one.</param>
    public static XElement Of(string title, string x, string y, IReadOnlyList<Curve> curves)
    {
        Scale across = Scale.Linear(curves.SelectMany(curve => curve.Points).Select(point => point.X).Append(0), whole: true);
        var plot = new Plot(title, new Axis(x, across), new Axis(y, Scale.Linear([0, 1])));
        for (int i = 0; i < curves.Count; i++)
        {
            CurvePoint[] corners = [.. Corners(curves[i].Points, across.High)];
            plot.AddBand(i, corners.Select(point => (point.X, point.Low)), corners.Select(point => (point.X, point.High)));
            plot.AddLine(i, corners.Select(point => (point.X, point.Y)));
            plot.AddName(i, curves[i].Name, line: true, points: false);
        }

        return plot.ToHtml();
    }

    private static IEnumerable<CurvePoint> Corners(IReadOnlyList<CurvePoint> points, double end)
    {
        for (int i = 0; i < points.Count; i++)
        {
            yield return points[i];
            yield return points[i] with { X = i + 1 < points.Count ? points[i + 1].X : end };
        }
    }
}
