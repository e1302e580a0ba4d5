using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Attribution;

/// <summary>
/// The true margins on held-out subsets, read from a run of them once: what anything that predicts margins, or ranks training
/// examples, is scored on. Takes 24 bytes for each target and subset, and n / 8 for each subset.
/// </summary>
public sealed class HeldOutMargins
{
    private readonly Mask[] _masks;
    private readonly double[] _means;
    private readonly double[] _evenMeans;
    private readonly double[] _oddMeans;

    private HeldOutMargins(SubsetTraining heldOut, OutputKind output)
    {
        Plan = heldOut.Spec.Plan;
        Output = output;
        TargetCount = heldOut.TargetCount;
        int size = checked(TargetCount * Plan.Count);
        _means = new double[size];
        _evenMeans = new double[size];
        _oddMeans = new double[size];
        _masks = new Mask[Plan.Count];
    }

    /// <summary>Which subsets, and how often models were trained on each.</summary>
    public SubsetPlan Plan { get; }

    /// <summary>What the margins are.</summary>
    public OutputKind Output { get; }

    /// <summary>Number of targets.</summary>
    public int TargetCount { get; }

    /// <summary>The subsets, <c>[Plan.Count]</c>.</summary>
    public IReadOnlyList<Mask> Masks => _masks;

    /// <summary>Reads the margins.</summary>
    /// <param name="heldOut">A complete run of held-out subsets.</param>
    /// <param name="training">The run that what is scored comes from.</param>
    /// <param name="output">What the margins are; null takes what is recorded, or the margin of logits.</param>
    /// <param name="cancellation">Stops between subsets.</param>
    /// <exception cref="DatamodelException">
    /// The held-out run is of other data, targets or another learner, is not held out, incomplete, or too small to rank; the
    /// output is not to be had; or reading failed.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static HeldOutMargins Read(
        SubsetTraining heldOut, SubsetTraining training, OutputKind? output = null, CancellationToken cancellation = default)
    {
        HeldOutSubsets.Check(heldOut, training);
        using IRunRows rows = heldOut.OpenRows(output, cancellation: cancellation);
        if (rows.Count < heldOut.ModelCount)
        {
            throw new DatamodelException(
                "HeldOutIncomplete", ErrorKind.InvalidArgument,
                $"The held-out run '{heldOut.Path}' has {rows.Count} good rows of {heldOut.ModelCount}; train the rest first.");
        }

        var margins = new HeldOutMargins(heldOut, rows.Output);
        margins.Take(rows, cancellation);
        return margins;
    }

    /// <summary>Mean margin of a target on each subset over all retrainings, <c>[Plan.Count]</c>.</summary>
    public ReadOnlySpan<double> MeansOf(int target) => Of(_means, target);

    /// <summary>LDS of one target: Spearman correlation over the subsets with its mean margins, -1..1.</summary>
    /// <param name="target">Number of the target.</param>
    /// <param name="predicted">What is predicted for each subset, <c>[Plan.Count]</c>; the order alone counts.</param>
    public double LdsOf(int target, ReadOnlySpan<double> predicted) => RankCorrelation.Spearman(predicted, MeansOf(target));

    /// <summary>
    /// Split-half ceiling of one target: the square root of the reliability of its mean margins, 0..1, from the correlation r of
    /// the even retrainings' means with the odd ones' (Spearman and Brown), and 0 where r is negative. With an odd number of
    /// retrainings the last belongs to neither half, and the step up is by the ratio R / half instead of 2.
    /// </summary>
    /// <returns>Null with one retraining, which has no halves.</returns>
    public double? CeilingOf(int target)
    {
        int half = Plan.Retrainings / 2;
        if (half == 0)
        {
            return null;
        }

        // Halves that disagree are no more reliable than ones that are unrelated.
        double r = Math.Max(0, RankCorrelation.Spearman(Of(_evenMeans, target), Of(_oddMeans, target)));
        double longer = (double)Plan.Retrainings / half;
        return Math.Sqrt(longer * r / (1 + ((longer - 1) * r)));
    }

    private ReadOnlySpan<double> Of(double[] means, int target) => means.AsSpan(target * Plan.Count, Plan.Count);

    private void Take(IRunRows rows, CancellationToken cancellation)
    {
        int retrainings = Plan.Retrainings;
        int half = retrainings / 2;
        double[] block = new double[TargetCount];
        byte[] mask = new byte[Mask.ByteCount(rows.TrainCount)];
        for (int subset = 0; subset < Plan.Count; subset++)
        {
            cancellation.ThrowIfCancellationRequested();
            rows.ReadMasks(subset * retrainings, 1, mask);
            _masks[subset] = Mask.FromBytes(rows.TrainCount, mask);
            for (int r = 0; r < retrainings; r++)
            {
                rows.ReadOutputs((subset * retrainings) + r, 1, 0, TargetCount, block);
                double[] halfMeans = r % 2 == 0 ? _evenMeans : _oddMeans;
                for (int target = 0; target < TargetCount; target++)
                {
                    int place = (target * Plan.Count) + subset;
                    _means[place] += block[target];
                    halfMeans[place] += r < 2 * half ? block[target] : 0;
                }
            }

            for (int target = 0; target < TargetCount; target++)
            {
                int place = (target * Plan.Count) + subset;
                _means[place] /= retrainings;
                _evenMeans[place] /= Math.Max(1, half);
                _oddMeans[place] /= Math.Max(1, half);
            }
        }
    }
}
