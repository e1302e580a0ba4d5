using Datamodels.Insight;

namespace Datamodels.Experiments;

/// <summary>Brittleness over many targets.</summary>
public sealed record BrittleSummary
{
    /// <summary>Number of targets: those of the three lines below.</summary>
    public required int Targets { get; init; }

    /// <summary>Targets for which the datamodel finds a set of at least one example. All fractions are of these.</summary>
    public required int WithSet { get; init; }

    /// <summary>Targets that no removal flips, as the datamodel sees it.</summary>
    public required int NoSet { get; init; }

    /// <summary>Targets that the datamodel predicts wrong with nothing removed.</summary>
    public required int AlreadyWrong { get; init; }

    /// <summary>
    /// Targets with a set whose control, trained on all of S, is wrong on average already: they count as flipped cheaply.
    /// </summary>
    public required int ControlWrong { get; init; }

    /// <summary>Median over targets with a set of the predicted size k; null without any.</summary>
    public required double? MedianSize { get; init; }

    /// <summary>Models retrained for each set, and for the control.</summary>
    public required int Retrainings { get; init; }

    /// <summary>For each size factor the fraction of targets with a set that retraining flips.</summary>
    public required EquatableList<FlippedFraction> Flipped { get; init; }

    /// <summary>Sums up the verified sets of one study, every target at every size factor.</summary>
    public static BrittleSummary Of(IReadOnlyList<BrittleSet> sets, BrittleStudy study)
    {
        BrittleSet[] atFirst = [.. sets.Where(set => set.SizeFactor == study.SizeFactors[0])];
        BrittleSet[] found = [.. atFirst.Where(set => set.Size > 0)];
        return new BrittleSummary
        {
            Targets = atFirst.Length,
            WithSet = found.Length,
            NoSet = atFirst.Count(set => set.Status == BrittleStatus.NoSet),
            AlreadyWrong = atFirst.Count(set => set.Status == BrittleStatus.AlreadyWrong),
            ControlWrong = found.Count(set => set.ControlMargin <= 0),
            MedianSize = Median([.. found.Select(set => set.PredictedSize!.Value).Order()]),
            Retrainings = study.Retrainings,
            Flipped = [.. study.SizeFactors.Select(factor => FractionAt(factor, sets))],
        };
    }

    private static FlippedFraction FractionAt(double factor, IReadOnlyList<BrittleSet> sets)
    {
        bool[] flipped = [.. sets.Where(set => set.SizeFactor == factor && set.Size > 0).Select(set => set.Flipped == true)];
        return new FlippedFraction(factor, flipped.Length == 0 ? null : flipped.Count(flip => flip) / (double)flipped.Length);
    }

    private static double? Median(int[] sorted) =>
        sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
}

/// <summary>How many targets flip at one size.</summary>
/// <param name="SizeFactor">The sets hold ceil(SizeFactor * k) examples.</param>
/// <param name="Fraction">Fraction of the targets with a set; 0..1, null where there are none.</param>
public sealed record FlippedFraction(double SizeFactor, double? Fraction);
