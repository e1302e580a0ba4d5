using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Attribution;

/// <summary>
/// The weights of datamodels: a fit of the run, which is there at once where it has been done before. Empirical influence
/// (Feldman and Zhang 2020), the mean margin of the models with an example minus that of those without, is the fit by
/// <see cref="FitMethod.DifferenceOfMeans"/>.
/// </summary>
/// <param name="training">The run.</param>
/// <param name="options">Settings of the fit; its targets are those that are scored.</param>
public sealed class DatamodelWeights(SubsetTraining training, FitOptions options) : IAttribution
{
    /// <inheritdoc/>
    public int ModelCount => 0;

    /// <inheritdoc/>
    /// <exception cref="DatamodelException">A target cannot be fitted.</exception>
    public AttributionScores Score(
        IReadOnlyList<int> targets, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        float[] scores = new float[targets.Count * training.TrainCount];
        int next = 0;
        foreach (Datamodel datamodel in
            DatamodelFit.Fit(training, options with { Targets = [.. targets] }, progress, cancellation))
        {
            for (int i = 0; i < datamodel.Examples.Count; i++)
            {
                scores[(next * training.TrainCount) + datamodel.Examples[i]] = (float)datamodel.Weights[i];
            }

            next++;
        }

        return new AttributionScores(training.TrainCount, scores);
    }
}
