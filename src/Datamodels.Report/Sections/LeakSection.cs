using Datamodels.Insight;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;
using Datamodels.Runs;

namespace Datamodels.Report.Sections;

/// <summary>Targets that may be in the training set.</summary>
internal static class LeakSection
{
    public static Section? Of(ReportContent content, Gallery gallery, ReportOptions options)
    {
        LeakPair[] pairs =
        [
            .. content.Of<LeakPair>().OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Target).ThenBy(pair => pair.Rank),
        ];
        if (pairs.Length == 0)
        {
            return null;
        }

        var section = new Section(
            "leaks", "Possible leaks",
            "Targets and training examples that may be the same thing or of the same scene. The weight is in units of the "
            + "output, the relative weight a multiple of what the example weighs on other targets, and the score that as a "
            + "multiple of the target's next: above 1 the pair stands alone. Nothing is retrained here: look at the pairs.");
        foreach ((SubsetTraining? run, IReadOnlyList<LeakPair> own) in gallery.ByRun(
            pairs, pair => RunOf(pair, content, gallery)))
        {
            section.AddHeading(gallery.NameOf(run));
            AddPairs(section, own, gallery.Of(run), options.Top);
        }

        return section;
    }

    private static SubsetTraining? RunOf(LeakPair pair, ReportContent content, Gallery gallery) =>
        content.DatamodelWith(pair.Target, pair.Example, pair.Weight)?.Training
        ?? gallery.Only(pair, "give the datamodels that it was read off, too, or export each run by itself");

    private static void AddPairs(Section section, IReadOnlyList<LeakPair> pairs, RunPictures pictures, int top)
    {
        Selection<LeakPair> chosen = Selection<LeakPair>.Of(pairs, top, "pair", "by score");
        section.AddNote(chosen.Said);
        var table = new Table(
            "Pairs of a target and a training example",
            Column.OfText("Target"), Column.OfText("Training example"), new Column("Score"), new Column("Relative weight"),
            new Column("Weight"), new Column("Rank"));
        foreach (LeakPair pair in chosen.Items)
        {
            table.Add(
                pictures.Target(pair.Target, pair.TargetLabel), pictures.Example(pair.Example, pair.ExampleLabel),
                Numbers.Fixed(pair.Score, 2), Numbers.Fixed(pair.RelativeWeight, 1), Numbers.Signed(pair.Weight),
                Numbers.Count(pair.Rank));
        }

        section.Add(table.ToHtml());
    }
}
