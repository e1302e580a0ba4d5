using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Attribution;

/// <summary>Measures the linear datamodeling score (Park et al. 2023, TRAK, section 2).</summary>
public static class LinearDatamodelingScore
{
    /// <summary>Fewer held-out subsets than this are refused: their order says nothing.</summary>
    public const int MinimumSubsets = 3;

    /// <summary>Scores datamodels on a run of held-out subsets with retrainings.</summary>
    /// <param name="datamodels">Datamodels, all of the same data and learner as <paramref name="heldOut"/>.</param>
    /// <param name="heldOut">A complete run whose plan has another seed than the datamodels' own.</param>
    /// <exception cref="DatamodelException">
    /// There are no datamodels, or the held-out run is of other data or another learner, is not held out, incomplete, or too
    /// small to rank.
    /// </exception>
    public static DatamodelMeasure Measure(IReadOnlyList<Datamodel> datamodels, SubsetTraining heldOut)
    {
        Check(datamodels, heldOut);
        SubsetPlan plan = heldOut.Spec.Plan;
        RunRows rows = heldOut.ReadRows(datamodels[0].Output);
        if (rows.Count < plan.ModelCount)
        {
            throw new DatamodelException(
                "HeldOutIncomplete", ErrorKind.InvalidArgument,
                $"The held-out run '{heldOut.Path}' has {rows.Count} good rows of {plan.ModelCount}; train the rest first.");
        }

        var masks = new Mask[plan.Count];
        for (int subset = 0; subset < masks.Length; subset++)
        {
            masks[subset] = rows.MaskOf(subset * plan.Retrainings);
        }

        int count = datamodels.Count;
        double[] scores = new double[count];
        int[] targets = new int[count];
        double ceiling = 0, r2 = 0;
        double[] predicted = new double[plan.Count];
        for (int i = 0; i < count; i++)
        {
            Datamodel datamodel = datamodels[i];
            for (int subset = 0; subset < masks.Length; subset++)
            {
                predicted[subset] = datamodel.Predict(masks[subset]);
            }

            double[] mean = MeanMargins(rows, plan, datamodel.Target, first: 0, step: 1, plan.Retrainings);
            targets[i] = datamodel.Target;
            scores[i] = RankCorrelation.Spearman(predicted, mean);
            r2 += R2(predicted, mean);
            if (plan.Retrainings > 1)
            {
                ceiling += Ceiling(rows, plan, datamodel.Target);
            }
        }

        (double lds, double? error) = MeanAndError(scores);
        return new DatamodelMeasure
        {
            Alpha = plan.Alpha,
            Subsets = plan.Count,
            Retrainings = plan.Retrainings,
            Lds = lds,
            LdsError = error,
            LdsCeiling = plan.Retrainings > 1 ? ceiling / count : null,
            R2 = r2 / count,
            TargetLds = new EquatableList<double>(scores),
            Targets = new EquatableList<int>(targets),
        };
    }

    private static void Check(IReadOnlyList<Datamodel> datamodels, SubsetTraining heldOut)
    {
        if (datamodels.Count == 0)
        {
            throw new DatamodelException(
                "NoDatamodels", ErrorKind.InvalidArgument, "There are no datamodels to measure; fit at least one target.");
        }

        foreach (Datamodel datamodel in datamodels)
        {
            RunSpec own = datamodel.Training.Spec;
            if (own.DataFingerprint != heldOut.Spec.DataFingerprint || own.Learner != heldOut.Spec.Learner)
            {
                string what = own.DataFingerprint != heldOut.Spec.DataFingerprint ? "data" : "learner";
                throw new DatamodelException(
                    "HeldOutMismatch", ErrorKind.InvalidArgument,
                    $"The held-out run '{heldOut.Path}' has another {what} than the run '{datamodel.Training.Path}' "
                    + $"of the {datamodel}; make held-out subsets of the datamodels' own run.");
            }

            HeldOutSubsets.CheckSeed(own.Plan, heldOut.Spec.Plan.Seed);
        }

        HeldOutSubsets.CheckCount(heldOut.Spec.Plan);
    }

    /// <summary>Mean margin on each subset over <paramref name="count"/> of its retrainings, <c>[subsets]</c>.</summary>
    private static double[] MeanMargins(RunRows rows, SubsetPlan plan, int target, int first, int step, int count)
    {
        double[] means = new double[plan.Count];
        for (int subset = 0; subset < means.Length; subset++)
        {
            double sum = 0;
            for (int r = 0; r < count; r++)
            {
                sum += rows.OutputsOf((subset * plan.Retrainings) + first + (r * step))[target];
            }

            means[subset] = sum / count;
        }

        return means;
    }

    /// <summary>
    /// Square root of the split-half reliability of one target's mean margins. With an odd number of retrainings the last
    /// belongs to neither half, and the step up is by the ratio R / half instead of 2.
    /// </summary>
    private static double Ceiling(RunRows rows, SubsetPlan plan, int target)
    {
        int half = plan.Retrainings / 2;
        double[] even = MeanMargins(rows, plan, target, first: 0, step: 2, half);
        double[] odd = MeanMargins(rows, plan, target, first: 1, step: 2, half);

        // Halves that disagree are no more reliable than ones that are unrelated.
        double r = Math.Max(0, RankCorrelation.Spearman(even, odd));
        double longer = (double)plan.Retrainings / half;
        return Math.Sqrt(longer * r / (1 + ((longer - 1) * r)));
    }

    /// <summary>1 - squared error / variance; 0 where the margins do not vary.</summary>
    private static double R2(double[] predicted, double[] actual)
    {
        double mean = actual.Average();
        double error = 0, variance = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            error += (actual[i] - predicted[i]) * (actual[i] - predicted[i]);
            variance += (actual[i] - mean) * (actual[i] - mean);
        }

        return variance == 0 ? 0 : 1 - (error / variance);
    }

    private static (double Mean, double? Error) MeanAndError(double[] values)
    {
        double mean = values.Average();
        if (values.Length < 2)
        {
            return (mean, null);
        }

        double squares = values.Sum(value => (value - mean) * (value - mean));
        return (mean, Math.Sqrt(squares / (values.Length - 1) / values.Length));
    }
}
