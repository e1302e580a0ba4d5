using Datamodels.Insight;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Regression;

namespace Datamodels.Experiments;

/// <summary>Does a <see cref="BrittleStudy"/>: draws the targets, finds their sets, and verifies them by retraining.</summary>
internal static class BrittleSets
{
    /// <summary>
    /// The sets by mode, target and size factor, all verified; where the study searches, the set that was found follows those
    /// of its target.
    /// </summary>
    public static BrittleSet[] Of(
        BrittleStudy study, Datamodel[] datamodels, ITrainingEngine engine, IProgress<WorkProgress>? progress,
        CancellationToken cancellation)
    {
        var verifier = new BrittleVerifier(engine, study.Retrainings, study.Seed);
        var runnerUp = new RunnerUp(engine, study.Retrainings, study.Seed);
        BrittleSet[] found =
        [
            .. from mode in study.Mode
               from datamodel in Draw(study, datamodels)
               let newClass = mode == BrittleMode.Flip ? runnerUp.Of(datamodel, progress, cancellation) : (int?)null
               from factor in study.SizeFactors
               select BrittleFinder.Find(datamodel, sizeFactor: factor, newClass: newClass),
        ];
        BrittleSet[][] verified =
            [.. verifier.Verify(found, progress, cancellation).Chunk(study.SizeFactors.Count)];
        if (!study.Search)
        {
            return [.. verified.SelectMany(sets => sets)];
        }

        IEnumerable<BrittleSet> smallest = new BrittleSearch(verifier)
            .Search([.. verified.Select(sets => sets[0])], progress, cancellation);
        return [.. verified.Zip(smallest).SelectMany(pair => pair.First.Append(pair.Second))];
    }

    /// <summary>Targets drawn without replacement, then put back in their order for the reader's sake.</summary>
    private static Datamodel[] Draw(BrittleStudy study, Datamodel[] datamodels)
    {
        Datamodel[] drawn = [.. datamodels];
        new RandomStream(study.Seed, RandomPurpose.Targets, 0).Shuffle(drawn.AsSpan());
        return [.. drawn.Take(study.Targets).OrderBy(datamodel => datamodel.Target)];
    }
}
