using System.Text.RegularExpressions;

namespace Datamodels.Build.Help;

/// <summary>What a page of docs/cmdlets holds that is written by hand. Texts are Markdown.</summary>
internal sealed partial record HelpPage
{
    private static readonly string[] s_known =
        ["", "Syntax", "Description", "Examples", "Parameters", "Inputs", "Outputs", "Notes", "Related links"];

    public string Description { get; private init; } = "";

    /// <summary>All of them, with their headings.</summary>
    public string ExampleText { get; private init; } = "";

    /// <summary>Empty where there are none.</summary>
    public string Notes { get; private init; } = "";

    public string RelatedLinks { get; private init; } = "";

    public IEnumerable<Example> Examples => Markdown.Sections(ExampleText, "###").Skip(1).Select(section =>
    {
        MatchCollection code = CodeBlock().Matches(section.Text);
        return code.Count == 1
            ? new Example(section.Heading, code[0].Groups[1].Value.TrimEnd(), CodeBlock().Replace(section.Text, "").Trim())
            : throw new InvalidDataException(
                $"The example '{section.Heading}' has {code.Count} blocks of commands; Get-Help shows one.");
    });

    /// <summary>Reads a page; one that is not there yet has nothing in it.</summary>
    /// <exception cref="InvalidDataException">A section has a heading that no page has.</exception>
    public static HelpPage Read(string path)
    {
        List<(string Heading, string Text)> sections = Markdown.Sections(File.Exists(path) ? File.ReadAllText(path) : "", "##");
        if (sections.Select(section => section.Heading).Except(s_known).FirstOrDefault() is string unknown)
        {
            throw new InvalidDataException(
                $"'{path}' has a section '{unknown}'; expected one of {string.Join(", ", s_known.Skip(1))}.");
        }

        string Text(string heading) => sections.FirstOrDefault(section => section.Heading == heading).Text ?? "";
        return new HelpPage
        {
            Description = Text("Description"),
            ExampleText = Text("Examples"),
            Notes = Text("Notes"),
            RelatedLinks = Text("Related links"),
        };
    }

    [GeneratedRegex(@"^```powershell\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

/// <summary>An example of a page.</summary>
/// <param name="Title">What it does.</param>
/// <param name="Code">The commands.</param>
/// <param name="Remarks">What is said of them; may be empty.</param>
internal sealed record Example(string Title, string Code, string Remarks);
