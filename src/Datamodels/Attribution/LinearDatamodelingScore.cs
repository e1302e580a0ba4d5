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
    /// <param name="cancellation">Stops while the held-out run is read.</param>
    /// <exception cref="DatamodelException">
    /// There are no datamodels, or the held-out run is of other data or another learner, is not held out, incomplete, or too
    /// small to rank.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static DatamodelMeasure Measure(
        IReadOnlyList<Datamodel> datamodels, SubsetTraining heldOut, CancellationToken cancellation = default)
    {
        HeldOutMargins margins = Read(datamodels, heldOut, cancellation);
        SubsetPlan plan = margins.Plan;
        int count = datamodels.Count;
        double[] scores = new double[count];
        double ceiling = 0, r2 = 0;
        double[] predicted = new double[plan.Count];
        for (int i = 0; i < count; i++)
        {
            Datamodel datamodel = datamodels[i];
            for (int subset = 0; subset < predicted.Length; subset++)
            {
                predicted[subset] = datamodel.Predict(margins.Masks[subset]);
            }

            scores[i] = margins.LdsOf(datamodel.Target, predicted);
            r2 += R2(predicted, margins.MeansOf(datamodel.Target));
            ceiling += margins.CeilingOf(datamodel.Target) ?? 0;
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
            Targets = [.. datamodels.Select(datamodel => datamodel.Target)],
        };
    }

    private static HeldOutMargins Read(
        IReadOnlyList<Datamodel> datamodels, SubsetTraining heldOut, CancellationToken cancellation)
    {
        if (datamodels.Count == 0)
        {
            throw new DatamodelException(
                "NoDatamodels", ErrorKind.InvalidArgument, "There are no datamodels to measure; fit at least one target.");
        }

        foreach (SubsetTraining training in datamodels.Select(datamodel => datamodel.Training).Distinct())
        {
            HeldOutSubsets.Check(heldOut, training);
        }

        return HeldOutMargins.Read(heldOut, datamodels[0].Training, datamodels[0].Output, cancellation);
    }

    /// <summary>1 - squared error / variance; 0 where the margins do not vary.</summary>
    private static double R2(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        double mean = 0;
        foreach (double value in actual)
        {
            mean += value / actual.Length;
        }


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
