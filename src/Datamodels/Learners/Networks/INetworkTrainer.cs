namespace Datamodels.Learners;

/// <summary>Trains one network after the other in memory of its own, and shows the last one; one per thread.</summary>
internal interface INetworkTrainer : IModelTrainer, ITrainedNetwork
{
    /// <summary>Trains the task's model.</summary>
    /// <param name="task">Which examples, with which labels, from which seed.</param>
    /// <param name="epochDone">Told after each epoch how many are done; the model may be opened up in it.</param>
    /// <param name="cancellation">Stops within an epoch.</param>
    void Learn(TrainingTask task, Action<int> epochDone, CancellationToken cancellation);
}
