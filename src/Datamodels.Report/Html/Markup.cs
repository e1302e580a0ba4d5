using System.Text;
using System.Xml.Linq;

namespace Datamodels.Report.Html;

/// <summary>HTML5 that is well-formed XML: text and attributes are encoded by what writes the elements.</summary>
internal static class Markup
{
    private const string Replacement = "\uFFFD";

    // These have no end tag; every other element has one, even where it is empty, since <td/> would stay open.
    private static readonly HashSet<string> s_void = ["meta", "img", "br"];

    /// <summary>The page as text.</summary>
    /// <param name="html">The root; changed where it holds what HTML has no way to say.</param>
    public static string Render(XElement html)
    {
        foreach (XElement element in html.DescendantsAndSelf())
        {
            foreach (XAttribute attribute in element.Attributes())
            {
                attribute.Value = Clean(attribute.Value);
            }

            foreach (XText text in element.Nodes().OfType<XText>())
            {
                text.Value = Clean(text.Value);
            }

            if (element.IsEmpty && !s_void.Contains(element.Name.LocalName))
            {
                element.Value = "";
            }
        }

        return "<!DOCTYPE html>\n" + html.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    /// <summary>An element with a class.</summary>
    public static XElement Classed(string name, string classes, params object?[] content) =>
        new(name, new XAttribute("class", classes), content);

    /// <summary>A paragraph.</summary>
    public static XElement Paragraph(params object?[] content) => new("p", content);

    // Control characters and halves of pairs, which neither XML nor HTML can hold.
    private static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool allowed = rune.Value is '\n' or '\t' || !(Rune.IsControl(rune) || (rune.Value & 0xFFFE) == 0xFFFE);
            clean.Append(allowed ? rune.ToString() : Replacement);
        }

        return clean.ToString();
    }
}
