using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>
/// Trains models: the one door between everything that needs retraining (subset training, brittle sets, counterfactuals)
/// and whatever does the arithmetic.
/// </summary>
public interface ITrainingEngine
{
    /// <summary>A short name with what the results depend on, such as <c>cpu-1</c>; recorded in each run,
    /// which only an engine of the same name goes on with.</summary>
    string Name { get; }

    /// <summary>Trains one model per task and yields its outputs, in the order in which they are done.</summary>
    /// <param name="data">Training set and targets.</param>
    /// <param name="learner">How each model is made.</param>
    /// <param name="observation">What is recorded of each model.</param>
    /// <param name="tasks">The models; read lazily, from one thread at a time.</param>
    /// <param name="cancellation">Stops within one model's training time; what was yielded stays valid.</param>
    /// <returns>One output per task. Abandoning the enumeration stops the work.</returns>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    IEnumerable<TrainingOutput> Train(
        TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation = default);
}
