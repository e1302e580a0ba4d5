using Datamodels.Data;
using Datamodels.IO;

namespace Datamodels.Learners;

/// <summary>An <see cref="Observation"/> in a YAML file.</summary>
internal static class ObservationYaml
{
    /// <summary>The keys of the section.</summary>
    public static string[] Keys { get; } = ["output", "set", "targets"];

    /// <summary>Reads a section made with <see cref="Keys"/>; a key that is left out has the property's default.</summary>
    public static Observation Read(YamlSection section) => new()
    {
        Output = section.Name("output", OutputKind.Margin),
        Targets = new TargetSelection
        {
            Set = section.Name("set", TargetSet.Test),
            Examples = section.Has("targets") ? section.Int32List("targets", [], min: 0, max: int.MaxValue) : null,
        },
    };

    /// <summary>Writes every key; no targets where all are taken.</summary>
    public static void Write(YamlWriter section, Observation observation)
    {
        section.Text("output", observation.Output.ToString());
        section.Text("set", observation.Targets.Set.ToString());
        if (observation.Targets.Examples is { } examples)
        {
            section.Numbers("targets", examples);
        }
    }
}
