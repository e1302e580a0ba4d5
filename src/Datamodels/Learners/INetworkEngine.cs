using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>An engine whose networks can be opened up.</summary>
public interface INetworkEngine : ITrainingEngine
{
    /// <summary>Trains one model per task and hands it over at each checkpoint.</summary>
    /// <param name="data">Training set and targets.</param>
    /// <param name="learner">How each model is made: a network.</param>
    /// <param name="tasks">The models.</param>
    /// <param name="epochs">
    /// The checkpoints: after how many epochs each model is handed over, 1 to the learner's epochs, ascending; none for the end
    /// of training alone.
    /// </param>
    /// <param name="inspect">
    /// What is made of a task's model after so many epochs. Called from several threads at once, for different models.
    /// </param>
    /// <param name="cancellation">Stops within one epoch of training, or one call of <paramref name="inspect"/>.</param>
    /// <returns>
    /// What <paramref name="inspect"/> has returned, in the order of the tasks and of the checkpoints of each. What is done
    /// before its turn waits in memory, about one model for each thread.
    /// </returns>
    /// <exception cref="DatamodelException">The learner is not a network, does not go with the data, or is too large.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    IEnumerable<T> Inspect<T>(
        TrainingData data, Learner learner, IEnumerable<TrainingTask> tasks, IReadOnlyList<int> epochs,
        Func<TrainingTask, int, ITrainedNetwork, T> inspect, CancellationToken cancellation = default);
}
