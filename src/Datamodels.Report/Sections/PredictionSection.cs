using System.Xml.Linq;
using Datamodels.Insight;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;
using Datamodels.Runs;

namespace Datamodels.Report.Sections;

/// <summary>What datamodels predict of models trained on given subsets.</summary>
internal static class PredictionSection
{
    public static Section? Of(ReportContent content, Gallery gallery, ReportOptions options)
    {
        IReadOnlyList<DatamodelPrediction> predictions = content.Of<DatamodelPrediction>();
        if (predictions.Count == 0)
        {
            return null;
        }

        var section = new Section(
            "predictions", "Predictions for subsets",
            "What the datamodels predict of models trained on given subsets of the training set, in units of the output, and the "
            + "change from all of it. Nothing is retrained here.");
        foreach ((SubsetTraining? run, IReadOnlyList<DatamodelPrediction> own) in gallery.ByRun(
            predictions, prediction => prediction.Datamodel.Training))
        {
            section.AddHeading(gallery.NameOf(run));
            Selection<DatamodelPrediction> chosen = Selection<DatamodelPrediction>.Of(
                [.. own.OrderByDescending(prediction => Math.Abs(prediction.Change)).ThenBy(prediction => prediction.Target)
                    .ThenBy(prediction => prediction.Subset)],
                options.Top, "prediction", "those that change most");
            section.AddNote(chosen.Said);
            section.Add(TableOf(chosen.Items, gallery.Of(run)));
        }

        return section;
    }

    private static XElement TableOf(IEnumerable<DatamodelPrediction> predictions, RunPictures pictures)
    {
        var table = new Table(
            "Predictions, in units of the output",
            Column.OfText("Target"), new Column("Subset"), new Column("Examples in it"), new Column("With all"),
            new Column("Predicted"), new Column("Change"));
        foreach (DatamodelPrediction prediction in predictions)
        {
            table.Add(
                pictures.Target(prediction.Target, prediction.Label), Numbers.Count(prediction.Subset),
                Numbers.Count(prediction.Size), Numbers.Fixed(prediction.Datamodel.FullMargin),
                Numbers.Fixed(prediction.PredictedMargin), Numbers.Signed(prediction.Change));
        }

        return table.ToHtml();
    }
}
