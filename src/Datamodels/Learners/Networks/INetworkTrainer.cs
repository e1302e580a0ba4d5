namespace Datamodels.Learners;

/// <summary>Trains one network after the other in memory of its own; one per thread.</summary>
internal interface INetworkTrainer : IDisposable
{
    /// <summary>Trains the task's model and returns its logits on the targets, <c>[targets, classes]</c>.</summary>
    float[] Train(TrainingTask task, CancellationToken cancellation);
}
