using System.Text;

namespace Datamodels.Build.Help;

/// <summary>Writes a page of docs/cmdlets: what is said by hand, and between it what the code says.</summary>
internal static class PageWriter
{
    public static string Write(Cmdlet cmdlet, HelpPage page)
    {
        var text = new StringBuilder($"# {cmdlet.Name}\n\n{cmdlet.Synopsis}\n\n");
        Section(text, "Syntax", Syntax(cmdlet));
        Section(text, "Description", page.Description);
        Section(text, "Examples", page.ExampleText);
        Section(text, "Parameters", string.Join("\n\n", cmdlet.Parameters.Select(parameter => ParameterText(cmdlet, parameter))));
        Section(text, "Inputs", string.Join('\n', Wording.Inputs(cmdlet).Select(input => $"- `{input.TypeName}`: {input.Text}")));
        Section(text, "Outputs", string.Join("\n\n", cmdlet.Outputs.Select(OutputText)));
        if (page.Notes.Length > 0)
        {
            Section(text, "Notes", page.Notes);
        }

        Section(text, "Related links", page.RelatedLinks);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Section(StringBuilder text, string heading, string content) =>
        text.Append($"## {heading}\n\n{content}\n\n");

    private static string Syntax(Cmdlet cmdlet)
    {
        string lines = string.Join("\n\n", cmdlet.ParameterSets.Select(set => SyntaxLine.Of(cmdlet, set)));
        string aliases = cmdlet.Aliases.Count == 0 ? "" : $"\n\nAlias: `{string.Join("`, `", cmdlet.Aliases)}`";
        return $"```text\n{lines}\n```{aliases}";
    }

    private static string ParameterText(Cmdlet cmdlet, Parameter parameter)
    {
        var text = new StringBuilder($"### -{parameter.Name}\n\n{parameter.Text}\n\n");
        foreach ((string name, string meaning) in parameter.Values)
        {
            text.Append($"- `{name}`: {meaning}\n");
        }

        text.Append(parameter.Values.Count > 0 ? "\n" : "").Append("```yaml\n");
        foreach ((string key, string value) in Wording.Facts(cmdlet, parameter))
        {
            text.Append($"{key}: {value}\n");
        }

        return text.Append("```").ToString();
    }

    private static string OutputText(Output output)
    {
        var text = new StringBuilder($"### {output.TypeName}");
        if (output.Text.Length > 0)
        {
            text.Append($"\n\n{output.Text}\n");
            foreach ((string name, string meaning) in output.Properties)
            {
                text.Append($"\n- `{name}`: {meaning}");
            }
        }

        return text.ToString();
    }
}
