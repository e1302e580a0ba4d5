namespace Datamodels.Learners;

/// <summary>What one trained model says of every target.</summary>
/// <param name="TaskId">The <see cref="TrainingTask.Id"/> it answers.</param>
/// <param name="Margins">
/// Margin on every target, <c>[targets]</c>: logit of the correct class minus the largest other logit, positive where the
/// model is right (Ilyas et al. 2022, section 2).
/// </param>
public sealed record TrainingOutput(int TaskId, float[] Margins);
