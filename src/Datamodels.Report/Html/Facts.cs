using System.Xml.Linq;

namespace Datamodels.Report.Html;

/// <summary>A few things by name.</summary>
internal sealed class Facts
{
    private readonly List<XElement> _pairs = [];

    /// <summary>Adds a thing; nothing where there is no value.</summary>
    public void Add(string name, string? value)
    {
        if (value is not null)
        {
            _pairs.Add(new XElement("div", new XElement("dt", name), new XElement("dd", value)));
        }
    }

    /// <summary>The list.</summary>
    public XElement ToHtml() => new("dl", _pairs);
}
