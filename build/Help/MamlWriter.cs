using System.Xml.Linq;

namespace Datamodels.Build.Help;

/// <summary>Writes what Get-Help reads: MAML, the XML of PowerShell's help.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace s_items = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static XDocument Write(IEnumerable<(Cmdlet Cmdlet, HelpPage Page)> help) => new(
        new XElement(
            s_items + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", s_maml),
            new XAttribute(XNamespace.Xmlns + "command", s_command),
            new XAttribute(XNamespace.Xmlns + "dev", s_dev),
            help.Select(item => Command(item.Cmdlet, item.Page))));

    private static XElement Command(Cmdlet cmdlet, HelpPage page) => new(
        s_command + "command",
        new XElement(
            s_command + "details",
            new XElement(s_command + "name", cmdlet.Name),
            Texts("description", cmdlet.Synopsis),
            new XElement(s_command + "verb", cmdlet.Name.Split('-')[0]),
            new XElement(s_command + "noun", cmdlet.Name.Split('-')[1])),
        Texts("description", page.Description),
        new XElement(s_command + "syntax", cmdlet.ParameterSets.Select(set => SyntaxItem(cmdlet, set))),
        new XElement(s_command + "parameters", cmdlet.Parameters.Select(ParameterElement)),
        new XElement(s_command + "inputTypes", Wording.Inputs(cmdlet).Select(input =>
            Typed("inputType", input.TypeName, input.Text))),
        new XElement(s_command + "returnValues", cmdlet.Outputs.Select(output =>
            Typed("returnValue", output.TypeName, WithList(output.Text, output.Properties)))),
        Notes(cmdlet, page) is { Length: > 0 } notes
            ? new XElement(s_maml + "alertSet", new XElement(s_maml + "alert", Paragraphs(notes)))
            : null,
        new XElement(s_command + "examples", page.Examples.Select(ExampleElement)),
        new XElement(s_command + "relatedLinks", Markdown.Links(page.RelatedLinks).Select(link => new XElement(
            s_maml + "navigationLink",
            new XElement(s_maml + "linkText", link.Text),
            link.Target.StartsWith("https:", StringComparison.Ordinal) ? new XElement(s_maml + "uri", link.Target) : null))));

    private static string Notes(Cmdlet cmdlet, HelpPage page) =>
        $"{(cmdlet.Aliases.Count == 0 ? "" : $"Alias: {string.Join(", ", cmdlet.Aliases)}\n\n")}{page.Notes}";

    private static string WithList(string text, IEnumerable<(string Name, string Text)> items) =>
        string.Join('\n', items.Select(item => $"- {item.Name}: {item.Text}").Prepend(text));

    private static XElement SyntaxItem(Cmdlet cmdlet, string set) => new(
        s_command + "syntaxItem",
        new XElement(s_maml + "name", cmdlet.Name),
        SyntaxLine.ParametersOf(cmdlet, set).Select(item => new XElement(
            s_command + "parameter",
            Attributes(item.Parameter, item.Binding.Required, item.Binding.Position?.ToString() ?? "named"),
            new XElement(s_maml + "name", item.Parameter.Name),
            item.Parameter.IsSwitch ? null : Value(item.Parameter))));

    private static XElement ParameterElement(Parameter parameter) => new(
        s_command + "parameter",
        Attributes(parameter, Wording.Required(parameter), Wording.Position(parameter).ToLowerInvariant()),
        new XElement(s_maml + "name", parameter.Name),
        Texts("description", WithList(parameter.Text, parameter.Values)),
        Value(parameter),
        new XElement(s_dev + "type", new XElement(s_maml + "name", parameter.TypeName)),
        new XElement(s_dev + "defaultValue", Wording.Default(parameter)));

    private static XAttribute[] Attributes(Parameter parameter, bool required, string position) =>
    [
        new("required", required),
        new("globbing", parameter.Wildcards),
        new("pipelineInput", Wording.PipelineInput(parameter)),
        new("position", position),
        new("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
    ];

    private static XElement Value(Parameter parameter) =>
        new(s_command + "parameterValue", new XAttribute("required", !parameter.IsSwitch), parameter.TypeName);

    private static XElement Typed(string element, string typeName, string text) => new(
        s_command + element, new XElement(s_dev + "type", new XElement(s_maml + "name", typeName)), Texts("description", text));

    private static XElement ExampleElement(Example example, int index) => new(
        s_command + "example",
        new XElement(s_maml + "title", $"---- Example {index + 1}: {example.Title} ----"),
        new XElement(s_dev + "code", example.Code),
        new XElement(s_dev + "remarks", Paragraphs(example.Remarks)));

    private static XElement Texts(string element, string text) => new(s_maml + element, Paragraphs(text));

    private static IEnumerable<XElement> Paragraphs(string text) =>
        Markdown.Paragraphs(text).Select(paragraph => new XElement(s_maml + "para", paragraph));
}
