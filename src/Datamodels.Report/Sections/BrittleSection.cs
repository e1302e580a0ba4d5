using System.Xml.Linq;
using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Report.Charts;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;
using Datamodels.Runs;

namespace Datamodels.Report.Sections;

/// <summary>The brittle sets, and how many targets flip at which size.</summary>
internal static class BrittleSection
{
    private const int ExamplesShown = 4;

    public static Section? Of(ReportContent content, Gallery gallery, ReportOptions options)
    {
        IReadOnlyList<BrittleSet> sets = content.Of<BrittleSet>();
        if (sets.Count == 0)
        {
            return null;
        }

        int[] retrainings = [.. sets.Select(set => set.Retrainings).OfType<int>().Distinct().Order()];
        var section = new Section(
            "brittle", "Brittle predictions",
            "The smallest set of training examples whose removal, or relabelling, takes a target's margin to 0 or below, where the "
            + "prediction flips. Predicted margins are the datamodels'; "
            + (retrainings.Length == 0
                ? "none of these sets has been checked by retraining."
                : $"those of the control (nothing changed) and with the set changed are means over "
                + $"{string.Join(" or ", retrainings.Select(Numbers.Count))} models retrained each way, "
                + "and a target counts as flipped only by the latter."));
        (string Name, BrittleMeasure Measure)[] measures =
        [
            .. from set in sets
               group set by (set.Mode, set.SizeFactor, IsVerified: set.Retrainings is not null) into series
               orderby series.Key.Mode, series.Key.SizeFactor ?? double.PositiveInfinity, series.Key.IsVerified
               select (NameOf(series.First()), BrittleMeasure.Of([.. series])[0]),
        ];
        section.Add(Totals(measures).ToHtml());
        Curve[] curves = [.. measures.Where(series => series.Measure.Distribution.Count > 0).Select(series => CurveOf(series.Name, series.Measure))];
        if (curves.Length > 0)
        {
            section.Add(Markup.Classed("div", "charts", StepChart.Of(
                "Verified targets that flip with at most so many training examples changed; the bands are one standard error.",
                "training examples changed", "fraction of the targets", curves)));
        }

        AddSets(section, sets, gallery, options.Top);
        return section;
    }

    private static Table Totals(IEnumerable<(string Name, BrittleMeasure Measure)> measures)
    {
        var table = new Table(
            "Targets by what is known of them",
            Column.OfText("Change"), new Column("Targets"), new Column("Flipped"), new Column("Not flipped"), new Column("Cannot flip"),
            new Column("No set"), new Column("Wrong already"), new Column("Not verified"), new Column("Median k"),
            new Column("Median flipped"));
        foreach ((string name, BrittleMeasure measure) in measures)
        {
            table.Add(
                name, Numbers.Count(measure.Targets), Numbers.Count(measure.Flipped), Numbers.Count(measure.NotFlipped),
                Numbers.Count(measure.CannotFlip), Numbers.Count(measure.NoSet), Numbers.Count(measure.AlreadyWrong),
                Numbers.Count(measure.Found), Numbers.Short(measure.MedianPredictedSize), Numbers.Short(measure.MedianSize));
        }

        return table;
    }

    private static void AddSets(Section section, IReadOnlyList<BrittleSet> sets, Gallery gallery, int top)
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

        Selection<BrittleSet> chosen = Selection<BrittleSet>.Of(ordered, top, "set", "that flip with the fewest examples");
        section.AddNote(chosen.Said);
        var table = new Table(
            "Brittle sets; margins are in units of logits, ± one standard error",
            Column.OfText("Target"), Column.OfText("Status"), Column.OfText("Change"), new Column("Size"), new Column("k"),
            new Column("Full"), new Column("Predicted"), new Column("Control"), new Column("Retrained"),
            Column.OfText("First examples"));
        foreach (BrittleSet set in chosen.Items)
        {
            SubsetTraining run = set.Datamodel.Training;
            RunPictures pictures = gallery.Of(run);
            int more = set.Size - ExamplesShown;
            table.Add(
                pictures.Target(set.Target, set.Label), Words(set.Status), NameOf(set), Numbers.Count(set.Size),
                set.PredictedSize is { } k ? Numbers.Count(k) : Numbers.None, Numbers.Fixed(set.FullMargin),
                Numbers.Fixed(set.PredictedMargin), Numbers.Fixed(set.ControlMargin),
                Numbers.WithError(set.RetrainedMargin, set.RetrainedError),
                RunPictures.Row(set.Examples.Take(ExamplesShown)
                    .Select(example => pictures.Example(example, LabelOf(run, example)))
                    .Concat(more > 0 ? [Markup.Classed("span", "more", $"and {Numbers.Count(more)} more")] : [])));
        }

        section.Add(table.ToHtml());
    }

    private static string LabelOf(SubsetTraining run, int example)
    {
        TrainingData data = run.Data;
        return data.Classes[data.Train.Labels[example]];
    }

    private static Curve CurveOf(string name, BrittleMeasure measure) => new(
        name,
        [
            .. measure.Distribution.Select(point => new CurvePoint(
                point.Size, point.Fraction, Math.Max(0, point.Fraction - point.Error), Math.Min(1, point.Fraction + point.Error))),
        ]);

    private static string NameOf(BrittleSet set)
    {
        string change = set.Mode == BrittleMode.Remove ? "removed" : $"relabelled to {set.NewLabel}";
        return change + (set.SizeFactor is { } factor ? $", {(factor == 1 ? "" : Numbers.Short(factor) + " ")}k" : ", searched");
    }

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
