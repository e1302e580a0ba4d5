using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>
/// Fits one datamodel per target: minimise 1/(2m) |y - Xw - b|^2 + lambda |w|_1, b not penalised, columns not
/// standardised.
/// </summary>
public static class DatamodelFit
{
    /// <summary>Fits and yields the datamodels in the order of the targets, each as soon as it and those before it are done.</summary>
    /// <param name="training">The run; its completed rows are used.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told at most five times a second.</param>
    /// <param name="cancellation">Stops between targets.</param>
    public static IEnumerable<Datamodel> Fit(
        SubsetTraining training, FitOptions options, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default) => throw new NotImplementedException();
}
