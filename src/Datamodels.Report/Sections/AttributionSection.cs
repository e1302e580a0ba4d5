using Datamodels.Attribution;
using Datamodels.Report.Charts;
using Datamodels.Report.Html;

namespace Datamodels.Report.Sections;

/// <summary>Datamodels beside other methods.</summary>
internal static class AttributionSection
{
    public static Section? Of(ReportContent content)
    {
        AttributionComparison[] methods =
            [.. content.Of<AttributionComparison>().OrderByDescending(method => method.Lds).ThenBy(method => method.Method)];
        if (methods.Length == 0)
        {
            return null;
        }

        var section = new Section(
            "attribution", "Ways to attribute",
            "Each method scores every training example for every target. The LDS correlates the sum of the scores of a held-out "
            + "subset with the mean margin of models trained on it (1 is perfect); the flip curve removes what a method ranks first and "
            + "retrains: the fraction of targets that models then get wrong on average.");
        var table = new Table(
            "Scores, what they rest on, and the seconds that scoring took",
            Column.OfText("Method"), new Column("LDS"), new Column("Targets"), new Column("Models"), new Column("Seconds"),
            new Column("Wrong"));
        foreach (AttributionComparison method in methods)
        {
            table.Add(
                Name(method.Method), Numbers.WithError(method.Lds, method.LdsError), Numbers.Count(method.TargetCount),
                Numbers.Count(method.ModelCount), Numbers.Fixed(method.Seconds, 1),
                method.Flips.Count == 0 ? Numbers.None : $"{Numbers.Percent(method.Flips[^1].Fraction)} by {Numbers.Count(method.Flips[^1].Size)}");
        }

        section.Add(table.ToHtml());
        Curve[] flips = [.. methods.Where(method => method.Flips.Count > 0).Select(CurveOf)];
        section.Add(Markup.Classed(
            "div", "charts",
            BarChart.Of(
                "LDS of each method; the lines are one standard error over targets.", "LDS",
                [
                    .. methods.Select(method => new Bar(
                        Name(method.Method), method.Lds,
                        method.LdsError is { } error ? (method.Lds - error, method.Lds + error) : null)),
                ]),
            flips.Length == 0 ? null : LineChart.Of(
                "Targets wrong on average once so many of the examples ranked first are removed; the bands are one standard error.",
                "training examples removed, at most", "fraction of the targets", flips, bands: true)));
        return section;
    }

    private static Curve CurveOf(AttributionComparison method) => new(
        Name(method.Method),
        [
            .. method.Flips.Select(point => new CurvePoint(
                point.Size, point.Fraction, Math.Max(0, point.Fraction - point.Error), Math.Min(1, point.Fraction + point.Error))),
        ]);

    private static string Name(AttributionMethod method) => method switch
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
