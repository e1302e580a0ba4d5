using Datamodels.Data;
using Datamodels.Learners;

namespace Datamodels.TestHost;

/// <summary>Another engine with a pause now and then, so that however fast it is there is time to kill it in mid-run.</summary>
internal sealed class PacedEngine(ITrainingEngine engine) : ITrainingEngine
{
    public string Name => engine.Name;

    public IEnumerable<TrainingOutput> Train(
        TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation = default)
    {
        int count = 0;
        foreach (TrainingOutput output in engine.Train(data, learner, observation, tasks, cancellation))
        {
            yield return output;
            if (++count % 8 == 0)
            {
                Thread.Sleep(15);
            }
        }
    }
}
