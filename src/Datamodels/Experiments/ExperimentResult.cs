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

    /// <summary>One datamodel per target, but for those that could not be fitted; at least one.</summary>
    public required IReadOnlyList<Datamodel> Datamodels { get; init; }

    /// <summary>The targets that could not be fitted, ascending, and why.</summary>
    public required IReadOnlyList<FitFailure> Failures { get; init; }

    /// <summary>The influencers of every datamodel, in the order of the targets.</summary>
    public required IReadOnlyList<Influencer> Influencers { get; init; }

    /// <summary>The verified brittle sets, by target and then size factor; empty where brittleness was not studied.</summary>
    public required IReadOnlyList<BrittleSet> BrittleSets { get; init; }

    /// <summary>One measure per held-out study, in their order.</summary>
    public required IReadOnlyList<DatamodelMeasure> Measures { get; init; }

    /// <summary>The figures.</summary>
    public required ExperimentSummary Summary { get; init; }

    /// <summary>What is wrong with some of the targets, a sentence for each thing; empty where nothing is.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Failures.Count > 0)
        {
            yield return FormattableString.Invariant($"{Failures.Count} of {Summary.TargetCount} targets could not be fitted. ")
                + $"The first: {Failures[0]}";
        }

        Datamodel[] others = [.. Datamodels.Where(datamodel => !datamodel.Converged)];
        if (others.Length > 0)
        {
            yield return FormattableString.Invariant($"{others.Length} of {Summary.TargetCount} fits did not converge. ")
                + $"The first: {others[0].Warning}";
        }
    }
}
