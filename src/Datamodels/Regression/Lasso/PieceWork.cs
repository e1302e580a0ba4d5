using System.Runtime.ExceptionServices;

namespace Datamodels.Regression;

/// <summary>
/// Numbered pieces of work that threads of its own take in order, several at a time, and their results as they are done. The
/// first failure ends it. Disposing stops the work and waits for the threads.
/// </summary>
/// <typeparam name="TResult">What a piece gives.</typeparam>
internal sealed class PieceWork<TResult> : IDisposable
    where TResult : class
{
    private readonly object _gate = new();
    private readonly int _count;
    private readonly Queue<(int Index, TResult Result)> _results = new();
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _stop;
    private readonly Thread[] _threads;
    private ExceptionDispatchInfo? _failure;
    private int _next;
    private int _done;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="work">
    /// What each thread does: takes numbers of pieces until it is given null, and hands in their results, in any order.
    /// </param>
    /// <param name="cancellation">Stops the work.</param>
    public PieceWork(
        int count, int threads, Action<Func<int?>, Action<int, TResult>, CancellationToken> work,
        CancellationToken cancellation)
    {
        _count = count;
        _cancellation = cancellation;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(() => Work(work)) { IsBackground = true, Name = "Datamodel fit" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of pieces done, in any order.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Waits for the result of whichever piece is done next; returns whether there is one.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public bool TryTake(TimeSpan timeout, out (int Index, TResult Result) next)
    {
        _cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_results.Count == 0 && _failure is null)
            {
                Monitor.Wait(_gate, timeout);
            }

            _failure?.Throw();
            return _results.TryDequeue(out next);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _stop.Dispose();
    }

    private void Work(Action<Func<int?>, Action<int, TResult>, CancellationToken> work)
    {
        try
        {
            work(Begin, End, _stop.Token);
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                _failure ??= ExceptionDispatchInfo.Capture(exception);
                Monitor.PulseAll(_gate);
            }

            _stop.Cancel();
        }
    }

    private int? Begin()
    {
        lock (_gate)
        {
            return _next == _count || _stop.IsCancellationRequested ? null : _next++;
        }
    }

    private void End(int index, TResult result)
    {
        lock (_gate)
        {
            _results.Enqueue((index, result));
            _done++;
            Monitor.PulseAll(_gate);
        }
    }
}
