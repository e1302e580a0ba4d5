using System.Text;

namespace Datamodels.Build.Help;

/// <summary>How a cmdlet is called, as <c>Get-Command -Syntax</c> shows it.</summary>
internal static class SyntaxLine
{
    private const int Width = 110;

    /// <summary>The parameters of a set in the order of the line: by position, then required ones, then the others.</summary>
    public static IEnumerable<(Parameter Parameter, Binding Binding)> ParametersOf(Cmdlet cmdlet, string set) => cmdlet.Parameters
        .Where(parameter => parameter.IsIn(set))
        .Select(parameter => (Parameter: parameter, Binding: parameter.BindingIn(set)!))
        .OrderBy(item => item.Binding.Position ?? int.MaxValue).ThenBy(item => !item.Binding.Required);

    /// <summary>The whole of it, on as many lines as it needs.</summary>
    public static string Of(Cmdlet cmdlet, string set)
    {
        var text = new StringBuilder(cmdlet.Name);
        int width = cmdlet.Name.Length;
        foreach (string part in ParametersOf(cmdlet, set).Select(item => Part(item.Parameter, item.Binding))
            .Append("[<CommonParameters>]"))
        {
            bool fits = width + 1 + part.Length <= Width;
            text.Append(fits ? " " : "\n    ").Append(part);
            width = (fits ? width + 1 : 4) + part.Length;
        }

        return text.ToString();
    }

    private static string Part(Parameter parameter, Binding binding)
    {
        string name = binding.Position is null ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
        string part = parameter.IsSwitch ? name : $"{name} <{parameter.TypeName}>";
        return binding.Required ? part : $"[{part}]";
    }
}
