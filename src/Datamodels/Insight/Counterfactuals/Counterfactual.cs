using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Insight;

/// <summary>
/// What the removal of a set R of training examples does to the expected margin of one target: as its datamodel predicts it,
/// and as retraining shows it. Effects are by how much the margin falls, in units of the datamodel's output.
/// </summary>
public sealed record Counterfactual
{
    /// <summary>The datamodel that predicts.</summary>
    public required Datamodel Datamodel { get; init; }

    /// <summary>Number of the target in the run.</summary>
    public int Target => Datamodel.Target;

    /// <summary>Class name of the target.</summary>
    public string Label => Datamodel.Label;

    /// <summary>How the examples were chosen, by the datamodel that they were first chosen for.</summary>
    public required RemovalKind Kind { get; init; }

    /// <summary>R: the examples removed, <c>[Size]</c>.</summary>
    public required EquatableList<int> Removed { get; init; }

    /// <summary>Number of examples removed, at least 1.</summary>
    public int Size => Removed.Count;

    /// <summary>g(S) - g(S \ R).</summary>
    public double PredictedEffect => RemovalEffect.Of(Datamodel, Removed).Effect;

    /// <summary>About its standard error (<see cref="RemovalEffect.Error"/>); null where the fit does not tell.</summary>
    public double? PredictedError => RemovalEffect.Of(Datamodel, Removed).Error;

    /// <summary>Mean margin of the models trained on S, less that of those trained on S \ R.</summary>
    public double MeasuredEffect => ControlMargin - RetrainedMargin;

    /// <summary>Standard error of the measured effect, of the two means together.</summary>
    public double MeasuredError => Math.Sqrt((ControlError * ControlError) + (RetrainedError * RetrainedError));

    /// <summary>Mean margin of the models trained on S, the control.</summary>
    public required double ControlMargin { get; init; }

    /// <summary>Standard error of that mean.</summary>
    public required double ControlError { get; init; }

    /// <summary>Mean margin of the models trained on S \ R.</summary>
    public required double RetrainedMargin { get; init; }

    /// <summary>Standard error of that mean.</summary>
    public required double RetrainedError { get; init; }

    /// <summary>Models trained on S \ R, and on S, at least 2.</summary>
    public required int RetrainingCount { get; init; }

    /// <summary>
    /// The same removals as other datamodels predict them, such as ones fitted to subsets of another alpha: one for each of them
    /// that is of this target.
    /// </summary>
    /// <param name="datamodels">Datamodels of the same data, learner, targets and output.</param>
    /// <exception cref="DatamodelException">
    /// <c>CounterfactualMismatch</c>: one for this target is of something else. <c>TargetMissing</c>: none is of this target.
    /// </exception>
    public IReadOnlyList<Counterfactual> PredictedBy(IReadOnlyList<Datamodel> datamodels)
    {
        Datamodel[] own = [.. datamodels.Where(datamodel => datamodel.Target == Target)];
        if (own.Length == 0)
        {
            throw new DatamodelException(
                "TargetMissing", ErrorKind.NotFound,
                $"None of the {datamodels.Count} datamodels is of target {Target}; fit it too, or leave it out.");
        }

        foreach (Datamodel datamodel in own)
        {
            string? difference = datamodel.Output != Datamodel.Output
                ? $"the output {datamodel.Output} instead of {Datamodel.Output}"
                : datamodel.Training.Spec.StudyDifference(Datamodel.Training.Spec);
            if (difference is not null)
            {
                throw new DatamodelException(
                    "CounterfactualMismatch", ErrorKind.InvalidArgument,
                    $"The {datamodel} of '{datamodel.Training.Path}' has {difference}, where the counterfactual of "
                    + $"'{Datamodel.Training.Path}' was measured; they cannot be compared.");
            }
        }

        return [.. own.Select(datamodel => this with { Datamodel = datamodel })];
    }

    /// <summary>The removal and both effects.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"target {Target} without {Size} examples ({Kind}): predicted {PredictedEffect:0.000}, measured {MeasuredEffect:0.000}");
}
