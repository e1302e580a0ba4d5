using System.Xml.Linq;

namespace Datamodels.Report.Html;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its header.</param>
/// <param name="IsNumber">Whether it is aligned to the right.</param>
internal sealed record Column(string Name, bool IsNumber = true)
{
    /// <summary>A column of words or pictures.</summary>
    public static Column OfText(string name) => new(name, IsNumber: false);
}

/// <summary>A table; the first cell of each row says what the row is of.</summary>
/// <param name="caption">What it shows.</param>
/// <param name="columns">Its columns.</param>
internal sealed class Table(string caption, params Column[] columns)
{
    private readonly List<object?[]> _rows = [];

    /// <summary>Adds a row, a cell for each column: text, elements, or null.</summary>
    public void Add(params object?[] cells) => _rows.Add(cells);

    /// <summary>The table in a frame of its own, in which a narrow screen can move it.</summary>
    public XElement ToHtml() => Markup.Classed(
        "div", "wide",
        new XAttribute("role", "region"), new XAttribute("tabindex", "0"), new XAttribute("aria-label", caption),
        new XElement(
            "table",
            new XElement("caption", caption),
            new XElement("thead", new XElement("tr", columns.Select(column => Cell(column, "th", "col", column.Name)))),
            new XElement("tbody", _rows.Select(row => new XElement("tr", columns.Select((column, i) =>
                i == 0 ? Cell(column, "th", "row", row[i]) : Cell(column, "td", null, row[i])))))));

    private static XElement Cell(Column column, string name, string? scope, object? content) => new(
        name,
        scope is null ? null : new XAttribute("scope", scope),
        column.IsNumber ? new XAttribute("class", "n") : null,
        content);
}
