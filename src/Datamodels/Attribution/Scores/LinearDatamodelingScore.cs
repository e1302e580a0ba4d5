using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Attribution;

/// <summary>Measures datamodels: linear datamodeling score (Park et al. 2023, TRAK, section 2), error, calibration.</summary>
public static class LinearDatamodelingScore
{
    /// <summary>Fewer held-out subsets than this are refused: their order says nothing.</summary>
    public const int MinimumSubsets = 3;

    /// <summary>Scores datamodels on a run of held-out subsets with retrainings.</summary>
    /// <param name="datamodels">Datamodels of one fit, of the same data and learner as <paramref name="heldOut"/>.</param>
    /// <param name="heldOut">A complete run whose plan has another seed than the datamodels' own.</param>
    /// <param name="cancellation">Stops within a target.</param>
    /// <exception cref="DatamodelException">
    /// There are no datamodels, or two of one target; or the held-out run is of other data or another learner, is not held out,
    /// incomplete, or too small to rank.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>Takes 4 KB for each subset, for the bootstrap, beside the margins (<see cref="HeldOutMargins"/>).</remarks>
    public static DatamodelMeasure Measure(
        IReadOnlyList<Datamodel> datamodels, SubsetTraining heldOut, CancellationToken cancellation = default)
    {
        HeldOutMargins margins = Read(datamodels, heldOut, cancellation);
        SubsetPlan plan = margins.Plan;
        var bootstrap = new SubsetBootstrap(plan.Count, plan.Seed);
        var targets = new List<TargetMeasure>();
        double[] draws = [];
        var lines = new List<LinearRelation>();
        foreach (Datamodel datamodel in datamodels)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] predicted = [.. margins.Masks.Select(datamodel.Predict)];
            ReadOnlySpan<double> measured = margins.MeansOf(datamodel.Target);
            double[] own = bootstrap.LdsOf(predicted, measured);
            var line = LinearRelation.Of(predicted, measured);
            lines.Add(line);
            double score = margins.LdsOf(datamodel.Target, predicted);
            targets.Add(new TargetMeasure
            {
                Datamodel = datamodel,
                Lds = score,
                LdsInterval = SubsetBootstrap.IntervalOf(score, own),
                LdsCeiling = margins.CeilingOf(datamodel.Target),
                R2 = line.SquaresY == 0 ? 0 : 1 - (SquaredError(predicted, measured) / line.SquaresY),
                Rmse = Math.Sqrt(SquaredError(predicted, measured) / plan.Count),
                Slope = line.Slope,
                Offset = line.Offset,
            });
            draws = [.. own.Select((lds, draw) => lds + (draws.Length > 0 ? draws[draw] : 0))];
        }

        // Within targets: one slope for all of them, and an offset for each.
        double squares = lines.Sum(line => line.SquaresX);
        double slope = squares == 0 ? 0 : lines.Sum(line => line.Products) / squares;
        (double lds, double? error) = MeanAndError([.. targets.Select(target => target.Lds)]);
        return new DatamodelMeasure
        {
            Alpha = plan.Alpha,
            SubsetCount = plan.Count,
            RetrainingCount = plan.Retrainings,
            ModelCount = datamodels[0].ModelCount,
            Lds = lds,
            LdsError = error,
            LdsInterval = SubsetBootstrap.IntervalOf(lds, [.. draws.Select(sum => sum / targets.Count)]),
            LdsCeiling = plan.Retrainings > 1 ? targets.Average(target => target.LdsCeiling) : null,
            R2 = targets.Average(target => target.R2),
            Rmse = Math.Sqrt(targets.Average(target => target.Rmse * target.Rmse)),
            Slope = slope,
            Offset = lines.Average(line => line.MeanY - (slope * line.MeanX)),
            TargetMeasures = [.. targets],
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

        if (datamodels.CountBy(datamodel => datamodel.Target).FirstOrDefault(target => target.Value > 1) is { Value: > 0 } twice)
        {
            throw new DatamodelException(
                "TargetRepeated", ErrorKind.InvalidArgument,
                $"There are {twice.Value} datamodels of target {twice.Key}, and each target counts once; give one for each.");
        }

        foreach (SubsetTraining training in datamodels.Select(datamodel => datamodel.Training).Distinct())
        {
            HeldOutSubsets.Check(heldOut, training);
        }

        return HeldOutMargins.Read(heldOut, datamodels[0].Training, datamodels[0].Output, cancellation);
    }

    private static double SquaredError(ReadOnlySpan<double> predicted, ReadOnlySpan<double> measured)
    {
        double squares = 0;
        for (int i = 0; i < predicted.Length; i++)
        {
            squares += (measured[i] - predicted[i]) * (measured[i] - predicted[i]);
        }

        return squares;
    }

    /// <summary>The mean over targets and its standard error; no error for a single one.</summary>
    internal static (double Mean, double? Error) MeanAndError(double[] values)
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
