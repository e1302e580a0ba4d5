using System.Numerics;
using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Tests.Runs;

/// <summary>
/// Gives margins that are made up, but depend on every bit of the mask and the seed; in groups of models turned round, as
/// an engine with many threads might.
/// </summary>
internal sealed class FakeEngine(int group = 1, int failAfter = int.MaxValue, Action<int>? trained = null) : ITrainingEngine
{
    public string Name => "fake";

    public int TrainedCount { get; private set; }

    public static float[] MarginsOf(TrainingTask task, int targets)
    {
        uint hash = 0;
        foreach (byte b in task.Mask.Bytes)
        {
            hash = BitOperations.Crc32C(hash, b);
        }

        var random = new RandomStream(task.Seed, RandomPurpose.Initialization, hash);
        float[] margins = new float[targets];
        for (int i = 0; i < targets; i++)
        {
            margins[i] = random.NextSingle() - 0.5f;
        }

        return margins;
    }

    public IEnumerable<TrainingOutput> Train(
        TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation = default)
    {
        foreach (TrainingTask[] chunk in tasks.Chunk(group))
        {
            foreach (TrainingTask task in chunk.Reverse())
            {
                cancellation.ThrowIfCancellationRequested();
                if (TrainedCount == failAfter)
                {
                    throw new InvalidOperationException("The engine broke.");
                }

                TrainedCount++;
                yield return new TrainingOutput(task.Id, MarginsOf(task, data.TestCount));
                trained?.Invoke(TrainedCount);
            }
        }
    }
}
