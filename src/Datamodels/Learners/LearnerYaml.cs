using Datamodels.IO;

namespace Datamodels.Learners;

/// <summary>A <see cref="Learner"/> in a YAML file: keys are its properties in camelCase.</summary>
internal static class LearnerYaml
{
    private const string FractionBelow1 = "a number from 0 up to but not including 1";

    // Kinds that are not networks.
    private const string ProcessKind = "Process";
    private const string ScriptKind = "Script";

    /// <summary>The keys of a network.</summary>
    public static string[] Keys { get; } =
    [
        "kind", "hidden", "layers", "epochs", "batchSize", "learningRate", "peakEpoch", "momentum", "weightDecay",
        "labelSmoothing", "flip", "translate", "cutout", "flipAtTest",
    ];

    /// <summary>The keys of a user's program.</summary>
    public static string[] ProcessKeys { get; } = ["kind", "command", "arguments", "workingDirectory"];

    /// <summary>The keys of a script.</summary>
    public static string[] ScriptKeys { get; } = ["kind", "script"];

    // What only a convolutional network has; it has no hidden layers.
    private static readonly string[] s_convolutionalKeys = ["layers", "flip", "translate", "cutout", "flipAtTest"];

    /// <summary>Reads the section <c>learner</c>; a key that is left out has the property's default.</summary>
    /// <param name="parent">Has the section.</param>
    /// <param name="folder">What relative paths start from, and where a program is started by default.</param>
    /// <param name="complete">Whether every key must be there, as in what <see cref="Write"/> has written.</param>
    public static Learner Read(YamlSection parent, string folder, bool complete = false)
    {
        // The kind says which keys there are.
        string kind = parent.TextIn("learner", "kind") ?? "";
        bool Is(string name) => string.Equals(kind, name, StringComparison.OrdinalIgnoreCase);
        YamlSection section = parent.Section("learner", Is(ProcessKind) ? ProcessKeys : Is(ScriptKind) ? ScriptKeys : Keys);
        if (complete)
        {
            section.Complete(Is(nameof(LearnerKind.Convolutional)) ? ["hidden"] : s_convolutionalKeys);
        }

        return Is(ProcessKind) ? ReadProcess(section, folder) : Is(ScriptKind) ? ReadScript(section) : ReadNetwork(section);
    }

    /// <summary>Writes every key that goes with the kind.</summary>
    public static void Write(YamlWriter section, Learner learner)
    {
        switch (learner)
        {
            case ProcessLearner process:
                section.Text("kind", ProcessKind);
                section.Text("command", process.Command);
                section.Words("arguments", process.Arguments);
                section.Text("workingDirectory", process.WorkingDirectory);
                break;
            case ScriptLearner script:
                section.Text("kind", ScriptKind);
                section.Text("script", script.Script);
                break;
            default:
                WriteNetwork(section, (NetworkLearner)learner);
                break;
        }
    }

    private static ProcessLearner ReadProcess(YamlSection section, string folder)
    {
        var learner = new ProcessLearner
        {
            Command = section.Text("command"),
            Arguments = section.Words("arguments", []),
            WorkingDirectory = Path.GetFullPath(section.Text("workingDirectory", "."), folder),
        };
        return section.Make(learner.Validate);
    }

    private static ScriptLearner ReadScript(YamlSection section)
    {
        var learner = new ScriptLearner { Script = section.Text("script") };
        return section.Make(learner.Validate);
    }

    private static NetworkLearner ReadNetwork(YamlSection section)
    {
        var learner = new NetworkLearner();
        LearnerKind kind = section.Name("kind", learner.Kind, ProcessKind, ScriptKind);
        int epochs = section.Int32("epochs", learner.Epochs, min: 1);
        learner = learner with
        {
            Kind = kind,
            Hidden = section.Int32List("hidden", kind == LearnerKind.Perceptron ? learner.Hidden : [], min: 1, max: 65536),
            Layers = section.Make<EquatableList<Layer>>(
                () => [.. section.TextList("layers", []).SelectMany(text => Layer.Parse(text))]),
            Epochs = epochs,
            BatchSize = section.Int32("batchSize", learner.BatchSize, min: 1),
            LearningRate = section.Number("learningRate", learner.LearningRate, "a number above 0", value => value > 0),
            PeakEpoch = section.Number(
                "peakEpoch", NetworkLearner.UsualPeak(epochs), "a number of at least 0", value => value >= 0),
            Momentum = section.Number("momentum", learner.Momentum, FractionBelow1, value => value is >= 0 and < 1),
            WeightDecay = section.Number("weightDecay", learner.WeightDecay, "a number of at least 0", value => value >= 0),
            LabelSmoothing = section.Number(
                "labelSmoothing", learner.LabelSmoothing, FractionBelow1, value => value is >= 0 and < 1),
            Flip = section.Boolean("flip", learner.Flip),
            Translate = section.Int32("translate", learner.Translate),
            Cutout = section.Int32("cutout", learner.Cutout),
            FlipAtTest = section.Boolean("flipAtTest", learner.FlipAtTest),
        };
        return section.Make(learner.Validate);
    }

    private static void WriteNetwork(YamlWriter section, NetworkLearner learner)
    {
        section.Text("kind", learner.Kind.ToString());
        bool convolutional = learner.Kind == LearnerKind.Convolutional;
        if (convolutional)
        {
            section.TextList("layers", [.. learner.Layers.Select(layer => layer.ToString())]);
        }
        else
        {
            section.Numbers("hidden", learner.Hidden);
        }

        section.Number("epochs", learner.Epochs);
        section.Number("batchSize", learner.BatchSize);
        section.Number("learningRate", learner.LearningRate);
        section.Number("peakEpoch", learner.PeakEpoch);
        section.Number("momentum", learner.Momentum);
        section.Number("weightDecay", learner.WeightDecay);
        section.Number("labelSmoothing", learner.LabelSmoothing);
        if (convolutional)
        {
            section.Boolean("flip", learner.Flip);
            section.Number("translate", learner.Translate);
            section.Number("cutout", learner.Cutout);
            section.Boolean("flipAtTest", learner.FlipAtTest);
        }
    }
}
