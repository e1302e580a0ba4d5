using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>How one model is made from a subset and a seed.</summary>
public abstract record Learner
{
    /// <summary>Checks every setting.</summary>
    /// <returns>This learner.</returns>
    /// <exception cref="DatamodelException">A setting is outside its range; the message names it.</exception>
    public abstract Learner Validate();

    /// <summary>Checks every setting, and whether this learner can learn from the data.</summary>
    /// <param name="data">What is learned from.</param>
    /// <returns>This learner.</returns>
    /// <exception cref="DatamodelException">A setting is outside its range, or does not go with the data.</exception>
    public virtual Learner ValidateFor(TrainingData data) => Validate();

    /// <summary>Whether a property is part of what the models are, and not just of where something lies.</summary>
    internal virtual bool IsCompared(string property) => true;
}
