using System.Globalization;
using System.Management.Automation;
using Datamodels.Runs;

namespace Datamodels.PowerShell;

/// <summary>What the library reports, as PowerShell's streams have it.</summary>
internal static class Records
{
    /// <summary>What marks a message as one for the host.</summary>
    public const string HostTag = "PSHOST";

    /// <summary>A message as Write-Host writes it.</summary>
    public static HostInformationMessage Host(string text) => new() { Message = text };

    /// <summary>An error that the user can put right.</summary>
    public static ErrorRecord Error(DatamodelException e, object? target) => new(e, e.Id, CategoryOf(e.Kind), target);

    /// <summary>Where a long piece of work stands.</summary>
    public static ProgressRecord Progress(int activityId, WorkProgress value) => new(activityId, value.Activity, Status(value))
    {
        PercentComplete = value.Total > 0 ? (int)Math.Clamp(100 * value.Done / value.Total, 0, 100) : -1,
        SecondsRemaining = value.TimeLeft is TimeSpan left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1,
    };

    /// <summary>Such as <c>400 of 5,000, 120.5 a second</c>.</summary>
    public static string Status(WorkProgress value)
    {
        string rate = value.PerSecond > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {value.PerSecond:#,0.#} a second")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{value.Done:N0} of {value.Total:N0}{rate}");
    }

    /// <summary>Takes the bar of an activity away.</summary>
    public static ProgressRecord Done(int activityId, string activity) =>
        new(activityId, activity, "Done") { RecordType = ProgressRecordType.Completed };

    /// <summary>What is said of models that were trained again; null where there were none.</summary>
    public static string? DamageWarning(SubsetTraining training, TrainingReport report) => report.Damaged == 0
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Damaged} of the models in '{training.Path}' did not match their checksum, as after a fault of the ")
            + "disk, and were trained again.";

    private static ErrorCategory CategoryOf(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorKind.InvalidData => ErrorCategory.InvalidData,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.Conflict => ErrorCategory.ResourceExists,
        ErrorKind.InputOutput => ErrorCategory.ResourceUnavailable,
        ErrorKind.LearnerFailed => ErrorCategory.InvalidResult,
        _ => ErrorCategory.NotSpecified,
    };
}
