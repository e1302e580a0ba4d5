namespace Datamodels.Learners;

/// <summary>Trains one model at a time, always from the same thread.</summary>
public interface IModelTrainer : IDisposable
{
    /// <summary>Trains a model.</summary>
    /// <param name="task">Which examples, with which labels, from which seed.</param>
    /// <param name="cancellation">Stops within a fraction of the model's training time.</param>
    /// <returns>What was asked for, as in <see cref="TrainingOutput.Values"/>.</returns>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    float[] Train(TrainingTask task, CancellationToken cancellation);

    /// <summary>Told that there are no more tasks; not where something failed or was cancelled.</summary>
    /// <param name="cancellation">Stops waiting for an orderly end.</param>
    void Finish(CancellationToken cancellation)
    {
    }
}
