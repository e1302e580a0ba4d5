namespace Datamodels.Insight;

/// <summary>
/// How brittle predictions are, over many targets with one set each: how many of each status, the sizes, and the cumulative
/// distribution of the sizes that retraining confirms.
/// </summary>
public sealed record BrittleMeasure
{
    /// <summary>What is done to the examples.</summary>
    public required BrittleMode Mode { get; init; }

    /// <summary>Number of targets: the sum of the six counts below.</summary>
    public required int Targets { get; init; }

    /// <summary>Targets of status <see cref="BrittleStatus.Flipped"/>.</summary>
    public required int Flipped { get; init; }

    /// <summary>Targets of status <see cref="BrittleStatus.NotFlipped"/>.</summary>
    public required int NotFlipped { get; init; }

    /// <summary>Targets of status <see cref="BrittleStatus.CannotFlip"/>.</summary>
    public required int CannotFlip { get; init; }

    /// <summary>Targets of status <see cref="BrittleStatus.NoSet"/>.</summary>
    public required int NoSet { get; init; }

    /// <summary>Targets of status <see cref="BrittleStatus.AlreadyWrong"/>.</summary>
    public required int AlreadyWrong { get; init; }

    /// <summary>Targets of status <see cref="BrittleStatus.Found"/>: not verified.</summary>
    public required int Found { get; init; }

    /// <summary>
    /// Median of k over the targets that the datamodel finds a set of at least one example for; null without any.
    /// </summary>
    public required double? MedianPredictedSize { get; init; }

    /// <summary>
    /// Median size over the targets that flipped, without those that are wrong after training on all of S; null without any.
    /// </summary>
    public required double? MedianSize { get; init; }

    /// <summary>
    /// The fraction of the verified targets that flip at each size or a smaller one: its steps, from size 0 on. Empty where none
    /// is verified.
    /// </summary>
    public required EquatableList<BrittlePoint> Distribution { get; init; }

    /// <summary>Sums up sets, verified or not, one for each target and mode.</summary>
    /// <param name="sets">The sets.</param>
    /// <returns>One measure for each mode that there is, removal first.</returns>
    /// <exception cref="DatamodelException"><c>TargetMeasuredTwice</c>: a target has several sets of one mode.</exception>
    public static IReadOnlyList<BrittleMeasure> Of(IReadOnlyList<BrittleSet> sets) =>
        [.. sets.GroupBy(set => set.Mode).OrderBy(group => group.Key).Select(group => OfMode([.. group]))];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Mode}: {Flipped} of {Targets} targets flipped");

    /// <summary>
    /// The number of changed examples that retraining is known to flip the target at: none where models trained on all of S are
    /// wrong. Null where it did not flip, or is not verified.
    /// </summary>
    internal static int? FlippedSize(BrittleSet set) =>
        set.ControlMargin <= 0 ? 0 : set.Status == BrittleStatus.Flipped ? set.Size : null;

    /// <summary>The median, null of nothing.</summary>
    internal static double? Median(IEnumerable<int> sizes)
    {
        int[] sorted = [.. sizes.Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
    }

    private static BrittleMeasure OfMode(BrittleSet[] sets)
    {
        if (sets.CountBy(set => (set.Datamodel.Training.Path, set.Target)).FirstOrDefault(pair => pair.Value > 1)
            is { Value: > 1 } twice)
        {
            throw new DatamodelException(
                "TargetMeasuredTwice", ErrorKind.InvalidArgument,
                $"Target {twice.Key.Target} has {twice.Value} sets of mode {sets[0].Mode}, and each target counts once; "
                + "choose one set of each target, such as those of one SizeFactor.");
        }

        int[] flipped = [.. sets.Select(FlippedSize).OfType<int>()];
        return new BrittleMeasure
        {
            Mode = sets[0].Mode,
            Targets = sets.Length,
            Flipped = Count(BrittleStatus.Flipped),
            NotFlipped = Count(BrittleStatus.NotFlipped),
            CannotFlip = Count(BrittleStatus.CannotFlip),
            NoSet = Count(BrittleStatus.NoSet),
            AlreadyWrong = Count(BrittleStatus.AlreadyWrong),
            Found = Count(BrittleStatus.Found),
            MedianPredictedSize = Median(sets.Select(set => set.PredictedSize).OfType<int>().Where(size => size > 0)),
            MedianSize = Median(flipped.Where(size => size > 0)),
            Distribution = Cumulate(sets[0].Mode, flipped, verified: sets.Count(set => set.ControlMargin is not null)),
        };

        int Count(BrittleStatus status) => sets.Count(set => set.Status == status);
    }

    private static EquatableList<BrittlePoint> Cumulate(BrittleMode mode, int[] sizes, int verified)
    {
        return verified == 0 ? [] : [.. sizes.Append(0).Distinct().Order().Select(PointAt)];

        BrittlePoint PointAt(int size)
        {
            int count = sizes.Count(other => other <= size);
            double fraction = (double)count / verified;
            return new BrittlePoint(mode, size, count, fraction, Math.Sqrt(fraction * (1 - fraction) / verified));
        }
    }
}

/// <summary>One step of the cumulative distribution of brittle sets' sizes.</summary>
/// <param name="Mode">What is done to the examples.</param>
/// <param name="Size">Number of examples changed, at least 0.</param>
/// <param name="Count">Verified targets that flip with at most so many.</param>
/// <param name="Fraction">Those as a fraction of all verified targets, 0..1.</param>
/// <param name="Error">Binomial standard error of that fraction, sqrt(f (1 - f) / targets).</param>
public sealed record BrittlePoint(BrittleMode Mode, int Size, int Count, double Fraction, double Error)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Count} at {Size}");
}
