using Datamodels.Insight;

namespace Datamodels.Experiments;

/// <summary>What the search against retraining found of the targets of a study, by removal or by relabelling.</summary>
public sealed record BrittleSearchSummary
{
    /// <summary>Targets that the datamodel finds a set for and retraining flips.</summary>
    public required int Verified { get; init; }

    /// <summary>
    /// Targets that the datamodel finds none for, or predicts wrong with nothing changed, and retraining flips all the same.
    /// </summary>
    public required int VerifiedWithoutSet { get; init; }

    /// <summary>Targets that stay right with every example of a positive weight changed, and with their whole class.</summary>
    public required int CannotFlip { get; init; }

    /// <summary>Targets that are wrong after training on all of S.</summary>
    public required int AlreadyWrong { get; init; }

    /// <summary>Median of the smallest size found, over the targets that flip; null without any.</summary>
    public required double? MedianSize { get; init; }

    /// <summary>Targets that flip by every mode of the study: the same for each of them.</summary>
    public required int Shared { get; init; }

    /// <summary>The median over those; null without any.</summary>
    public required double? MedianShared { get; init; }

    /// <summary>Sums up the sets of one mode that were found by the search.</summary>
    internal static BrittleSearchSummary Of(IReadOnlyList<BrittleSet> all, BrittleMode mode)
    {
        BrittleSet[] searched = [.. all.Where(set => set.SizeFactor is null)];
        int modes = searched.Select(set => set.Mode).Distinct().Count();
        HashSet<int> shared =
        [
            .. searched.Where(set => set.Status == BrittleStatus.Flipped).CountBy(set => set.Target)
                .Where(pair => pair.Value == modes).Select(pair => pair.Key),
        ];
        BrittleSet[] sets = [.. searched.Where(set => set.Mode == mode)];
        BrittleSet[] flipped = [.. sets.Where(set => set.Status == BrittleStatus.Flipped)];
        return new BrittleSearchSummary
        {
            Verified = flipped.Count(set => set.PredictedSize > 0),
            VerifiedWithoutSet = flipped.Count(set => set.PredictedSize is null or 0),
            CannotFlip = sets.Count(set => set.Status == BrittleStatus.CannotFlip),
            AlreadyWrong = sets.Count(set => set.Status == BrittleStatus.AlreadyWrong),
            MedianSize = BrittleMeasure.Median(flipped.Select(set => set.Size)),
            Shared = shared.Count,
            MedianShared = BrittleMeasure.Median(flipped.Where(set => shared.Contains(set.Target)).Select(set => set.Size)),
        };
    }
}
