using System.Xml.Linq;
using Datamodels.Insight;
using Datamodels.Report.Charts;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;
using Datamodels.Runs;

namespace Datamodels.Report.Sections;

/// <summary>The brittle sets, and how many targets flip at which size.</summary>
internal static class BrittleSection
{
    private const int ExamplesShown = 3;

    public static Section? Of(ReportContent content, Gallery gallery, ReportOptions options)
    {
        IReadOnlyList<BrittleSet> sets = LastOf(content.Of<BrittleSet>());
        IReadOnlyList<BrittleMeasure> given = content.Of<BrittleMeasure>();
        if (sets.Count + given.Count == 0)
        {
            return null;
        }

        int[] retrainings = [.. sets.Select(set => set.RetrainingCount).OfType<int>().Distinct().Order()];
        var section = new Section(
            "brittle", "Brittle predictions",
            "The smallest set of training examples whose removal, or relabelling, takes a target's margin to 0 or below, where "
            + "the prediction flips. Full and predicted margins are the datamodels', with nothing changed and with the set "
            + "changed; "
            + (sets.Count == 0 ? "flipped ones are those that retraining has flipped."
                : retrainings.Length == 0 ? "none of these sets has been checked by retraining."
                : $"control and retrained ones are means over {Numbers.Counts(retrainings)} models retrained each way, and a "
                + "target counts as flipped only by these."));
        (string Name, BrittleMeasure Measure)[] measures = [.. MeasuresOf(sets, gallery)];
        measures =
        [
            .. measures,
            .. given.Except(measures.Select(series => series.Measure)).Select(measure => (NameOf(measure.Mode), measure)),
        ];
        section.Add(Totals(measures).ToHtml());
        Curve[] curves =
        [
            .. measures.Where(series => series.Measure.Distribution.Count > 0)
                .Select(series => CurveOf(series.Name, series.Measure)),
        ];
        if (curves.Length > 0)
        {
            section.Add(Markup.Classed("div", "charts", StepChart.Of(
                "Verified targets that flip with at most so many training examples changed; the bands are one standard error.",
                "training examples changed", "fraction of the targets", curves)));
        }

        foreach ((SubsetTraining? run, IReadOnlyList<BrittleSet> own) in gallery.ByRun(sets, set => set.Datamodel.Training))
        {
            section.AddHeading(gallery.NameOf(run));
            AddSets(section, own, gallery.Of(run), options.Top);
        }

        return section;
    }

    // Each set once, and a verified one in place of the same set as it was found.
    private static IReadOnlyList<BrittleSet> LastOf(IReadOnlyList<BrittleSet> sets)
    {
        HashSet<(string, int, int?, double?, EquatableList<int>)> verified =
            [.. sets.Where(set => set.RetrainingCount is not null).Select(KeyOf)];
        return [.. sets.Where(set => set.RetrainingCount is not null || !verified.Contains(KeyOf(set))).Distinct()];

        static (string, int, int?, double?, EquatableList<int>) KeyOf(BrittleSet set) =>
            (set.Datamodel.Training.Path, set.Target, set.NewClass, set.SizeFactor, set.Examples);
    }

    // Sets of one run and size factor are together, and so are those that were searched; unverified ones apart from verified
    // ones.
    private static IEnumerable<(string Name, BrittleMeasure Measure)> MeasuresOf(
        IReadOnlyList<BrittleSet> sets, Gallery gallery) =>
        from own in gallery.ByRun(sets, set => set.Datamodel.Training)
        from set in own.Items
        group set by (own.Run, set.Mode, set.SizeFactor, IsVerified: set.RetrainingCount is not null) into series
        orderby series.Key.Mode, series.Key.SizeFactor ?? double.PositiveInfinity, series.Key.IsVerified
        select (
            NameOf(series.Key.Mode) + SizeOf(series.Key.SizeFactor) + gallery.SuffixOf(series.Key.Run),
            BrittleMeasure.Of([.. series])[0]);

    private static Table Totals(IEnumerable<(string Name, BrittleMeasure Measure)> measures)
    {
        var table = new Table(
            "Targets by what is known of them",
            Column.OfText("Change"), new Column("Targets"), new Column("Flipped"), new Column("Not flipped"),
            new Column("Cannot flip"), new Column("No set"), new Column("Wrong already"), new Column("Not verified"),
            new Column("Median k"), new Column("Median flipped"));
        foreach ((string name, BrittleMeasure measure) in measures)
        {
            table.Add(
                name, Numbers.Count(measure.Targets), Numbers.Count(measure.Flipped), Numbers.Count(measure.NotFlipped),
                Numbers.Count(measure.CannotFlip), Numbers.Count(measure.NoSet), Numbers.Count(measure.AlreadyWrong),
                Numbers.Count(measure.Found), Numbers.Short(measure.MedianPredictedSize), Numbers.Short(measure.MedianSize));
        }

        return table;
    }

    private static void AddSets(Section section, IReadOnlyList<BrittleSet> sets, RunPictures pictures, int top)
    {
        BrittleSet[] ordered =
        [
            .. sets.Where(set => set.Size > 0).OrderBy(RankOf).ThenBy(set => set.Size).ThenBy(set => set.Target)
                .ThenBy(set => set.Mode).ThenBy(set => set.SizeFactor),
        ];
        if (ordered.Length == 0)
        {
            section.AddNote("No target has a set to show.");
            return;
        }

        Selection<BrittleSet> chosen = Selection<BrittleSet>.Of(ordered, top, "set", "those that flip first, then by size");
        section.AddNote(chosen.Said);
        var table = new Table(
            "Brittle sets; margins are in units of logits, ± one standard error",
            Column.OfText("Target"), Column.OfText("Status"), Column.OfText("Change"), new Column("Size"), new Column("k"),
            new Column("Full"), new Column("Predicted"), new Column("Control"), new Column("Retrained"),
            Column.OfText("First examples"));
        foreach (BrittleSet set in chosen.Items)
        {
            SubsetTraining run = set.Datamodel.Training;
            int more = set.Size - ExamplesShown;
            table.Add(
                pictures.Target(set.Target, set.Label), Words(set.Status),
                NameOf(set.Mode, set.NewLabel) + SizeOf(set.SizeFactor), Numbers.Count(set.Size),
                set.PredictedSize is { } k ? Numbers.Count(k) : Numbers.None, Numbers.Fixed(set.FullMargin),
                Numbers.Fixed(set.PredictedMargin), Numbers.Fixed(set.ControlMargin),
                Numbers.WithError(set.RetrainedMargin, set.RetrainedError),
                RunPictures.Row(set.Examples.Take(ExamplesShown)
                    .Select(example => pictures.Example(example, run.ExampleLabel(example)))
                    .Concat(more > 0 ? [Markup.Classed("span", "more", $"and {Numbers.Count(more)} more")] : [])));
        }

        section.Add(table.ToHtml());
    }

    private static Curve CurveOf(string name, BrittleMeasure measure) => new(
        name, [.. measure.Distribution.Select(point => CurvePoint.OfFraction(point.Size, point.Fraction, point.Error))]);

    private static string NameOf(BrittleMode mode, string? newLabel = null) =>
        (mode == BrittleMode.Remove ? "removed" : "relabelled") + (newLabel is null ? "" : $" to {newLabel}");

    private static string SizeOf(double? sizeFactor) =>
        sizeFactor is { } factor ? $", {(factor == 1 ? "" : Numbers.Short(factor) + " ")}k" : ", searched";

    private static int RankOf(BrittleSet set) => set.Status switch
    {
        BrittleStatus.Flipped => 0,
        BrittleStatus.Found => 1,
        BrittleStatus.NotFlipped => 2,
        _ => 3,
    };

    private static string Words(BrittleStatus status) => status switch
    {
        BrittleStatus.Found => "found, not verified",
        BrittleStatus.NoSet => "no set",
        BrittleStatus.AlreadyWrong => "wrong already",
        BrittleStatus.Flipped => "flipped",
        BrittleStatus.NotFlipped => "not flipped",
        BrittleStatus.CannotFlip => "cannot flip",
        _ => status.ToString(),
    };
}
