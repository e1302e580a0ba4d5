using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>What is known of a target's brittleness.</summary>
public enum BrittleStatus
{
    /// <summary>A set was found and not yet checked by retraining.</summary>
    Found,

    /// <summary>
    /// No set exists for the datamodel: removing every example with a positive weight leaves g above the threshold.
    /// </summary>
    NoSet,

    /// <summary>The datamodel predicts a margin at or below the threshold with nothing removed.</summary>
    AlreadyWrong,

    /// <summary>Retraining without the set gave a mean margin of at most 0.</summary>
    Flipped,

    /// <summary>Retraining without the set gave a mean margin above 0.</summary>
    NotFlipped,
}

/// <summary>
/// The smallest set R of training examples whose removal brings a target's predicted margin g(S \ R) to the threshold, as
/// its datamodel sees it, and, once verified, what retraining says of it.
/// </summary>
public sealed record BrittleSet
{
    /// <summary>The target's datamodel.</summary>
    public required Datamodel Datamodel { get; init; }

    /// <summary>Index of the target in the test set.</summary>
    public int Target => Datamodel.Target;

    /// <summary>Class name of the target.</summary>
    public string Label => Datamodel.Label;

    /// <summary>What is known.</summary>
    public required BrittleStatus Status { get; init; }

    /// <summary>
    /// The examples to remove, strongest first, <c>[Size]</c>; empty where there is no set or nothing to remove.
    /// </summary>
    public required EquatableList<int> Examples { get; init; }

    /// <summary>
    /// k: size of the smallest set that the datamodel predicts to flip the target; 0 where it is predicted wrong already, null
    /// where no set exists.
    /// </summary>
    public required int? PredictedSize { get; init; }

    /// <summary>The set holds ceil(SizeFactor * k) examples: 1 is the bare prediction.</summary>
    public required double SizeFactor { get; init; }

    /// <summary>Number of examples to remove.</summary>
    public int Size => Examples.Count;

    /// <summary>g(S): predicted margin with nothing removed.</summary>
    public required double FullMargin { get; init; }

    /// <summary>g(S \ R): predicted margin without the set.</summary>
    public required double PredictedMargin { get; init; }

    /// <summary>Mean margin of models retrained on S \ R; null until verified.</summary>
    public double? RetrainedMargin { get; init; }

    /// <summary>Standard error of that mean.</summary>
    public double? RetrainedError { get; init; }

    /// <summary>Mean margin of models retrained on the whole of S, the control; null until verified.</summary>
    public double? ControlMargin { get; init; }

    /// <summary>Number of models retrained on S \ R, and on S.</summary>
    public int? Retrainings { get; init; }

    /// <summary>Whether retraining flipped the target; null until verified or where there is no set.</summary>
    public bool? Flipped => Status switch
    {
        BrittleStatus.Flipped => true,
        BrittleStatus.NotFlipped => false,
        _ => null,
    };
}
