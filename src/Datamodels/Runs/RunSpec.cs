using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// What a run is of: together with the data, enough to make any of its rows again. Two runs with equal specs hold equal
/// bytes. Written to <c>run.yaml</c>.
/// </summary>
public sealed record RunSpec
{
    /// <summary>Version of the run format; this one is 1.</summary>
    public int Format { get; init; } = 1;

    /// <summary><see cref="TrainingData.Fingerprint"/> of the data.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>How the data was read; null for data made in memory. Not part of the comparison of specs.</summary>
    public DataSource? DataSource { get; init; }

    /// <summary>Size of the training set, n.</summary>
    public required int TrainCount { get; init; }

    /// <summary>Number of targets (the test set).</summary>
    public required int TargetCount { get; init; }

    /// <summary>How each model is made.</summary>
    public required Learner Learner { get; init; }

    /// <summary>Which subsets.</summary>
    public required SubsetPlan Plan { get; init; }

    /// <summary>The <see cref="ITrainingEngine.Name"/> of the engine that makes the rows.</summary>
    public required string Engine { get; init; }
}
