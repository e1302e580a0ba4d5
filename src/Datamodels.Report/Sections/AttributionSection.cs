using System.Xml.Linq;
using Datamodels.Attribution;
using Datamodels.Report.Charts;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;

namespace Datamodels.Report.Sections;

/// <summary>Datamodels beside other methods: their scores, and what each ranks first.</summary>
internal static class AttributionSection
{
    private const int ExamplesShown = 5;

    public static Section? Of(ReportContent content, Gallery gallery, ReportOptions options)
    {
        AttributionComparison[] methods =
            [.. content.Of<AttributionComparison>().OrderByDescending(method => method.Lds).ThenBy(method => method.Method)];
        IReadOnlyList<AttributedExample> examples = [.. content.Of<AttributedExample>().Distinct()];
        if (methods.Length + examples.Count == 0)
        {
            return null;
        }

        var section = new Section(
            "attribution", "Ways to attribute",
            "Each method scores every training example for every target, in a unit of its own. The LDS correlates the sum of the "
            + "scores of a held-out subset with the mean margin of models trained on it (1 is perfect); the flip curve removes "
            + "what a method ranks first and retrains: the fraction of targets that models then get wrong on average.");
        if (methods.Length > 0)
        {
            section.Add(Scores(methods), Markup.Classed("div", "charts", Charts(methods)));
        }

        if (examples.Count > 0)
        {
            Ranks.RequireOneFit(examples, example => (example.Method, example.Target, example.Rank));
            AddExamples(section, examples, gallery.Of(gallery.Only(examples[0], "export each run by itself")), options.Top);
        }

        return section;
    }

    private static XElement Scores(IEnumerable<AttributionComparison> methods)
    {
        var table = new Table(
            "Scores, what they rest on, and the seconds that scoring took",
            Column.OfText("Method"), new Column("LDS"), new Column("Targets"), new Column("Models"), new Column("Seconds"),
            new Column("Wrong, by examples removed"));
        foreach (AttributionComparison method in methods)
        {
            table.Add(
                NameOf(method.Method), Numbers.WithError(method.Lds, method.LdsError), Numbers.Count(method.TargetCount),
                Numbers.Count(method.ModelCount), Numbers.Fixed(method.Seconds, 1),
                method.Flips is [.., var last]
                    ? $"{Numbers.Percent(last.Fraction)} by {Numbers.Count(last.Size)}"
                    : Numbers.None);
        }

        return table.ToHtml();
    }

    private static IEnumerable<XElement> Charts(IReadOnlyList<AttributionComparison> methods)
    {
        yield return BarChart.Of(
            "LDS of each method; the lines are one standard error over targets.", "LDS",
            [
                .. methods.Select(method => new Bar(
                    NameOf(method.Method), method.Lds,
                    method.LdsError is { } error ? (method.Lds - error, method.Lds + error) : null)),
            ]);
        Curve[] flips =
        [
            .. methods.Where(method => method.Flips.Count > 0).Select(method => new Curve(
                NameOf(method.Method),
                [.. method.Flips.Select(point => CurvePoint.OfFraction(point.Size, point.Fraction, point.Error))])),
        ];
        if (flips.Length > 0)
        {
            yield return LineChart.Of(
                "Targets wrong on average once so many of the examples ranked first are removed; bands are one standard error.",
                "training examples removed, at most", "fraction of the targets", flips, bands: true);
        }
    }

    private static void AddExamples(Section section, IReadOnlyList<AttributedExample> examples, RunPictures pictures, int top)
    {
        Selection<IGrouping<int, AttributedExample>> chosen = Selection<IGrouping<int, AttributedExample>>.Of(
            [.. examples.GroupBy(example => example.Target).OrderBy(target => target.Key)], top, "target", "by their number");
        section.AddNote($"{chosen.Said} What each method ranks first for them, with the training example's number and class.");
        section.Add(Markup.Classed("div", "cards", chosen.Items.Select(target => new XElement(
            "article",
            Markup.Classed(
                "div", "subject", pictures.TargetPicture(target.Key),
                RunPictures.Heading(target.Key, target.First().TargetLabel)),
            target.GroupBy(example => example.Method).OrderBy(method => method.Key).Select(method => RunPictures.NamedRow(
                NameOf(method.Key),
                method.OrderBy(example => example.Rank).Take(ExamplesShown)
                    .Select(example => pictures.Example(example.Example, example.ExampleLabel))))))));
    }

    private static string NameOf(AttributionMethod method) => method switch
    {
        AttributionMethod.Datamodel => "datamodels",
        AttributionMethod.EmpiricalInfluence => "empirical influence",
        AttributionMethod.Trak => "TRAK",
        AttributionMethod.InfluenceFunctions => "influence functions",
        AttributionMethod.TracIn => "TracIn",
        AttributionMethod.RepresentationDistance => "representation distance",
        AttributionMethod.RandomSameClass => "random of the class",
        _ => method.ToString(),
    };
}
