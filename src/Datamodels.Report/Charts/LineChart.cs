using System.Xml.Linq;

namespace Datamodels.Report.Charts;

/// <summary>Curves through points, with the intervals of the points as a band around each, or upright at each point.</summary>
internal static class LineChart
{
    /// <summary>The chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="x">What is across.</param>
    /// <param name="y">What is upwards.</param>
    /// <param name="curves">The curves, at least one.</param>
    /// <param name="logarithmic">Whether the axis across is logarithmic.</param>
    /// <param name="bands">Whether intervals are bands.</param>
    /// <param name="fromZero">Whether the axis upwards begins at 0 at the latest.</param>
    public static XElement Of(
        string title, string x, string y, IReadOnlyList<Curve> curves, bool logarithmic = false, bool bands = false,
        bool fromZero = true)
    {
        CurvePoint[] all = [.. curves.SelectMany(curve => curve.Points)];
        IEnumerable<double> across = all.Select(point => point.X);
        IEnumerable<double> upwards = all.SelectMany(point => new[] { point.Low, point.High });
        var plot = new Plot(
            title,
            new Axis(x, logarithmic ? Scale.Logarithmic(across) : Scale.Linear(across.Append(0), whole: true)),
            new Axis(y, Scale.Linear(fromZero ? upwards.Append(0) : upwards)));
        for (int i = 0; i < curves.Count; i++)
        {
            IReadOnlyList<CurvePoint> points = curves[i].Points;
            if (bands)
            {
                plot.AddBand(i, points.Select(point => (point.X, point.Low)), points.Select(point => (point.X, point.High)));
            }

            plot.AddLine(i, points.Select(point => (point.X, point.Y)));
            foreach (CurvePoint point in points.Where(point => !bands && point.Low < point.High))
            {
                plot.AddInterval(i, point.X, point.Low, point.High);
            }

            plot.AddPoints(i, points.Select(point => (point.X, point.Y)));
            plot.AddName(i, curves[i].Name, line: true, points: true);
        }

        return plot.ToHtml();
    }
}
