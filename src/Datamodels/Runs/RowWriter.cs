using System.Collections.Concurrent;
using System.Diagnostics;
using Datamodels.Learners;

namespace Datamodels.Runs;

/// <summary>
/// Puts rows on disk while training goes on: a thread of its own writes the rows that come within a moment, waits once for
/// the disk, and only then marks them as done. So many rows share the wait, and a kill at any moment leaves every marked
/// row whole.
/// </summary>
internal sealed class RowWriter : IDisposable
{
    // Rows waiting for the disk; beyond them training waits too.
    private const int QueueCapacity = 1024;

    // A kill loses no more than this of training; a flush for every row would wear the disk and cost more than it saves.
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    // What a power cut may cost besides: marks that are not on the disk yet.
    private static readonly TimeSpan s_markInterval = TimeSpan.FromSeconds(1);

    private readonly RunStore _store;
    private readonly CancellationTokenSource _stop;
    private readonly Action<int> _marked;
    private readonly BlockingCollection<(TrainingTask Task, float[] Margins)> _queue = new(QueueCapacity);
    private readonly Task _thread;
    private int _markedCount;

    /// <summary>Starts the thread.</summary>
    /// <param name="store">Where to; must be open for writing until this is disposed of.</param>
    /// <param name="stop">Cancelled by the writer when writing fails, so that training stops.</param>
    /// <param name="marked">Told of each model once its row is marked, on the writer's thread.</param>
    public RowWriter(RunStore store, CancellationTokenSource stop, Action<int> marked)
    {
        _store = store;
        _stop = stop;
        _marked = marked;
        _thread = Task.Factory.StartNew(
            WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Rows marked as done so far.</summary>
    public int MarkedCount => Volatile.Read(ref _markedCount);

    /// <summary>Hands a row over.</summary>
    /// <exception cref="OperationCanceledException">It is no use any more: writing failed, or training was cancelled.</exception>
    public void Add(TrainingTask task, float[] margins) => _queue.Add((task, margins), _stop.Token);

    /// <summary>Waits until every row handed over is marked.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing failed.</exception>
    public void Finish()
    {
        _queue.CompleteAdding();
        _thread.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private static int TimeLeft(long start) =>
        (int)Math.Max(0, (s_interval - Stopwatch.GetElapsedTime(start)).TotalMilliseconds);

    private void WriteAll()
    {
        try
        {
            var batch = new List<(int Model, uint Mark)>();
            long flushed = Stopwatch.GetTimestamp();
            foreach ((TrainingTask Task, float[] Margins) first in _queue.GetConsumingEnumerable())
            {
                long start = Stopwatch.GetTimestamp();
                (TrainingTask Task, float[] Margins) row = first;
                do
                {
                    batch.Add((row.Task.Id, _store.WriteRow(row.Task.Id, row.Task.Mask.Bytes, row.Margins)));
                }
                while (_queue.TryTake(out row, TimeLeft(start)));

                _store.FlushRows();
                foreach ((int model, uint mark) in batch)
                {
                    _store.Mark(model, mark);
                    _marked(model);
                    Interlocked.Increment(ref _markedCount);
                }

                batch.Clear();
                if (Stopwatch.GetElapsedTime(flushed) > s_markInterval)
                {
                    _store.FlushMarks();
                    flushed = Stopwatch.GetTimestamp();
                }
            }

            _store.FlushMarks();
        }
        catch
        {
            _stop.Cancel();
            throw;
        }
    }
}
