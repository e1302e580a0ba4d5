namespace Datamodels.Learners;

/// <summary>What one trained model says of every target.</summary>
/// <param name="TaskId">The <see cref="TrainingTask.Id"/> it answers.</param>
/// <param name="Margins">
/// Margin on every target, <c>[targets]</c>: logit of the correct class minus the largest other logit, positive where the
/// model is right (Ilyas et al. 2022, section 2).
/// </param>
public sealed record TrainingOutput(int TaskId, float[] Margins)
{
    /// <summary>Makes sure that the model did not diverge.</summary>
    /// <param name="learner">How it was made.</param>
    /// <param name="model">What the model is called in the message, such as <c>Model 7</c>.</param>
    /// <exception cref="DatamodelException">A margin is not a finite number.</exception>
    internal void RequireFinite(Learner learner, string model)
    {
        foreach (float margin in Margins)
        {
            if (!float.IsFinite(margin))
            {
                throw new DatamodelException(
                    "TrainingDiverged", ErrorKind.InvalidArgument,
                    FormattableString.Invariant($"{model} diverged: a margin of it is {margin}. ")
                    + FormattableString.Invariant($"Lower the learning rate (it is {learner.LearningRate}) ")
                    + "or scale the features, in a new run.");
            }
        }
    }
}
