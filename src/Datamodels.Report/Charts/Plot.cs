using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Datamodels.Report.Html;

namespace Datamodels.Report.Charts;

/// <summary>An axis: its scale and what is on it.</summary>
internal sealed record Axis(string Label, Scale Scale);

/// <summary>
/// The ground of every chart: an SVG figure with two axes, and marks on it in the units of the axes. A series is told from
/// another by its colour and, for those who see no difference there, by the shape of its marks or the dashes of its line.
/// </summary>
internal sealed class Plot
{
    /// <summary>Series that look different from each other; more than these begin again with the first.</summary>
    public const int Looks = 40;

    private const int Colours = 8;
    private const int Shapes = 5;
    private const int Dashes = 4;

    private const double Width = 440;
    // Half of what is written at the last tick is beyond it.
    private const double Right = 24;
    private const double Top = 10;
    private const double Bottom = 44;

    private readonly string _title;
    private readonly Axis _x;
    private readonly Axis? _y;
    private readonly double _left;
    private readonly double _height;
    private readonly List<XElement> _marks = [];
    private readonly List<XElement> _legend = [];

    /// <summary>Makes an empty chart.</summary>
    /// <param name="title">What it shows, in a sentence: its caption, and what is read out in its place.</param>
    /// <param name="x">The axis across.</param>
    /// <param name="y">The axis upwards; null where <see cref="AddBar"/> writes names there.</param>
    /// <param name="left">Room for what is written at the axis upwards.</param>
    /// <param name="height">Height of the whole.</param>
    public Plot(string title, Axis x, Axis? y, double left = 54, double height = 270)
    {
        (_title, _x, _y, _left, _height) = (title, x, y, left, height);
    }

    /// <summary>Adds lines from point to point.</summary>
    public void AddLine(int series, IEnumerable<(double X, double Y)> points) =>
        Add(Path(Joined(points), $"line s{series % Colours} d{series % Dashes}"));

    /// <summary>Adds the straight line y = x.</summary>
    public void AddIdentity()
    {
        double low = Math.Max(_x.Scale.Low, _y!.Scale.Low), high = Math.Min(_x.Scale.High, _y.Scale.High);
        if (low < high)
        {
            Add(Path(Joined([(low, low), (high, high)]), "identity"));
        }
    }

    /// <summary>Adds an area between two lines.</summary>
    public void AddBand(int series, IEnumerable<(double X, double Y)> lower, IEnumerable<(double X, double Y)> upper) =>
        Add(Path(Joined(lower.Concat(upper.Reverse())) + "z", $"band s{series % Colours}"));

    /// <summary>Adds a mark at each point.</summary>
    public void AddPoints(int series, IEnumerable<(double X, double Y)> points, double size = 3)
    {
        var path = new StringBuilder();
        foreach ((double x, double y) in points)
        {
            path.Append(Glyph(ShapeOf(series), X(x), Y(y), size));
        }

        Add(Path(path.ToString(), $"points s{series % Colours}"));
    }

    /// <summary>Adds an upright interval.</summary>
    public void AddInterval(int series, double x, double low, double high) =>
        Add(Path(
            $"M{N(X(x))} {N(Y(low))}V{N(Y(high))}M{N(X(x) - 4)} {N(Y(low))}h8M{N(X(x) - 4)} {N(Y(high))}h8",
            $"interval s{series % Colours}"));

    /// <summary>Adds a box that stands on the axis, and says what it is to who points at it.</summary>
    public void AddBox(double from, double to, double height, string what)
    {
        XElement box = Path($"M{N(X(from))} {N(Y(0))}V{N(Y(height))}H{N(X(to))}V{N(Y(0))}z", "box s0");
        box.Add(new XElement("title", what));
        Add(box);
    }

    /// <summary>Adds a bar that lies on a line of its own, its interval and its name.</summary>
    /// <param name="place">Number of the line, from 0 at the top.</param>
    /// <param name="places">Number of lines.</param>
    /// <param name="bar">The bar.</param>
    public void AddBar(int place, int places, Bar bar)
    {
        double space = (_height - Top - Bottom) / places;
        double middle = Top + ((place + 0.5) * space);
        double half = space * 0.3;
        XElement box = Path(
            $"M{N(X(0))} {N(middle - half)}H{N(X(bar.Value))}V{N(middle + half)}H{N(X(0))}z", $"box s{place % Colours}");
        box.Add(new XElement("title", $"{bar.Name}: {Numbers.Fixed(bar.Value)}"));
        Add(box);
        if (bar.Interval is (double low, double high))
        {
            Add(Path(
                $"M{N(X(low))} {N(middle)}H{N(X(high))}M{N(X(low))} {N(middle - 4)}v8M{N(X(high))} {N(middle - 4)}v8",
                "interval ink"));
        }

        if (bar.Mark is { } mark)
        {
            Add(Path($"M{N(X(mark))} {N(middle - half - 3)}V{N(middle + half + 3)}", "mark"));
        }

        Add(Text(_left - 8, middle + 4, "end", bar.Name));
    }

    /// <summary>Adds the name of a series of lines or points to the legend.</summary>
    public void AddName(int series, string name, bool line, bool points)
    {
        var key = new XElement(
            "svg", new XAttribute("viewBox", "0 0 28 12"), new XAttribute("class", "key"), new XAttribute("aria-hidden", "true"),
            line ? Path("M1 6H27", $"line s{series % Colours} d{series % Dashes}") : null,
            points ? Path(Glyph(ShapeOf(series), 14, 6, 4), $"points s{series % Colours}") : null);
        _legend.Add(new XElement("li", key, name));
    }

    /// <summary>Adds what a broken line or an upright mark means to the legend.</summary>
    /// <param name="look">The class of the mark.</param>
    /// <param name="name">What it means.</param>
    public void AddMeaning(string look, string name) => _legend.Add(new XElement(
        "li",
        new XElement(
            "svg", new XAttribute("viewBox", "0 0 28 12"), new XAttribute("class", "key"), new XAttribute("aria-hidden", "true"),
            Path(look == "mark" ? "M14 0V12" : "M1 6H27", look)),
        name));

    /// <summary>The figure.</summary>
    public XElement ToHtml() => new(
        "figure",
        new XElement("figcaption", _title),
        new XElement(
            "svg", new XAttribute("viewBox", $"0 0 {N(Width)} {N(_height)}"), new XAttribute("role", "img"),
            new XElement("title", _title), Grid(), _marks),
        _legend.Count == 0 ? null : Markup.Classed("ul", "legend", _legend));

    private double X(double value) => _left + (_x.Scale.At(value) * (Width - _left - Right));

    private double Y(double value) => _height - Bottom - (_y!.Scale.At(value) * (_height - Top - Bottom));

    private IEnumerable<XElement> Grid()
    {
        double bottom = _height - Bottom;
        var lines = new StringBuilder();
        foreach (double tick in _x.Scale.Ticks)
        {
            lines.Append(CultureInfo.InvariantCulture, $"M{N(X(tick))} {N(Top)}V{N(bottom)}");
            yield return Text(X(tick), bottom + 16, "middle", _x.Scale.Label(tick));
        }

        yield return Text(_left + ((Width - _left - Right) / 2), _height - 8, "middle", _x.Label, "axis");
        if (_y is not null)
        {
            foreach (double tick in _y.Scale.Ticks)
            {
                lines.Append(CultureInfo.InvariantCulture, $"M{N(_left)} {N(Y(tick))}H{N(Width - Right)}");
                yield return Text(_left - 6, Y(tick) + 4, "end", _y.Scale.Label(tick));
            }

            double middle = Top + ((bottom - Top) / 2);
            XElement label = Text(12, middle, "middle", _y.Label, "axis");
            label.Add(new XAttribute("transform", $"rotate(-90 12 {N(middle)})"));
            yield return label;
        }

        yield return Path(lines.ToString(), "grid");
    }

    private string Joined(IEnumerable<(double X, double Y)> points) =>
        "M" + string.Join('L', points.Select(point => $"{N(X(point.X))} {N(Y(point.Y))}"));

    private void Add(XElement mark) => _marks.Add(mark);

    // The next shape with each round of the colours, so that they meet again only after all pairs.
    private static int ShapeOf(int series) => (series + (series / Colours)) % Shapes;

    // A disc, a square, a triangle, a diamond or a cross; all but the cross are filled.
    private static string Glyph(int shape, double x, double y, double r) => shape switch
    {
        0 => $"M{N(x - r)} {N(y)}a{N(r)} {N(r)} 0 1 0 {N(2 * r)} 0a{N(r)} {N(r)} 0 1 0 {N(-2 * r)} 0z",
        1 => $"M{N(x - (0.9 * r))} {N(y - (0.9 * r))}h{N(1.8 * r)}v{N(1.8 * r)}h{N(-1.8 * r)}z",
        2 => $"M{N(x)} {N(y - (1.2 * r))}l{N(1.2 * r)} {N(2 * r)}h{N(-2.4 * r)}z",
        3 => $"M{N(x)} {N(y - (1.3 * r))}l{N(1.3 * r)} {N(1.3 * r)}l{N(-1.3 * r)} {N(1.3 * r)}l{N(-1.3 * r)} {N(-1.3 * r)}z",
        _ => $"M{N(x - r)} {N(y - r)}l{N(2 * r)} {N(2 * r)}m0 {N(-2 * r)}l{N(-2 * r)} {N(2 * r)}",
    };

    private static XElement Path(string d, string look) => new("path", new XAttribute("class", look), new XAttribute("d", d));

    private static XElement Text(double x, double y, string anchor, string text, string? look = null) => new(
        "text", look is null ? null : new XAttribute("class", look), new XAttribute("x", N(x)), new XAttribute("y", N(y)),
        new XAttribute("text-anchor", anchor), text);

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
