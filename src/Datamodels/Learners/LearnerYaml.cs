using Datamodels.IO;

namespace Datamodels.Learners;

/// <summary>A <see cref="Learner"/> in a YAML file: keys are its properties in camelCase.</summary>
internal static class LearnerYaml
{
    private const string FractionBelow1 = "a number from 0 up to but not including 1";

    /// <summary>The keys of the section.</summary>
    public static string[] Keys { get; } =
    [
        "kind", "hidden", "epochs", "batchSize", "learningRate", "peakEpoch", "momentum", "weightDecay", "labelSmoothing",
    ];

    /// <summary>Reads the section <c>learner</c>; a key that is left out has the property's default.</summary>
    /// <param name="parent">Has the section.</param>
    /// <param name="complete">Whether every key must be there, as in what <see cref="Write"/> has written.</param>
    public static Learner Read(YamlSection parent, bool complete = false)
    {
        YamlSection section = parent.Section("learner", Keys);
        if (complete)
        {
            section.Complete();
        }

        var learner = new NetworkLearner();
        LearnerKind kind = section.Name("kind", learner.Kind);
        learner = learner with
        {
            Kind = kind,
            Hidden = section.Int32List("hidden", kind == LearnerKind.Softmax ? [] : learner.Hidden, min: 1, max: 65536),
            Epochs = section.Int32("epochs", learner.Epochs, min: 1),
            BatchSize = section.Int32("batchSize", learner.BatchSize, min: 1),
            LearningRate = section.Number("learningRate", learner.LearningRate, "a number above 0", value => value > 0),
            PeakEpoch = section.Number("peakEpoch", learner.PeakEpoch, "a number of at least 0", value => value >= 0),
            Momentum = section.Number("momentum", learner.Momentum, FractionBelow1, value => value is >= 0 and < 1),
            WeightDecay = section.Number("weightDecay", learner.WeightDecay, "a number of at least 0", value => value >= 0),
            LabelSmoothing = section.Number(
                "labelSmoothing", learner.LabelSmoothing, FractionBelow1, value => value is >= 0 and < 1),
        };
        return section.Make(learner.Validate);
    }

    /// <summary>Writes every key.</summary>
    public static void Write(YamlWriter section, Learner any)
    {
        var learner = (NetworkLearner)any;
        section.Text("kind", learner.Kind.ToString());
        section.Numbers("hidden", learner.Hidden);
        section.Number("epochs", learner.Epochs);
        section.Number("batchSize", learner.BatchSize);
        section.Number("learningRate", learner.LearningRate);
        section.Number("peakEpoch", learner.PeakEpoch);
        section.Number("momentum", learner.Momentum);
        section.Number("weightDecay", learner.WeightDecay);
        section.Number("labelSmoothing", learner.LabelSmoothing);
    }
}
