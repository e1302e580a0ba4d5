using System.Diagnostics;

namespace Datamodels;

/// <summary>Where a long piece of work stands.</summary>
/// <param name="Activity">What is being done, such as <c>Training</c>.</param>
/// <param name="Done">Units done so far, those of earlier sessions included; 0..<paramref name="Total"/>.</param>
/// <param name="Total">Units in all.</param>
/// <param name="PerSecond">Units a second in this session; 0 while unknown.</param>
/// <param name="TimeLeft">Estimated time left at that rate; null while unknown.</param>
public readonly record struct WorkProgress(string Activity, long Done, long Total, double PerSecond, TimeSpan? TimeLeft);

/// <summary>
/// Turns "so many are done" into <see cref="WorkProgress"/> reports: measures the rate over this session only (work
/// done by an earlier session does not make it look faster) and reports at most five times a second.
/// Not thread-safe: one thread reports.
/// </summary>
/// <param name="progress">Where reports go; null reports nowhere.</param>
/// <param name="activity">What is being done.</param>
/// <param name="total">Units in all.</param>
/// <param name="alreadyDone">Units that were done before this session.</param>
public sealed class ProgressMeter(IProgress<WorkProgress>? progress, string activity, long total, long alreadyDone = 0)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly long _start = Stopwatch.GetTimestamp();
    private long _lastReport;

    /// <summary>
    /// Reports that <paramref name="done"/> units are done in all; dropped if the last report is under 0.2 s old.
    /// </summary>
    public void Report(long done)
    {
        if (progress is null)
        {
            return;
        }

        if (_lastReport != 0 && done < total && Stopwatch.GetElapsedTime(_lastReport) < s_interval)
        {
            return;
        }

        _lastReport = Stopwatch.GetTimestamp();
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        double perSecond = seconds > 0 ? (done - alreadyDone) / seconds : 0;
        TimeSpan? left = perSecond > 0 ? TimeSpan.FromSeconds((total - done) / perSecond) : null;
        progress.Report(new WorkProgress(activity, done, total, perSecond, left));
    }
}
