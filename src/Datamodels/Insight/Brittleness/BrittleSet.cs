using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>What is done to the examples of a brittle set.</summary>
public enum BrittleMode
{
    /// <summary>They are taken out of the training set.</summary>
    Remove,

    /// <summary>They stay, with the label of another class.</summary>
    Flip,
}

/// <summary>What is known of a target's brittleness.</summary>
public enum BrittleStatus
{
    /// <summary>A set was found and not yet checked by retraining.</summary>
    Found,

    /// <summary>
    /// No set exists for the datamodel: with every example changed that has a positive weight, the prediction is still above
    /// the threshold.
    /// </summary>
    NoSet,

    /// <summary>
    /// Nothing has to be changed: the datamodel predicts a margin at or below the threshold, or models trained on all of S
    /// have a mean margin of at most 0.
    /// </summary>
    AlreadyWrong,

    /// <summary>Retraining with the set changed gave a mean margin of at most 0.</summary>
    Flipped,

    /// <summary>Retraining with the set changed gave a mean margin above 0.</summary>
    NotFlipped,

    /// <summary>
    /// Retraining gave a mean margin above 0 with every example changed that has a positive weight, and with every one of the
    /// target's own class.
    /// </summary>
    CannotFlip,
}

/// <summary>
/// A set R of training examples whose removal, or relabelling, brings a target's margin down to the threshold: the smallest
/// one as its datamodel sees it, and, once verified, what retraining says of it; or the smallest one that retraining confirms.
/// </summary>
public sealed record BrittleSet
{
    /// <summary>The target's datamodel.</summary>
    public required Datamodel Datamodel { get; init; }

    /// <summary>Index of the target in the test set.</summary>
    public int Target => Datamodel.Target;

    /// <summary>Class name of the target.</summary>
    public string Label => Datamodel.Label;

    /// <summary>What is done to the examples.</summary>
    public BrittleMode Mode => NewClass is null ? BrittleMode.Remove : BrittleMode.Flip;

    /// <summary>The class that the examples are given, 0..classes-1; null where they are removed.</summary>
    public int? NewClass { get; init; }

    /// <summary>Name of that class.</summary>
    public string? NewLabel => NewClass is { } number ? Datamodel.Training.Data.Classes[number] : null;

    /// <summary>What is known.</summary>
    public required BrittleStatus Status { get; init; }

    /// <summary>
    /// R, strongest first, <c>[Size]</c>; empty where there is no set or nothing to change. Of a target that cannot be flipped,
    /// every example that was changed in vain.
    /// </summary>
    public required EquatableList<int> Examples { get; init; }

    /// <summary>
    /// k: size of the smallest set that the datamodel predicts to flip the target; 0 where it is predicted wrong already, null
    /// where no set exists.
    /// </summary>
    public required int? PredictedSize { get; init; }

    /// <summary>
    /// The set holds ceil(SizeFactor * k) examples: 1 is the bare prediction. Null where a search has found the size.
    /// </summary>
    public required double? SizeFactor { get; init; }

    /// <summary>Number of examples to change.</summary>
    public int Size => Examples.Count;

    /// <summary>g(S): predicted margin with nothing changed.</summary>
    public required double FullMargin { get; init; }

    /// <summary>Predicted margin with the set removed, g(S \ R), or relabelled, g(S) - 2 (g(S) - g(S \ R)).</summary>
    public required double PredictedMargin { get; init; }

    /// <summary>Mean margin of models retrained with the set changed; null until verified.</summary>
    public double? RetrainedMargin { get; init; }

    /// <summary>Standard error of that mean.</summary>
    public double? RetrainedError { get; init; }

    /// <summary>Mean margin of models retrained on the whole of S, the control; null until verified.</summary>
    public double? ControlMargin { get; init; }

    /// <summary>Number of models retrained with the set changed, and on S.</summary>
    public int? RetrainingCount { get; init; }

    /// <summary>Whether retraining flipped the target; null until verified or where there is no set.</summary>
    public bool? Flipped => Status switch
    {
        BrittleStatus.Flipped => true,
        BrittleStatus.NotFlipped or BrittleStatus.CannotFlip => false,
        _ => null,
    };

    /// <summary>Why there is no set to flip the target with; null where there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>What is done to the examples, in words.</summary>
    internal string Change => Mode == BrittleMode.Remove ? "removed" : $"relabelled to {NewLabel}";

    /// <inheritdoc/>
    public override string ToString() => $"target {Target} ({Label}), {Status}: {Size} examples {Change}";
}
