using Datamodels.Insight;

namespace Datamodels.Experiments;

/// <summary>Brittleness over many targets, by removal or by relabelling.</summary>
public sealed record BrittleSummary
{
    /// <summary>Number of targets: those of the three lines below.</summary>
    public required int Targets { get; init; }

    /// <summary>Targets for which the datamodel finds a set of at least one example.</summary>
    public required int WithSet { get; init; }

    /// <summary>Targets that no change flips, as the datamodel sees it.</summary>
    public required int NoSet { get; init; }

    /// <summary>Targets that the datamodel predicts wrong with nothing changed.</summary>
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

    /// <summary>What the search found; null where none was made.</summary>
    public BrittleSearchSummary? Search { get; init; }

    /// <summary>Sums up the verified sets of one study and mode, every target at every size factor.</summary>
    /// <returns>The summary; null where that was not studied.</returns>
    internal static BrittleSummary? Of(IReadOnlyList<BrittleSet> all, BrittleStudy? study, BrittleMode mode)
    {
        if (study is null || !study.Mode.Contains(mode))
        {
            return null;
        }

        BrittleSet[] sets = [.. all.Where(set => set.Mode == mode)];
        BrittleSet[] atFirst = [.. sets.Where(set => set.SizeFactor == study.SizeFactors[0])];
        BrittleSet[] found = [.. atFirst.Where(set => set.Size > 0)];
        return new BrittleSummary
        {
            Targets = atFirst.Length,
            WithSet = found.Length,
            NoSet = atFirst.Count(set => set.Status == BrittleStatus.NoSet),
            AlreadyWrong = atFirst.Count(set => set.Status == BrittleStatus.AlreadyWrong),
            ControlWrong = found.Count(set => set.ControlMargin <= 0),
            MedianSize = BrittleMeasure.Median(found.Select(set => set.PredictedSize!.Value)),
            Retrainings = study.Retrainings,
            Flipped = [.. study.SizeFactors.Select(factor => FractionAt(factor, sets))],
            Search = study.Search ? BrittleSearchSummary.Of(all, mode) : null,
        };
    }

    private static FlippedFraction FractionAt(double factor, IReadOnlyList<BrittleSet> sets)
    {
        bool[] flipped = [.. sets.Where(set => set.SizeFactor == factor && set.Size > 0).Select(set => set.Flipped == true)];
        return new FlippedFraction(factor, flipped.Length == 0 ? null : flipped.Count(flip => flip) / (double)flipped.Length);
    }
}

/// <summary>How many targets flip at one size.</summary>
/// <param name="SizeFactor">The sets hold ceil(SizeFactor * k) examples.</param>
/// <param name="Fraction">Fraction of the targets with a set; 0..1, null where there are none.</param>
public sealed record FlippedFraction(double SizeFactor, double? Fraction);
