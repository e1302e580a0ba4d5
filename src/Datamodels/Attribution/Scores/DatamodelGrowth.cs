using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Attribution;

/// <summary>What fewer models would have given: datamodels fitted again to the first of the run's models.</summary>
public static class DatamodelGrowth
{
    /// <summary>Fits the same targets with the same settings to the first <paramref name="modelCount"/> models.</summary>
    /// <param name="datamodels">Datamodels of one fit, at least one.</param>
    /// <param name="modelCount">Number of models, at least 1, at most those of the run.</param>
    /// <param name="progress">Told where the fit stands.</param>
    /// <param name="cancellation">Stops; the same call goes on from there.</param>
    /// <param name="failed">Told which targets cannot be fitted to so few; they are left out.</param>
    /// <exception cref="DatamodelException">The models are too few for the settings, or the run cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static IReadOnlyList<Datamodel> Refit(
        IReadOnlyList<Datamodel> datamodels, int modelCount, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default, Action<FitFailure>? failed = null)
    {
        FitOptions options = datamodels[0].Options with
        {
            Targets = [.. datamodels.Select(datamodel => datamodel.Target)],
            ModelCount = modelCount,
        };
        return [.. DatamodelFit.Fit(datamodels[0].Training, options, progress, cancellation, failed)];
    }
}
