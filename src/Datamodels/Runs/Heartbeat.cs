using System.Diagnostics;

namespace Datamodels.Runs;

/// <summary>
/// Says, while it lives, that this process trains a run and how fast: a file in the run's folder <c>workers</c>, written
/// every two seconds by a thread of its own.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly string _run;
    private readonly string _path;
    private readonly Func<int> _trained;
    private readonly DateTime _started = DateTime.UtcNow;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Task _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="trained">Models trained so far; called on that thread.</param>
    public Heartbeat(string run, Func<int> trained)
    {
        _run = run;
        _path = WorkerFolder.NewPath(run);
        _trained = trained;
        WorkerFolder.CleanUp(run, _path);
        Beat();
        _thread = Task.Factory.StartNew(
            BeatOn, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends the thread and takes the file away.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Wait();
        _stop.Dispose();
        WorkerFolder.CleanUp(_run, _path);
    }

    private void BeatOn()
    {
        while (!_stop.Wait(s_interval))
        {
            Beat();
        }
    }

    private void Beat()
    {
        // A folder that was deleted is not to come back.
        if (!RunFolder.Exists(_run))
        {
            return;
        }

        int trained = _trained();
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        try
        {
            WorkerFolder.Write(
                _path, new RunWorker(
                    Environment.MachineName, Environment.ProcessId, _started, trained, seconds > 0 ? trained / seconds : 0));
        }
        catch (Exception e) when (e is DatamodelException or IOException or UnauthorizedAccessException)
        {
            // It is only shown to people. A disk that is full or gone shows when rows are written, and is said then.
        }
    }
}
