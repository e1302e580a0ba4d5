using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>Trains on the processor: one model per core at a time, by SIMD kernels.</summary>
/// <param name="threads">Models trained at once; 0 takes every core.</param>
public sealed class CpuEngine(int threads = 0) : ITrainingEngine
{
    /// <summary>Models trained at once.</summary>
    public int Threads { get; } = threads > 0 ? threads : Environment.ProcessorCount;

    /// <inheritdoc/>
    public string Name => "cpu";

    /// <inheritdoc/>
    public IEnumerable<TrainingOutput> Train(
        TrainingData data, Learner learner, IEnumerable<TrainingTask> tasks, CancellationToken cancellation = default) =>
        throw new NotImplementedException();
}
