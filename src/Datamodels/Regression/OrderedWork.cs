using System.Runtime.ExceptionServices;

namespace Datamodels.Regression;

/// <summary>
/// Does numbered pieces of work on threads of its own and hands the results out in order. Pieces are begun in order and one
/// that fails ends the beginning of new ones, so what comes out is the failure of the first piece that fails, for any number
/// of threads. Disposing stops the work and waits for the threads.
/// </summary>
/// <typeparam name="TWorkspace">What each thread keeps from piece to piece.</typeparam>
/// <typeparam name="TResult">What a piece gives.</typeparam>
internal sealed class OrderedWork<TWorkspace, TResult> : IDisposable
    where TResult : class
{
    private readonly object _gate = new();
    private readonly object?[] _outcomes;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _stop;
    private readonly Thread[] _threads;
    private int _next;
    private int _done;
    private bool _failed;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="newWorkspace">Makes a thread's workspace.</param>
    /// <param name="work">Does a piece.</param>
    /// <param name="cancellation">Stops the work.</param>
    public OrderedWork(
        int count, int threads, Func<TWorkspace> newWorkspace, Func<TWorkspace, int, CancellationToken, TResult> work,
        CancellationToken cancellation)
    {
        _outcomes = new object?[count];
        _cancellation = cancellation;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(() => Work(newWorkspace, work)) { IsBackground = true, Name = "Datamodel fit" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of pieces done, in any order.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Waits for piece <paramref name="index"/>; returns whether its outcome is there.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public bool Wait(int index, TimeSpan timeout)
    {
        _cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return _outcomes[index] is not null || (Monitor.Wait(_gate, timeout) && _outcomes[index] is not null);
        }
    }

    /// <summary>The result of a piece that is done, which is forgotten here; throws what the piece threw.</summary>
    public TResult Take(int index)
    {
        lock (_gate)
        {
            object? outcome = _outcomes[index];
            _outcomes[index] = null;
            (outcome as ExceptionDispatchInfo)?.Throw();
            return (TResult)outcome!;
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

    private void Work(Func<TWorkspace> newWorkspace, Func<TWorkspace, int, CancellationToken, TResult> work)
    {
        TWorkspace? workspace = default;
        while (Begin() is int index)
        {
            object outcome;
            try
            {
                workspace ??= newWorkspace();
                outcome = work(workspace, index, _stop.Token);
            }
            catch (Exception exception)
            {
                outcome = ExceptionDispatchInfo.Capture(exception);
            }

            lock (_gate)
            {
                _outcomes[index] = outcome;
                _failed |= outcome is ExceptionDispatchInfo;
                _done++;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private int? Begin()
    {
        lock (_gate)
        {
            return _failed || _next == _outcomes.Length || _stop.IsCancellationRequested ? null : _next++;
        }
    }
}
