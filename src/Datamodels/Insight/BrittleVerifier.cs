using Datamodels.Learners;

namespace Datamodels.Insight;

/// <summary>Checks brittle sets by retraining on S \ R and, as the control, on S.</summary>
/// <param name="engine">Does the retraining.</param>
/// <param name="retrainings">Models per set, and for the control, at least 2 (a standard error needs two).</param>
/// <param name="seed">Seed of the retrainings.</param>
public sealed class BrittleVerifier(ITrainingEngine engine, int retrainings = 20, ulong seed = 0)
{
    /// <summary>
    /// Retrains and returns the sets verified, in the same order. Sets with nothing to remove come back with the control
    /// margin only. The control on S is trained once per run and kept.
    /// </summary>
    public IEnumerable<BrittleSet> Verify(
        IReadOnlyList<BrittleSet> sets, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        _ = (engine, retrainings, seed);
        throw new NotImplementedException();
    }
}
