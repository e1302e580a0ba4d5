using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Insight;

/// <summary>
/// The class that a target is taken for next: the largest mean logit but that of its own class, over models trained on all of
/// S. The models are trained once for a run and kept in its folder (<see cref="Retrainer"/>).
/// </summary>
/// <param name="engine">Does the training.</param>
/// <param name="retrainings">Models trained on S, at least 2.</param>
/// <param name="seed">Seed of the training.</param>
public sealed class RunnerUp(ITrainingEngine engine, int retrainings = 20, ulong seed = 0)
{
    private readonly Dictionary<string, RetrainedOutputs> _logits = [];

    /// <summary>The runner-up of a datamodel's target; of equal ones the first.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="progress">Told of the models, at most five times a second.</param>
    /// <param name="cancellation">Stops within one model's training time.</param>
    /// <returns>0..classes-1.</returns>
    /// <exception cref="DatamodelException">
    /// The number of retrainings is under 2; the models of the run were trained elsewhere; a training diverged.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public int Of(
        Datamodel datamodel, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        SubsetTraining training = datamodel.Training;
        if (!_logits.TryGetValue(training.Path, out RetrainedOutputs? logits))
        {
            var retrainer = new Retrainer(training, engine, retrainings, seed, OutputKind.Logits);
            logits = retrainer.Train([TrainingChange.None], progress, cancellation).Single();
            _logits.Add(training.Path, logits);
        }

        int classes = training.Data.ClassCount;
        int own = FlipClass.ClassOf(datamodel);
        return Enumerable.Range(0, classes).Where(label => label != own)
            .MaxBy(label => logits.Mean((datamodel.Target * classes) + label));
    }
}
