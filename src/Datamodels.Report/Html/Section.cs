using System.Xml.Linq;

namespace Datamodels.Report.Html;

/// <summary>A section of the page.</summary>
/// <param name="id">Its anchor.</param>
/// <param name="title">Its heading.</param>
/// <param name="explanation">What is shown, in what units, and how it was verified.</param>
internal sealed class Section(string id, string title, string explanation)
{
    private readonly List<object> _parts = [];

    public string Id => id;

    public string Title => title;

    /// <summary>Adds parts, in their order.</summary>
    public void Add(params IEnumerable<object?> parts) => _parts.AddRange(parts.OfType<object>());

    /// <summary>Adds a heading below that of the section; none where there are no words.</summary>
    public void AddHeading(string? text) => Add(text is null ? null : new XElement("h3", text));

    /// <summary>Adds a note in smaller print, such as which part of a list is shown.</summary>
    public void AddNote(string text) => Add(Markup.Classed("p", "note", text));

    public XElement ToHtml() => new(
        "section", new XAttribute("id", id),
        new XElement("h2", title), Markup.Classed("p", "what", explanation), _parts);
}
