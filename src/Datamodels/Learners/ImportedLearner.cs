namespace Datamodels.Learners;

/// <summary>What stands for the learner of models that another program has trained: nothing can be trained by it.</summary>
public sealed record ImportedLearner : Learner
{
    /// <summary>What stands for the name of the engine that trained them.</summary>
    public const string EngineName = "imported";

    /// <summary>Always fails.</summary>
    /// <exception cref="DatamodelException">Always.</exception>
    public override ImportedLearner Validate() => throw NotTrainable();

    /// <inheritdoc/>
    public override string ToString() => "models trained elsewhere";

    /// <summary>Says that nothing can be trained by this.</summary>
    internal static DatamodelException NotTrainable() => new(
        "TrainedElsewhere", ErrorKind.InvalidArgument,
        "The models were trained by another program and their outputs imported, so none can be trained here as they were. "
        + "What needs no training works, such as the fit, influencers, predictions and brittle sets that are not retrained. "
        + "For the rest, train a run with Start-SubsetTraining.");
}
