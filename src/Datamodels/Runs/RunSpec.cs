using System.Globalization;
using System.Reflection;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// What a run is of: together with the data, enough to make any of its rows again. Two runs with equal specs hold equal
/// rows. Written to <c>run.yaml</c>.
/// </summary>
public sealed record RunSpec
{
    /// <summary>The version of the run format that is written and read here.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of the run format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Version of the module that made the run. Not part of the comparison of specs.</summary>
    public string Version { get; init; } = typeof(RunSpec).Assembly.GetName().Version!.ToString(3);

    /// <summary><see cref="TrainingData.Fingerprint"/> of the data; empty for an import without data.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>How the data was read; null for data made in memory. Not part of the comparison of specs.</summary>
    public DataSource? DataSource { get; init; }

    /// <summary>Size of the training set, n.</summary>
    public required int TrainCount { get; init; }

    /// <summary>Number of targets.</summary>
    public required int TargetCount { get; init; }

    /// <summary>Number of classes; 0 for an import without data.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Numbers recorded of each model.</summary>
    public int OutputCount => Observation.Size(TargetCount, ClassCount);

    /// <summary>How each model is made.</summary>
    public required Learner Learner { get; init; }

    /// <summary>What is recorded of each model.</summary>
    public Observation Observation { get; init; } = new();

    /// <summary>
    /// Which subsets. Those of an import follow from no seed and may differ in size: there alpha is the mean fraction of the
    /// training set in them, over the completed models, and the rest says nothing.
    /// </summary>
    public required SubsetPlan Plan { get; init; }

    /// <summary>The <see cref="ITrainingEngine.Name"/> of the engine that makes the rows.</summary>
    public required string Engine { get; init; }

    /// <summary>
    /// In what <paramref name="asked"/> differs from this spec, one entry a setting; empty where the rows would be the same.
    /// </summary>
    public IReadOnlyList<string> DifferencesFrom(RunSpec asked)
    {
        var differences = new List<string>();
        void Compare<T>(string name, T here, T there)
        {
            if (!EqualityComparer<T>.Default.Equals(here, there))
            {
                differences.Add($"{name} is {Shown(here)} in the run, {Shown(there)} is asked for");
            }
        }

        // A setting is a property, so that none can be forgotten here.
        void CompareSettings(string of, object here, object there)
        {
            if (here.GetType() != there.GetType())
            {
                Compare($"{of} kind", here, there);
                return;
            }

            IEnumerable<PropertyInfo> compared = here.GetType().GetProperties()
                .Where(property => (here as Learner)?.IsCompared(property.Name) ?? true);
            foreach (PropertyInfo property in compared)
            {
                Compare($"{of} {property.Name}", property.GetValue(here), property.GetValue(there));
            }
        }

        Compare("the number of subsets", Plan.Count, asked.Plan.Count);
        Compare("retrainings per subset", Plan.Retrainings, asked.Plan.Retrainings);
        Compare("alpha", Plan.Alpha, asked.Plan.Alpha);
        Compare("the seed", Plan.Seed, asked.Plan.Seed);
        CompareSettings("the learner's", Learner, asked.Learner);
        Compare("the output", Observation.Output, asked.Observation.Output);
        CompareSettings("the targets'", Observation.Targets, asked.Observation.Targets);
        Compare("the number of training examples", TrainCount, asked.TrainCount);
        Compare("the number of targets", TargetCount, asked.TargetCount);
        Compare("the number of classes", ClassCount, asked.ClassCount);
        if (DataSource is { } source && asked.DataSource is { } other)
        {
            if (DataFingerprint != asked.DataFingerprint)
            {
                // Data that was read otherwise: a setting says more than the fingerprint.
                CompareSettings("the data's", source, other);
            }
            else if (Learner is not NetworkLearner { Kind: LearnerKind.Perceptron or LearnerKind.Softmax })
            {
                // The fingerprint is of the numbers alone; these learners also see how they lie in an image.
                Compare("the data's ImageShape", source.ImageShape, other.ImageShape);
            }
        }

        Compare("the data's fingerprint", DataFingerprint, asked.DataFingerprint);
        Compare("the engine", Engine, asked.Engine);
        return differences;
    }

    /// <summary>
    /// In what the two runs' models cannot be compared, such as <c>other data</c>: training set, learner or targets; null where
    /// they only differ in their subsets, or in what is recorded of a target.
    /// </summary>
    internal string? StudyDifference(RunSpec other) =>
        DataFingerprint != other.DataFingerprint ? "other data"
        : Learner != other.Learner ? "another learner"
        : Observation.Targets != other.Observation.Targets ? "other targets"
        : null;

    /// <summary>The subsets and the learner.</summary>
    public override string ToString() => $"{Plan}, of {Learner}";

    private static string Shown(object? value) =>
        Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "none";
}
