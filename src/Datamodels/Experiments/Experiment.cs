using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Subsets;

namespace Datamodels.Experiments;

/// <summary>A whole study in one file: data, learner, subsets, fit, influencers, brittle sets, held-out scores.</summary>
public sealed record Experiment
{
    /// <summary>The data.</summary>
    public required DataSource Data { get; init; }

    /// <summary>How each model is made.</summary>
    public required Learner Learner { get; init; }

    /// <summary>What is recorded of each model.</summary>
    public Observation Observation { get; init; } = new();

    /// <summary>Which subsets the models are trained on.</summary>
    public required SubsetPlan Plan { get; init; }

    /// <summary>Settings of the fit.</summary>
    public FitOptions Fit { get; init; } = new();

    /// <summary>Influencers listed per target and sign.</summary>
    public int Influencers { get; init; } = 5;

    /// <summary>What brittleness is studied; null for none.</summary>
    public BrittleStudy? Brittle { get; init; }

    /// <summary>What held-out scores are measured, one per entry.</summary>
    public EquatableList<HeldOutStudy> HeldOut { get; init; } = [];

    /// <summary>Folder for everything the experiment writes, absolute.</summary>
    public required string Output { get; init; }
}

/// <summary>Brittle sets of random targets, verified by retraining.</summary>
/// <param name="Targets">Number of targets, drawn at random.</param>
/// <param name="Retrainings">Models per set and for the control.</param>
/// <param name="SizeFactors">The sets are verified at each of these multiples of the predicted size k.</param>
/// <param name="Seed">Seed of the choice of targets and of the retrainings.</param>
public sealed record BrittleStudy(int Targets, int Retrainings, EquatableList<double> SizeFactors, ulong Seed)
{
    /// <summary>What is done to the examples, each once; relabelled ones get the target's runner-up class.</summary>
    public EquatableList<BrittleMode> Mode { get; init; } = [BrittleMode.Remove];

    /// <summary>Whether the smallest sets that retraining confirms are searched, too.</summary>
    public bool Search { get; init; }
}

/// <summary>A linear datamodeling score on held-out subsets.</summary>
/// <param name="Alpha">Fraction of the training set in each held-out subset.</param>
/// <param name="Subsets">Number of held-out subsets.</param>
/// <param name="Retrainings">R, models per subset.</param>
/// <param name="Seed">Seed of the held-out subsets; other than the plan's.</param>
public sealed record HeldOutStudy(double Alpha, int Subsets, int Retrainings, ulong Seed);
