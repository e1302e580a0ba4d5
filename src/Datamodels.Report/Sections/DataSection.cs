using Datamodels.Data;
using Datamodels.Report.Html;

namespace Datamodels.Report.Sections;

/// <summary>Data sets that were given by themselves.</summary>
internal static class DataSection
{
    public static Section? Of(ReportContent content)
    {
        TrainingData[] sets = [.. content.Of<TrainingData>().DistinctBy(data => data.Fingerprint)];
        if (sets.Length == 0)
        {
            return null;
        }

        var section = new Section(
            "data", "The data",
            "What models are trained on, and the test examples whose predictions are studied. The fingerprint is a checksum of "
            + "shapes, features and labels: data sets that have the same one train alike.");
        foreach (TrainingData data in sets)
        {
            var facts = new Facts();
            facts.Add("Data", WordsOf(data));
            facts.Add("Classes", string.Join(", ", data.Classes));
            facts.Add("Fingerprint", data.Fingerprint);
            section.Add(facts.ToHtml());
        }

        return section;
    }

    /// <summary>The name and the sizes of a data set.</summary>
    public static string WordsOf(TrainingData data) =>
        $"{data.Name}: {Numbers.Count(data.TrainCount)} training and {Numbers.Count(data.TestCount)} test examples of "
        + $"{Numbers.Count(data.FeatureCount, "feature")}"
        + (data.ImageShape is { } shape ? $" ({shape} pixels)" : "") + $", {Numbers.Count(data.ClassCount)} classes";
}
