namespace Datamodels.Build.Help;

/// <summary>What is said of every cmdlet in the same words.</summary>
internal static class Wording
{
    public static string PipelineInput(Parameter parameter) =>
        (ByValue(parameter), ByPropertyName(parameter)) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };

    public static string Position(Parameter parameter) =>
        parameter.Bindings.FirstOrDefault(binding => binding.Position is not null)?.Position.ToString() ?? "Named";

    /// <summary>Whether it must be given whatever else is.</summary>
    public static bool Required(Parameter parameter) => parameter.Bindings.All(binding => binding.Required);

    public static string Default(Parameter parameter) => parameter.Default.Length > 0 ? parameter.Default : "None";

    /// <summary>Key and value of each line under a parameter of a page.</summary>
    public static IEnumerable<(string Key, string Value)> Facts(Cmdlet cmdlet, Parameter parameter)
    {
        yield return ("Type", parameter.TypeName);
        if (parameter.Aliases.Count > 0)
        {
            yield return ("Aliases", string.Join(", ", parameter.Aliases));
        }

        if (!cmdlet.ParameterSets.All(parameter.IsIn))
        {
            yield return ("Parameter sets", string.Join(", ", parameter.Bindings.Select(binding => binding.Set)));
        }

        yield return ("Required", Required(parameter) ? "True" : "False");
        yield return ("Position", Position(parameter));
        yield return ("Default", Default(parameter));
        yield return ("Pipeline input", PipelineInput(parameter));
        yield return ("Wildcards", parameter.Wildcards ? "True" : "False");
    }

    /// <summary>What may come through the pipeline, and where it goes.</summary>
    public static IEnumerable<(string TypeName, string Text)> Inputs(Cmdlet cmdlet)
    {
        (string, string)[] inputs =
        [
            .. from parameter in cmdlet.Parameters
               let way = (ByValue(parameter), ByPropertyName(parameter))
               where way is not (false, false)
               let names = string.Join("` or `", [parameter.Name, .. parameter.Aliases])
               select (parameter.TypeName, $"taken for `-{parameter.Name}`, " + way switch
               {
                   (true, true) => $"itself or as the property `{names}`",
                   (true, false) => "itself",
                   _ => $"as the property `{names}`",
               }),
        ];
        return inputs.Length > 0 ? inputs : [("None", "it takes nothing from the pipeline")];
    }

    private static bool ByValue(Parameter parameter) => parameter.Bindings.Any(binding => binding.ByValue);

    private static bool ByPropertyName(Parameter parameter) => parameter.Bindings.Any(binding => binding.ByPropertyName);
}
