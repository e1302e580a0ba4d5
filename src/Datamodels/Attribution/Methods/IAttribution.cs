namespace Datamodels.Attribution;

/// <summary>A way to say which training examples a target's margin is owed to.</summary>
public interface IAttribution
{
    /// <summary>Number of models that are trained for it, beyond those of the run.</summary>
    int ModelCount { get; }

    /// <summary>Scores every training example for each target.</summary>
    /// <param name="targets">Numbers of the targets, in the order wanted.</param>
    /// <param name="progress">Told of the models that are done.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    AttributionScores Score(
        IReadOnlyList<int> targets, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default);
}
