using System.Globalization;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Attribution;

/// <summary>
/// Runs of held-out subsets, to score the datamodels of another run on. They lie in the folder <c>held-out</c> of that
/// run, one folder per set of parameters, so that a stopped one is resumed and a finished one is used again.
/// </summary>
public static class HeldOutSubsets
{
    /// <summary>Makes or opens the run of held-out subsets with the data and learner of <paramref name="training"/>.</summary>
    /// <param name="training">The run whose datamodels are to be scored.</param>
    /// <param name="alpha">Fraction of the training set in each held-out subset, inside (0, 1).</param>
    /// <param name="subsets">Number of held-out subsets, at least <see cref="LinearDatamodelingScore.MinimumSubsets"/>.</param>
    /// <param name="retrainings">R, models trained on each, at least 1.</param>
    /// <param name="seed">Seed of the held-out subsets, other than the run's own; <see cref="DefaultSeed"/> will do.</param>
    /// <param name="engine">Name of the engine that will train them.</param>
    /// <param name="shard">The part of the run that is to be trained; null for all of it.</param>
    /// <returns>The run, complete or not: <see cref="SubsetTraining.Train"/> does what is left.</returns>
    /// <exception cref="DatamodelException">
    /// The seed is the run's own, a value is outside its range, or the folder cannot be used.
    /// </exception>
    public static SubsetTraining Open(
        SubsetTraining training, double alpha, int subsets, int retrainings, ulong seed, string engine, Shard? shard = null)
    {
        training.RequireFolder();
        CheckSeed(training.Spec.Plan, seed);
        var plan = new SubsetPlan(seed, alpha, subsets, retrainings);
        CheckCount(plan);
        string name = string.Create(
            CultureInfo.InvariantCulture, $"alpha-{alpha}-subsets-{subsets}-retrainings-{retrainings}-seed-{seed}-{engine}");
        return SubsetTraining.CreateOrOpen(
            Path.Combine(training.Path, "held-out", name), training.Data, training.Spec.Learner, plan, engine,
            training.Spec.Observation, shard);
    }

    /// <summary>A seed for held-out subsets that is not the run's own: the next number.</summary>
    public static ulong DefaultSeed(SubsetPlan plan) => unchecked(plan.Seed + 1);

    /// <summary>Checks that a run's subsets are held out of another run, and otherwise like it.</summary>
    /// <param name="heldOut">The run of held-out subsets.</param>
    /// <param name="training">The run that what is scored on them comes from.</param>
    /// <exception cref="DatamodelException">
    /// <c>HeldOutMismatch</c>: it has other data, another learner or other targets. <c>HeldOutSeed</c>: its seed is the run's
    /// own. <c>TooFewSubsets</c>: there are too few to rank.
    /// </exception>
    internal static void Check(SubsetTraining heldOut, SubsetTraining training)
    {
        if (heldOut.Spec.StudyDifference(training.Spec) is string what)
        {
            throw new DatamodelException(
                "HeldOutMismatch", ErrorKind.InvalidArgument,
                $"The held-out run '{heldOut.Path}' has {what} than the run '{training.Path}', of which something is to be "
                + "scored; make held-out subsets of that run itself.");
        }

        CheckSeed(training.Spec.Plan, heldOut.Spec.Plan.Seed);
        CheckCount(heldOut.Spec.Plan);
    }

    /// <summary>
    /// Subsets drawn with a plan's own seed are its own subsets, or, at another alpha, nested in them or around them.
    /// </summary>
    /// <exception cref="DatamodelException">The seed is the plan's own.</exception>
    internal static void CheckSeed(SubsetPlan plan, ulong seed)
    {
        if (seed == plan.Seed)
        {
            throw new DatamodelException(
                "HeldOutSeed", ErrorKind.InvalidArgument,
                $"The seed of the held-out subsets is {seed}, as is that of the run's own subsets: "
                + $"none would be held out. Choose another, for instance {DefaultSeed(plan)}.");
        }
    }

    /// <summary>Before anything is trained: few subsets have no ranks to compare.</summary>
    /// <exception cref="DatamodelException">There are too few.</exception>
    internal static void CheckCount(SubsetPlan plan)
    {
        if (plan.Count < LinearDatamodelingScore.MinimumSubsets)
        {
            throw new DatamodelException(
                "TooFewSubsets", ErrorKind.InvalidArgument,
                $"The number of held-out subsets is {plan.Count}; at least {LinearDatamodelingScore.MinimumSubsets} are needed "
                + "to rank them, and about 100 for a steady score.");
        }
    }
}
