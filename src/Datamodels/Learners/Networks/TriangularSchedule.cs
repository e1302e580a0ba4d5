namespace Datamodels.Learners;

/// <summary>
/// The learning rate of each step: linear from 0 up to the peak at <see cref="NetworkLearner.PeakEpoch"/> and linear down to 0 at
/// the end (the schedule of the paper's CIFAR-10 models).
/// </summary>
internal static class TriangularSchedule
{
    /// <summary>Learning rate of step <paramref name="step"/>, taken at the middle of the step so that none is 0.</summary>
    /// <param name="learner">Gives the peak and where it is.</param>
    /// <param name="step">0..stepsPerEpoch * Epochs - 1.</param>
    /// <param name="stepsPerEpoch">At least 1.</param>
    public static float Rate(NetworkLearner learner, int step, int stepsPerEpoch)
    {
        double epoch = (step + 0.5) / stepsPerEpoch;
        double fraction = epoch < learner.PeakEpoch
            ? epoch / learner.PeakEpoch
            : (learner.Epochs - epoch) / (learner.Epochs - learner.PeakEpoch);
        return (float)(learner.LearningRate * fraction);
    }
}
