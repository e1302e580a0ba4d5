using System.Xml.Linq;
using Datamodels.Attribution;
using Datamodels.Report.Charts;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;
using Datamodels.Runs;

namespace Datamodels.Report.Sections;

/// <summary>Scores on held-out subsets: per alpha, by the number of models, and target by target.</summary>
internal static class MeasureSection
{
    public static Section? Of(ReportContent content, Gallery gallery)
    {
        DatamodelMeasure[] measures =
            [.. content.Of<DatamodelMeasure>().OrderBy(measure => measure.Alpha).ThenBy(measure => measure.ModelCount)];
        if (measures.Length == 0)
        {
            return null;
        }

        var section = new Section(
            "measures", "How well datamodels predict",
            "The linear datamodeling score (LDS) is the Spearman correlation, over held-out subsets, of what the datamodels "
            + "predict with the mean output of models trained on these subsets, averaged over targets: 1 is perfect, and the "
            + "ceiling is about the most that the noise of the trainings leaves. Intervals are 95 % over the draw of the "
            + "subsets, none of which the fits have seen.");
        foreach ((SubsetTraining? run, IReadOnlyList<DatamodelMeasure> own) in gallery.ByRun(measures, RunOf))
        {
            section.AddHeading(gallery.NameOf(run));
            section.Add(Scores(own), Markup.Classed("div", "charts", Charts(own)));
        }

        return section;
    }

    private static SubsetTraining RunOf(DatamodelMeasure measure) => measure.TargetMeasures[0].Datamodel.Training;

    private static XElement Scores(IEnumerable<DatamodelMeasure> measures)
    {
        var table = new Table(
            "Scores on held-out subsets; RMSE and offset in units of the output",
            new Column("Alpha"), new Column("Models"), new Column("Targets"), new Column("Subsets"), new Column("Retrainings"),
            new Column("LDS"), new Column("95 %"), new Column("Ceiling"), new Column("R2"), new Column("RMSE"),
            new Column("Slope"), new Column("Offset"));
        foreach (DatamodelMeasure measure in measures)
        {
            table.Add(
                Numbers.Short(measure.Alpha), Numbers.Count(measure.ModelCount), Numbers.Count(measure.TargetCount),
                Numbers.Count(measure.SubsetCount), Numbers.Count(measure.RetrainingCount),
                Numbers.WithError(measure.Lds, measure.LdsError),
                $"{Numbers.Fixed(measure.LdsInterval.Low)} to {Numbers.Fixed(measure.LdsInterval.High)}",
                Numbers.Fixed(measure.LdsCeiling), Numbers.Fixed(measure.R2), Numbers.Fixed(measure.Rmse),
                Numbers.Fixed(measure.Slope), Numbers.Fixed(measure.Offset));
        }

        return table.ToHtml();
    }

    private static IEnumerable<XElement> Charts(IReadOnlyList<DatamodelMeasure> measures)
    {
        // The measure with the most models stands for its alpha.
        DatamodelMeasure[] last = [.. measures.GroupBy(measure => measure.Alpha).Select(alpha => alpha.Last())];
        yield return BarChart.Of(
            "LDS at each alpha, with its 95 % interval.", "LDS",
            [
                .. last.Select(measure => new Bar(
                    $"alpha {Numbers.Short(measure.Alpha)}", measure.Lds, (measure.LdsInterval.Low, measure.LdsInterval.High),
                    measure.LdsCeiling)),
            ],
            last.Any(measure => measure.LdsCeiling is not null) ? "ceiling" : null);

        Curve[] growth =
        [
            .. from measure in measures
               group measure by measure.Alpha into alpha
               where alpha.DistinctBy(measure => measure.ModelCount).Count() > 1
               select new Curve(
                   $"alpha {Numbers.Short(alpha.Key)}",
                   [
                       .. alpha.Select(measure => new CurvePoint(
                           measure.ModelCount, measure.Lds, measure.LdsInterval.Low, measure.LdsInterval.High)),
                   ]),
        ];
        if (growth.Length > 0)
        {
            yield return LineChart.Of(
                "LDS by the number of models fitted to, with its 95 % interval.", "models", "LDS", growth, logarithmic: true,
                fromZero: false);
        }

        foreach (DatamodelMeasure measure in last)
        {
            yield return Histogram.Of(
                $"LDS of each target at alpha {Numbers.Short(measure.Alpha)}.", "LDS", "target",
                [.. measure.TargetMeasures.Select(target => target.Lds)]);
            yield return Histogram.Of(
                $"Calibration of each target at alpha {Numbers.Short(measure.Alpha)}: 1 is calibrated, more is shrinkage.",
                "slope of measured over predicted", "target", [.. measure.TargetMeasures.Select(target => target.Slope)]);
        }
    }
}
