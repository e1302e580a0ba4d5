using Datamodels.Attribution;
using Datamodels.Learners;
using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>How well the effects of removals are predicted, over all of them or over those of one kind.</summary>
public sealed record CounterfactualMeasure
{
    // Fewer pairs than this are correlated whatever they are.
    private const int MinimumCount = 3;

    /// <summary>Fraction of the training set in the subsets that the datamodels are fitted to.</summary>
    public required double Alpha { get; init; }

    /// <summary>How the datamodels are fitted.</summary>
    public required FitMethod Method { get; init; }

    /// <summary>Number of models that they are fitted to.</summary>
    public required int ModelCount { get; init; }

    /// <summary>Which removals; null for all.</summary>
    public required RemovalKind? Kind { get; init; }

    /// <summary>Number of removals.</summary>
    public required int RemovalCount { get; init; }

    /// <summary>Pearson correlation of the measured with the predicted effects, -1..1; null for fewer than three.</summary>
    public required double? Pearson { get; init; }

    /// <summary>Spearman correlation of the measured with the predicted effects, -1..1; null for fewer than three.</summary>
    public required double? Spearman { get; init; }

    /// <summary>
    /// What the measured effect grows by for each unit of the predicted one, by least squares; 1 is calibrated, more than 1 is
    /// shrinkage. Null for fewer than three.
    /// </summary>
    public required double? Slope { get; init; }

    /// <summary>The measured effect where none is predicted, by the same line; null for fewer than three.</summary>
    public required double? Offset { get; init; }

    /// <summary>Measures all counterfactuals, then those of each kind, where there are several kinds.</summary>
    /// <param name="counterfactuals">
    /// Counterfactuals; those predicted by datamodels of different fits are measured apart, fit by fit: of another run, output or
    /// settings.
    /// </param>
    public static IReadOnlyList<CounterfactualMeasure> Of(IReadOnlyList<Counterfactual> counterfactuals)
    {
        var measures = new List<CounterfactualMeasure>();
        foreach (IGrouping<(string, OutputKind, FitOptions), Counterfactual> fit in counterfactuals.GroupBy(counterfactual =>
            (counterfactual.Datamodel.Training.Path, counterfactual.Datamodel.Output, counterfactual.Datamodel.Options)))
        {
            measures.Add(Of(null, [.. fit]));
            IGrouping<RemovalKind, Counterfactual>[] kinds =
                [.. fit.GroupBy(counterfactual => counterfactual.Kind).OrderBy(kind => kind.Key)];
            if (kinds.Length > 1)
            {
                measures.AddRange(kinds.Select(kind => Of(kind.Key, [.. kind])));
            }
        }

        return measures;
    }

    /// <summary>Which removals, and how they are ranked.</summary>
    public override string ToString() =>
        (Spearman is null ? "too few to rank: " : FormattableString.Invariant($"Spearman {Spearman:0.000} of "))
        + FormattableString.Invariant($"{RemovalCount} {(Kind is null ? "" : $"{Kind} ")}removals, {Method} at alpha {Alpha}");

    private static CounterfactualMeasure Of(RemovalKind? kind, Counterfactual[] counterfactuals)
    {
        double[] predicted = [.. counterfactuals.Select(counterfactual => counterfactual.PredictedEffect)];
        double[] measured = [.. counterfactuals.Select(counterfactual => counterfactual.MeasuredEffect)];
        bool enough = predicted.Length >= MinimumCount;
        LinearRelation? line = enough ? LinearRelation.Of(predicted, measured) : null;
        return new CounterfactualMeasure
        {
            Alpha = counterfactuals[0].Datamodel.Training.Spec.Plan.Alpha,
            Method = counterfactuals[0].Datamodel.Method,
            ModelCount = counterfactuals[0].Datamodel.ModelCount,
            Kind = kind,
            RemovalCount = predicted.Length,
            Pearson = line?.Pearson,
            Spearman = enough ? RankCorrelation.Spearman(predicted, measured) : null,
            Slope = line?.Slope,
            Offset = line?.Offset,
        };
    }
}
