using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Datamodels.Build.Help;

/// <summary>The doc comments of some assemblies, as Markdown.</summary>
/// <param name="files">The XML files that the compiler wrote.</param>
internal sealed partial class DocComments(IEnumerable<string> files)
{
    private readonly Dictionary<string, XElement> _members = files
        .SelectMany(file => XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member"))
        .ToDictionary(member => (string)member.Attribute("name")!);

    /// <summary>The summary of a type; empty where there is none.</summary>
    public string Of(Type type) => Text(_members.GetValueOrDefault("T:" + type.FullName)?.Element("summary"));

    /// <summary>The summary of a property or a field, or what a record's primary constructor says of it.</summary>
    public string Of(Type type, string name)
    {
        XElement? said = _members.GetValueOrDefault($"P:{type.FullName}.{name}")?.Element("summary")
            ?? _members.GetValueOrDefault($"F:{type.FullName}.{name}")?.Element("summary")
            ?? _members.GetValueOrDefault("T:" + type.FullName)?.Elements("param")
                .FirstOrDefault(param => (string?)param.Attribute("name") == name);
        return Text(said);
    }

    private static string Text(XElement? element)
    {
        var text = new StringBuilder();
        foreach (XNode node in element?.Nodes() ?? [])
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement reference => (string?)reference.Attribute("cref") is string cref
                    ? NameOf(cref)
                    : reference.Attributes().FirstOrDefault()?.Value ?? reference.Value,
                _ => "",
            });
        }

        return Whitespace().Replace(text.ToString(), " ").Trim();
    }

    // Such as LearningRate for P:Datamodels.Learners.NetworkLearner.LearningRate.
    private static string NameOf(string cref) => cref.Split('(')[0].Split('.', ':')[^1];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
