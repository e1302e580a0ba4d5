using System.Globalization;
using CsvHelper;
using Datamodels.Insight;
using Datamodels.IO;

namespace Datamodels.Experiments;

/// <summary>Writes influencers and brittle sets as CSV: a header line, numbers to the last bit, UTF-8.</summary>
internal static class ResultTables
{
    private static readonly CsvWriterOptions s_options = new() { NewLine = "\n" };

    public static void WriteInfluencers(string path, IEnumerable<Influencer> influencers) => Write(
        path,
        ["target", "target_label", "rank", "example", "example_label", "weight"],
        influencers.Select(i => new object?[] { i.Target, i.TargetLabel, i.Rank, i.Example, i.ExampleLabel, i.Weight }));

    public static void WriteBrittleSets(string path, IEnumerable<BrittleSet> sets) => Write(
        path,
        [
            "target", "label", "mode", "new_label", "status", "size_factor", "predicted_size", "size", "full_margin",
            "predicted_margin", "control_margin", "retrained_margin", "retrained_error", "retrainings", "flipped", "reason",
            "examples",
        ],
        sets.Select(set => new object?[]
        {
            set.Target, set.Label, set.Mode, set.NewLabel, set.Status, set.SizeFactor, set.PredictedSize, set.Size,
            set.FullMargin, set.PredictedMargin, set.ControlMargin, set.RetrainedMargin, set.RetrainedError, set.RetrainingCount,
            set.Flipped, set.Reason, set.Examples,
        }));

    public static void WriteBrittleDistribution(string path, IEnumerable<BrittleMeasure> measures) => Write(
        path,
        ["mode", "size", "count", "fraction", "error"],
        measures.SelectMany(measure => measure.Distribution)
            .Select(point => new object?[] { point.Mode, point.Size, point.Count, point.Fraction, point.Error }));

    private static void Write(string path, string[] header, IEnumerable<object?[]> rows) => AtomicFile.Write(path, stream =>
    {
        using CsvWriter csv = CsvWriter.Create(stream, s_options, leaveOpen: true);
        csv.WriteRecord(header);
        foreach (object?[] row in rows)
        {
            csv.WriteRecord([.. row.Select(field => Convert.ToString(field, CultureInfo.InvariantCulture) ?? "")]);
        }
    });
}
