using Datamodels.Attribution;
using Datamodels.Insight;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Experiments;

/// <summary>Everything an experiment found.</summary>
public sealed record ExperimentResult
{
    /// <summary>What was asked.</summary>
    public required Experiment Experiment { get; init; }

    /// <summary>The run of models trained on subsets.</summary>
    public required SubsetTraining Training { get; init; }

    /// <summary>One datamodel per target.</summary>
    public required IReadOnlyList<Datamodel> Datamodels { get; init; }

    /// <summary>The influencers of every target, in the order of the targets.</summary>
    public required IReadOnlyList<Influencer> Influencers { get; init; }

    /// <summary>The verified brittle sets, by target and then size factor; empty where brittleness was not studied.</summary>
    public required IReadOnlyList<BrittleSet> BrittleSets { get; init; }

    /// <summary>One measure per held-out study, in their order.</summary>
    public required IReadOnlyList<DatamodelMeasure> Measures { get; init; }

    /// <summary>The figures.</summary>
    public required ExperimentSummary Summary { get; init; }
}
