using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Datamodels.Worker;

/// <summary>Shows where the work stands: live bars on a terminal, a line now and then where the output is redirected.</summary>
internal static class ProgressDisplay
{
    /// <summary>Does the work while showing its progress, and returns its result.</summary>
    public static T Run<T>(Func<IProgress<WorkProgress>, T> work)
    {
        if (!AnsiConsole.Profile.Out.IsTerminal || !AnsiConsole.Profile.Capabilities.Interactive)
        {
            return work(new Lines(Console.Out));
        }

        var rates = new ConcurrentDictionary<int, WorkProgress>();
        return AnsiConsole.Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RateColumn(rates))
            .Start(context => work(new Bars(context, rates)));
    }

    /// <summary>"1,234/s, 0:12 left".</summary>
    internal static string Rate(WorkProgress progress)
    {
        string rate = progress.PerSecond >= 10
            ? progress.PerSecond.ToString("N0", CultureInfo.InvariantCulture)
            : progress.PerSecond.ToString("0.0", CultureInfo.InvariantCulture);
        return progress switch
        {
            { PerSecond: <= 0 } => "",
            { TimeLeft: { } left } when progress.Done < progress.Total => $"{rate}/s, {Clock(left)} left",
            _ => $"{rate}/s",
        };
    }

    private static string Clock(TimeSpan time) => time.TotalHours < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>One bar per activity.</summary>
    private sealed class Bars(ProgressContext context, ConcurrentDictionary<int, WorkProgress> rates) : IProgress<WorkProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(WorkProgress value)
        {
            if (!_tasks.TryGetValue(value.Activity, out ProgressTask? task))
            {
                task = context.AddTask(Markup.Escape(value.Activity), maxValue: Math.Max(1, value.Total));
                _tasks.Add(value.Activity, task);
            }

            rates[task.Id] = value;
            task.Value = value.Total == 0 ? 1 : value.Done;
        }
    }

    /// <summary>The rate and time left as the work itself measures them: over this session only.</summary>
    private sealed class RateColumn(ConcurrentDictionary<int, WorkProgress> rates) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(rates.TryGetValue(task.Id, out WorkProgress progress) ? Rate(progress) : "");
    }

    /// <summary>A line at the start and the end of each activity, and every ten seconds between.</summary>
    internal sealed class Lines(TextWriter output) : IProgress<WorkProgress>
    {
        private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

        private string? _activity;
        private bool _ended;
        private long _last;

        public void Report(WorkProgress value)
        {
            bool end = value.Done >= value.Total;
            if (value.Activity != _activity)
            {
                _activity = value.Activity;
                _ended = false;
            }
            else if (_ended || (!end && Stopwatch.GetElapsedTime(_last) < s_interval))
            {
                return;
            }

            _ended = end;
            _last = Stopwatch.GetTimestamp();
            string rate = Rate(value);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Activity}: {value.Done:N0} of {value.Total:N0}{(rate.Length == 0 ? "" : ", ")}{rate}"));
        }
    }
}
