using System.Collections.Concurrent;
using Datamodels.PowerShell;
using Xunit;

namespace Datamodels.Tests.PowerShell;

/// <summary>What a cmdlet's pipeline gets of work on another thread: all of it, in order, on the thread that may write.</summary>
public class WorkPumpTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly WorkPump _pump = new();
    private readonly List<string> _written = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    [Fact]
    public void Results_reports_and_messages_come_in_order_on_the_calling_thread()
    {
        int thread = 0;
        Run(Work, CancellationToken.None);

        Assert.NotEqual(_thread, thread);
        Assert.Equal(["1", "Training 1", "said", "2", "3", "Training ended"], _written);

        IEnumerable<int> Work(IProgress<WorkProgress> progress, CancellationToken cancellation)
        {
            thread = Environment.CurrentManagedThreadId;
            yield return 1;
            progress.Report(Report("Training", 1));
            _pump.Post(() => Write("said"));
            yield return 2;
            yield return 3;
        }
    }

    [Fact]
    public void More_results_than_may_wait_are_all_written()
    {
        Run((_, _) => Enumerable.Range(0, 1000), CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), _written);
    }

    [Fact]
    public void A_result_is_written_while_the_work_goes_on()
    {
        using var written = new ManualResetEventSlim();
        bool seen = false;
        _pump.Run(Work, _ => written.Set(), _ => { }, _ => { }, CancellationToken.None);
        Assert.True(seen);

        IEnumerable<int> Work(IProgress<WorkProgress> progress, CancellationToken cancellation)
        {
            yield return 1;
            seen = written.Wait(s_limit, CancellationToken.None);
        }
    }

    [Fact]
    public void Work_is_held_back_while_nobody_takes_what_it_yields()
    {
        int made = 0;
        _pump.Run(
            (_, _) => Enumerable.Range(0, 200).Select(i => Interlocked.Increment(ref made)),
            result =>
            {
                if (result == 1)
                {
                    // Enough for a thread that is not held back to be through.
                    Thread.Sleep(200);
                    Assert.InRange(Volatile.Read(ref made), 1, 20);
                }
            },
            _ => { }, _ => { }, CancellationToken.None);
        Assert.Equal(200, made);
    }

    [Fact]
    public void Stopping_cancels_the_work_and_waits_for_its_end()
    {
        using var stop = new CancellationTokenSource();
        bool ended = false;
        Assert.ThrowsAny<OperationCanceledException>(() => Run(Work, stop.Token));

        Assert.True(ended);
        Assert.Equal(["1", "Training 1", "Training ended"], _written);

        IEnumerable<int> Work(IProgress<WorkProgress> progress, CancellationToken cancellation)
        {
            try
            {
                yield return 1;
                stop.Cancel();
                progress.Report(Report("Training", 1));
                cancellation.WaitHandle.WaitOne(s_limit);
                cancellation.ThrowIfCancellationRequested();
                yield return 2;
            }
            finally
            {
                Thread.Sleep(50);
                ended = true;
            }
        }
    }

    [Fact]
    public void A_pipeline_that_is_cut_stops_the_work_and_waits_for_its_end()
    {
        bool cancelled = false;
        var cut = new InvalidOperationException("as Select-Object -First does");
        Exception thrown = Assert.Throws<InvalidOperationException>(() => _pump.Run<int>(
            Work, _ => throw cut, _ => { }, activity => Write(activity + " ended"), CancellationToken.None));

        Assert.Same(cut, thrown);
        Assert.True(cancelled);
        Assert.Equal(["Training ended"], _written);

        IEnumerable<int> Work(IProgress<WorkProgress> progress, CancellationToken cancellation)
        {
            progress.Report(Report("Training", 1));
            yield return 1;
            cancelled = cancellation.WaitHandle.WaitOne(s_limit);
        }
    }

    [Fact]
    public void What_the_work_throws_is_thrown_after_the_results_before_it()
    {
        var wrong = new DatamodelException("Wrong", ErrorKind.InvalidData, "it is wrong");
        Assert.Same(wrong, Assert.Throws<DatamodelException>(() => Run(Work, CancellationToken.None)));
        Assert.Equal(["1", "Fitting 2", "Fitting ended"], _written);

        IEnumerable<int> Work(IProgress<WorkProgress> progress, CancellationToken cancellation)
        {
            yield return 1;
            progress.Report(Report("Fitting", 2));
            throw wrong;
        }
    }

    [Fact]
    public void Reports_never_wait_and_the_last_activity_is_taken_away()
    {
        Run(Work, CancellationToken.None);
        Assert.Equal("Fitting ended", _written[^1]);
        Assert.Single(_written, line => line.EndsWith(" ended", StringComparison.Ordinal));

        IEnumerable<int> Work(IProgress<WorkProgress> progress, CancellationToken cancellation)
        {
            // More than there is room for, while the reader is busy with the result.
            yield return -1;
            for (int i = 0; i < 1000; i++)
            {
                progress.Report(Report(i < 500 ? "Training" : "Fitting", i));
            }
        }
    }

    [Fact]
    public void Without_a_report_nothing_is_taken_away()
    {
        Run((_, _) => [1], CancellationToken.None);
        Assert.Equal(["1"], _written);
    }

    [Fact]
    public void What_is_said_when_no_work_goes_on_is_nobodys()
    {
        Run((_, _) => [1], CancellationToken.None);
        _pump.Post(() => Write("late"));
        Assert.Equal(["1"], _written);
    }

    [Fact]
    public void Messages_of_many_threads_are_all_written()
    {
        var said = new ConcurrentBag<int>();
        Run(Work, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 400).Select(i => $"{i}").Order(), _written.Order());
        Assert.Equal(400, said.Count);

        IEnumerable<int> Work(IProgress<WorkProgress> progress, CancellationToken cancellation)
        {
            Parallel.For(0, 400, i =>
            {
                _pump.Post(() => Write($"{i}"));
                said.Add(i);
            });
            return [];
        }
    }

    private static WorkProgress Report(string activity, long done) => new(activity, done, 10, 1, null);

    private void Run(StreamingWork<int> work, CancellationToken stopping) => _pump.Run(
        work, result => Write($"{result}"), report => Write($"{report.Activity} {report.Done}"),
        activity => Write(activity + " ended"), stopping);

    private void Write(string line)
    {
        Assert.Equal(_thread, Environment.CurrentManagedThreadId);
        _written.Add(line);
    }
}
