using System.Text.RegularExpressions;

namespace Datamodels.Build.Help;

/// <summary>The little Markdown that help pages are written in.</summary>
internal static partial class Markdown
{
    /// <summary>The sections under headings of one level, in order; what is before the first has the heading "".</summary>
    public static List<(string Heading, string Text)> Sections(string text, string level)
    {
        var sections = new List<(string Heading, List<string> Lines)> { ("", []) };
        bool code = false;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            code ^= line.StartsWith("```", StringComparison.Ordinal);
            if (!code && line.StartsWith(level + " ", StringComparison.Ordinal))
            {
                sections.Add((line[level.Length..].Trim(), []));
            }
            else
            {
                sections[^1].Lines.Add(line);
            }
        }

        return [.. sections.Select(section => (section.Heading, string.Join('\n', section.Lines).Trim('\n')))];
    }

    /// <summary>Paragraphs and items of lists, each on one line and without what only a renderer shows.</summary>
    public static IEnumerable<string> Paragraphs(string text) => ParagraphBreak().Split(text)
        .Select(paragraph => Plain(paragraph.ReplaceLineEndings(" ").Trim())).Where(paragraph => paragraph.Length > 0);

    /// <summary>Without the marks of code, and with links as their text alone.</summary>
    public static string Plain(string text) => Link().Replace(text, "$1").Replace("`", "", StringComparison.Ordinal);

    public static IEnumerable<(string Text, string Target)> Links(string text) =>
        Link().Matches(text).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    [GeneratedRegex(@"\n\s*\n|\n(?=- )")]
    private static partial Regex ParagraphBreak();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]+)\)")]
    private static partial Regex Link();
}
