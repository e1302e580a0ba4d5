using System.Xml.Linq;
using Datamodels.Insight;
using Datamodels.Report.Charts;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;

namespace Datamodels.Report.Sections;

/// <summary>Effects of removals, predicted and measured, fit by fit.</summary>
internal static class CounterfactualSection
{
    public static Section? Of(ReportContent content, Gallery gallery)
    {
        IReadOnlyList<Counterfactual> counterfactuals = content.Of<Counterfactual>();
        IReadOnlyList<Counterfactual>[] fits =
        [
            .. counterfactuals.GroupBy(counterfactual =>
                    (counterfactual.Datamodel.Training.Path, counterfactual.Datamodel.Output, counterfactual.Datamodel.Options))
                .Select(fit => fit.ToArray()),
        ];
        (string Run, CounterfactualMeasure Measure)[] measures =
        [
            .. fits.SelectMany(fit => CounterfactualMeasure.Of(fit)
                .Select(measure => (gallery.SuffixOf(fit[0].Datamodel.Training), measure))),
        ];
        measures =
        [
            .. measures,
            .. content.Of<CounterfactualMeasure>().Except(measures.Select(row => row.Measure)).Select(measure => ("", measure)),
        ];
        if (measures.Length == 0)
        {
            return null;
        }

        int[] retrainings = [.. counterfactuals.Select(counterfactual => counterfactual.RetrainingCount).Distinct().Order()];
        var section = new Section(
            "counterfactuals", "Counterfactuals",
            "By how much a target's expected output falls when some training examples are removed, in units of the output: what "
            + "its datamodel predicts, and what was measured as the difference of two means over "
            + (retrainings.Length == 0 ? "" : $"{Numbers.Counts(retrainings)} ") + "retrained models each, with and without the "
            + "examples.");
        section.Add(Markup.Classed("div", "charts", fits.Select(fit => ChartOf(fit, gallery))));
        section.Add(Agreement(measures));
        return section;
    }

    private static XElement ChartOf(IReadOnlyList<Counterfactual> fit, Gallery gallery)
    {
        string unit = Units.NameOf(fit[0].Datamodel.Output);
        CounterfactualMeasure all = CounterfactualMeasure.Of(fit)[0];
        string agreement = all.Spearman is null
            ? "too few to correlate"
            : $"Spearman {Numbers.Fixed(all.Spearman)}, Pearson {Numbers.Fixed(all.Pearson)}";
        return ScatterChart.Of(
            $"{Numbers.Count(fit.Count, "removal")}, {FitOf(all)}{gallery.SuffixOf(fit[0].Datamodel.Training)}: {agreement}.",
            $"predicted fall of the {unit}", $"measured fall of the {unit}",
            [
                .. from counterfactual in fit
                   group counterfactual by counterfactual.Kind into kind
                   orderby kind.Key
                   select new Cloud(NameOf(kind.Key), [.. kind.Select(one => (one.PredictedEffect, one.MeasuredEffect))]),
            ],
            identity: "as predicted");
    }

    private static XElement Agreement(IEnumerable<(string Run, CounterfactualMeasure Measure)> measures)
    {
        var table = new Table(
            "How well effects are predicted",
            Column.OfText("Removals"), Column.OfText("Fit"), new Column("Count"), new Column("Spearman"), new Column("Pearson"),
            new Column("Slope"), new Column("Offset"));
        foreach ((string run, CounterfactualMeasure measure) in measures)
        {
            table.Add(
                NameOf(measure.Kind), FitOf(measure) + run, Numbers.Count(measure.RemovalCount), Numbers.Fixed(measure.Spearman),
                Numbers.Fixed(measure.Pearson), Numbers.Fixed(measure.Slope), Numbers.Fixed(measure.Offset));
        }

        return table.ToHtml();
    }

    private static string FitOf(CounterfactualMeasure measure) =>
        $"{measure.Method}, {Numbers.Count(measure.ModelCount, "model")} at alpha {Numbers.Short(measure.Alpha)}";

    private static string NameOf(RemovalKind? kind) => kind switch
    {
        null => "all",
        RemovalKind.Top => "largest weights",
        RemovalKind.Bottom => "smallest weights",
        RemovalKind.Random => "random",
        RemovalKind.Given => "given",
        _ => kind.Value.ToString(),
    };
}
