using System.Collections.Concurrent;

namespace Datamodels.PowerShell;

/// <summary>Work that yields results; each is written as soon as it is there.</summary>
public delegate IEnumerable<T> StreamingWork<out T>(IProgress<WorkProgress> progress, CancellationToken cancellation);

/// <summary>
/// Has work done on another thread while the calling one, the only one that may write to a pipeline, writes what comes of it, in
/// the order in which it came.
/// </summary>
internal sealed class WorkPump
{
    // Results that may wait to be written; beyond that the work waits, so that a cut pipeline has wasted little.
    private const int MaximumWaiting = 16;

    // Takes what is to be written while work goes on.
    private volatile Action<Action>? _post;

    /// <summary>
    /// Does work and writes each of its results. However that ends, the work has ended then, told to stop where it had not, and
    /// its progress is taken away.
    /// </summary>
    /// <param name="work">What is done on another thread; what it throws, this throws.</param>
    /// <param name="write">Writes a result.</param>
    /// <param name="show">Shows where the work stands; a report that finds too much waiting is dropped, the next will do.</param>
    /// <param name="complete">Takes away the progress of an activity; called at the end where there was a report.</param>
    /// <param name="stopping">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public void Run<T>(
        StreamingWork<T> work, Action<T> write, Action<WorkProgress> show, Action<string> complete, CancellationToken stopping)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var waiting = new BlockingCollection<Action>(MaximumWaiting);
        var progress = new Reports(waiting, show);
        _post = writing => Post(writing, waiting, cancellation.Token);
        Task running = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    foreach (T result in work(progress, cancellation.Token))
                    {
                        waiting.Add(() => write(result), cancellation.Token);
                    }
                }
                finally
                {
                    waiting.CompleteAdding();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (Action writing in waiting.GetConsumingEnumerable())
            {
                writing();
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            cancellation.Cancel();
            Task.WhenAny(running).Wait();
            _post = null;
            if (progress.Activity is string activity)
            {
                complete(activity);
            }
        }
    }

    /// <summary>
    /// Has the thread that called <see cref="Run{T}"/> write something, after the results so far; waits for room, so that work
    /// that says much is held back and nothing is lost. Where no work goes on, nobody writes it.
    /// </summary>
    public void Post(Action write) => _post?.Invoke(write);

    private static void Post(Action write, BlockingCollection<Action> waiting, CancellationToken cancellation)
    {
        try
        {
            waiting.Add(write, cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            // The pipeline has ended, and nobody reads any more.
        }
    }

    private sealed class Reports(BlockingCollection<Action> waiting, Action<WorkProgress> show) : IProgress<WorkProgress>
    {
        private volatile string? _activity;

        /// <summary>What the last report was about; null where there was none.</summary>
        public string? Activity => _activity;

        public void Report(WorkProgress value)
        {
            _activity = value.Activity;
            try
            {
                waiting.TryAdd(() => show(value));
            }
            catch (InvalidOperationException)
            {
                // The work is done, or the pipeline has ended.
            }
        }
    }
}
