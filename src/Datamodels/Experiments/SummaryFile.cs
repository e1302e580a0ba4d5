using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Datamodels.Attribution;
using Datamodels.IO;

namespace Datamodels.Experiments;

/// <summary>Writes the figures of an experiment as JSON, keys in snake_case; what was not measured is null.</summary>
internal static class SummaryFile
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static void Write(string path, ExperimentSummary summary, IReadOnlyList<DatamodelMeasure> measures)
    {
        string json = ToJson(summary, measures).ToJsonString(s_indented) + "\n";
        AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(json)));
    }

    /// <summary>The file's content.</summary>
    public static JsonObject ToJson(ExperimentSummary summary, IReadOnlyList<DatamodelMeasure> measures)
    {
        DatamodelMeasure? own = measures.FirstOrDefault(measure => measure.Alpha == summary.Alpha);
        var json = new JsonObject
        {
            ["models"] = summary.Models,
            ["models_trained"] = summary.ModelsTrained,
            ["models_damaged"] = summary.ModelsDamaged,
            ["models_per_second"] = Number(summary.ModelsPerSecond),
            ["fit_seconds"] = Number(summary.Seconds.Fit),
            ["alpha"] = summary.Alpha,
            ["lds"] = Number(own?.Lds),
            ["lds_error"] = Number(own?.LdsError),
            ["lds_ceiling"] = Number(own?.LdsCeiling),
        };
        foreach (DatamodelMeasure other in measures.Where(measure => measure != own))
        {
            string percent = InKey((decimal)other.Alpha * 100);
            json[$"lds_alpha{percent}"] = Number(other.Lds);
            json[$"lds_ceiling_alpha{percent}"] = Number(other.LdsCeiling);
        }

        json["train_count"] = summary.TrainCount;
        json["targets"] = summary.TargetCount;
        json["targets_not_fitted"] = summary.TargetsNotFitted;
        json["test_accuracy"] = Number(summary.TestAccuracy);
        json["held_out_r2"] = Number(summary.HeldOutR2);
        json["nonzero_weights"] = Number(summary.NonzeroWeights);
        json["worst_duality_gap"] = Number(summary.WorstDualityGap);
        json["worst_kkt_residual"] = Number(summary.WorstKktResidual);
        json["not_converged"] = summary.NotConverged;
        json["brittle"] = summary.Brittle is null ? null : Brittle(summary.Brittle);
        json["brittle_flip"] = summary.BrittleFlip is null ? null : Brittle(summary.BrittleFlip);
        json["seconds"] = new JsonObject
        {
            ["data"] = Number(summary.Seconds.Data),
            ["training"] = Number(summary.Seconds.Training),
            ["fit"] = Number(summary.Seconds.Fit),
            ["brittle"] = Number(summary.Seconds.Brittle),
            ["held_out"] = Number(summary.Seconds.HeldOut),
            ["total"] = Number(summary.Seconds.Total),
        };
        json["engine"] = summary.Engine;
        json["threads"] = summary.Threads;
        json["version"] = summary.Version;
        return json;
    }

    private static JsonObject Brittle(BrittleSummary brittle)
    {
        var json = new JsonObject
        {
            ["targets"] = brittle.Targets,
            ["with_set"] = brittle.WithSet,
            ["no_set"] = brittle.NoSet,
            ["already_wrong"] = brittle.AlreadyWrong,
            ["control_wrong"] = brittle.ControlWrong,
            ["retrainings"] = brittle.Retrainings,
            ["median_k"] = Number(brittle.MedianSize),
        };
        foreach (FlippedFraction flipped in brittle.Flipped)
        {
            string factor = flipped.SizeFactor == 1 ? "" : $"{InKey((decimal)flipped.SizeFactor)}";
            json[$"flipped_at_{factor}k"] = Number(flipped.Fraction);
        }

        json["search"] = brittle.Search is not { } search ? null : new JsonObject
        {
            ["verified"] = search.Verified,
            ["verified_without_set"] = search.VerifiedWithoutSet,
            ["cannot_flip"] = search.CannotFlip,
            ["already_wrong"] = search.AlreadyWrong,
            ["median_size"] = Number(search.MedianSize),
            ["shared"] = search.Shared,
            ["median_shared"] = Number(search.MedianShared),
        };
        return json;
    }

    /// <summary>A number as part of a key: 1.2 is 1_2.</summary>
    private static string InKey(decimal value) =>
        value.ToString("0.############", CultureInfo.InvariantCulture).Replace('.', '_');

    /// <summary>JSON has no NaN and no infinity: null.</summary>
    private static JsonValue? Number(double? value) =>
        value is { } known && double.IsFinite(known) ? JsonValue.Create(known) : null;
}
