namespace Datamodels.Learners;

/// <summary>What one trained model says of every target.</summary>
/// <param name="TaskId">The <see cref="TrainingTask.Id"/> it answers.</param>
/// <param name="Values">
/// The output that was asked for on every target, <c>[targets]</c>; <c>[targets, classes]</c> for all logits.
/// </param>
public sealed record TrainingOutput(int TaskId, float[] Values)
{
    /// <summary>Makes sure that the model did not diverge.</summary>
    /// <param name="model">What the model is called in the message, such as <c>Model 7</c>.</param>
    /// <exception cref="DatamodelException">An output is not a finite number.</exception>
    internal void RequireFinite(string model)
    {
        foreach (float value in Values)
        {
            if (!float.IsFinite(value))
            {
                throw new DatamodelException(
                    "TrainingDiverged", ErrorKind.InvalidArgument,
                    FormattableString.Invariant($"{model} diverged: an output of it is {value}. ")
                    + "Lower the learning rate or scale the features, in a new run.");
            }
        }
    }
}
