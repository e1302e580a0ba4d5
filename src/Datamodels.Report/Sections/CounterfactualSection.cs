using System.Xml.Linq;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Report.Charts;
using Datamodels.Report.Html;

namespace Datamodels.Report.Sections;

/// <summary>Effects of removals, predicted and measured, fit by fit.</summary>
internal static class CounterfactualSection
{
    public static Section? Of(ReportContent content)
    {
        IReadOnlyList<Counterfactual> counterfactuals = content.Of<Counterfactual>();
        if (counterfactuals.Count == 0)
        {
            return null;
        }

        int[] retrainings = [.. counterfactuals.Select(counterfactual => counterfactual.Retrainings).Distinct().Order()];
        var section = new Section(
            "counterfactuals", "Counterfactuals",
            "By how much a target's expected output falls when some training examples are removed, in units of the output: what its "
            + "datamodel predicts, and what was measured as the difference of two means over "
            + $"{string.Join(" or ", retrainings.Select(Numbers.Count))} retrained models each, with and without the examples.");
        IReadOnlyList<CounterfactualMeasure> measures = CounterfactualMeasure.Of(counterfactuals);
        var table = new Table(
            "How well effects are predicted",
            Column.OfText("Removals"), Column.OfText("Fit"), new Column("Count"), new Column("Spearman"), new Column("Pearson"),
            new Column("Slope"), new Column("Offset"));
        foreach (CounterfactualMeasure measure in measures)
        {
            table.Add(
                NameOf(measure.Kind), $"{measure.Method}, {Numbers.Count(measure.ModelCount)} models at alpha {Numbers.Short(measure.Alpha)}",
                Numbers.Count(measure.RemovalCount), Numbers.Fixed(measure.Spearman), Numbers.Fixed(measure.Pearson),
                Numbers.Fixed(measure.Slope), Numbers.Fixed(measure.Offset));
        }

        section.Add(Markup.Classed(
            "div", "charts",
            counterfactuals.GroupBy(counterfactual =>
                (counterfactual.Datamodel.Training.Path, counterfactual.Datamodel.Output, counterfactual.Datamodel.Options))
                .Zip(measures.Where(measure => measure.Kind is null), (fit, measure) => ChartOf([.. fit], measure))));
        section.Add(table.ToHtml());
        return section;
    }

    private static XElement ChartOf(IReadOnlyList<Counterfactual> fit, CounterfactualMeasure measure)
    {
        string unit = Units.NameOf(fit[0].Datamodel.Output);
        return ScatterChart.Of(
            $"{Numbers.Count(fit.Count, "removal")}, {measure.Method} at alpha {Numbers.Short(measure.Alpha)}: "
            + (measure.Spearman is null ? "too few to correlate." : $"Spearman {Numbers.Fixed(measure.Spearman)}, Pearson {Numbers.Fixed(measure.Pearson)}."),
            $"predicted fall of the {unit}", $"measured fall of the {unit}",
            [
                .. from counterfactual in fit
                   group counterfactual by counterfactual.Kind into kind
                   orderby kind.Key
                   select new Cloud(
                       NameOf(kind.Key),
                       [.. kind.Select(one => (one.PredictedEffect, one.MeasuredEffect))]),
            ],
            identity: "as predicted");
    }

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
