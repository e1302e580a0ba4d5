using System.Diagnostics;
using System.Management.Automation;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.PowerShell;

/// <summary>
/// Base of every cmdlet. Long work runs on another thread; what it yields and reports is written on the pipeline's own
/// thread, the only one that may write. When the pipeline stops (Ctrl+C, Select-Object -First) the work is cancelled and
/// waited for, so that nothing goes on behind the user's back and files are left in order.
/// </summary>
public abstract class DatamodelCommand : PSCmdlet
{
    // A bar that changes faster costs time and flickers.
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromMilliseconds(200);

    private static int s_lastActivityId;

    // Not disposed: without a timer it holds nothing, and StopProcessing may come at any time.
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _activityId = Interlocked.Increment(ref s_lastActivityId);
    private readonly WorkPump _pump = new();
    private long _lastShown;
    private bool _isShown;

    /// <summary>Work with one result, or none.</summary>
    protected delegate T Work<out T>(IProgress<WorkProgress> progress, CancellationToken cancellation);

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Does work on another thread and writes each of its results.</summary>
    protected void Stream<T>(StreamingWork<T> work)
    {
        try
        {
            _pump.Run(work, result => WriteObject(result), Show, TakeAway, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>
    /// Has the pipeline's thread write something while <see cref="Stream{T}"/> or <see cref="Run{T}"/> is at work, after the
    /// results so far; waits for room, so that work that says much is held back and nothing is lost.
    /// </summary>
    protected void Post(Action write) => _pump.Post(write);

    /// <summary>Does work on another thread and returns its result.</summary>
    protected T Run<T>(Work<T> work)
    {
        T? result = default;
        Stream<object>((progress, cancellation) =>
        {
            result = work(progress, cancellation);
            return [];
        });
        return result!;
    }

    /// <summary>The engine for a learner; what a user's own program or script has to say goes to the streams.</summary>
    /// <param name="learner">How each model is made.</param>
    /// <param name="threads">Models trained at once; 0 takes one for every core.</param>
    /// <param name="messages">Where else it goes, as for a job.</param>
    /// <exception cref="DatamodelException">There is no such program.</exception>
    private protected ITrainingEngine EngineFor(Learner learner, int threads = 0, IProgress<EngineMessage>? messages = null)
    {
        messages ??= new PipelineMessages(this);
        return learner is ScriptLearner
            ? new ScriptEngine(threads, messages)
            : TrainingEngines.For(learner, threads, messages);
    }

    /// <summary>Trains what a run still lacks, and says which models had to be trained again.</summary>
    protected void Train(SubsetTraining training, ITrainingEngine engine)
    {
        string part = training.Shard is null
            ? ""
            : FormattableString.Invariant(
                $", {training.ShardCompletedCount} of {training.ShardModelCount} of shard {training.Shard}");
        WriteVerbose($"'{training.Path}' has {training.CompletedCount} of {training.ModelCount} models{part}.");
        TrainingReport report = Run((progress, cancellation) => training.Train(engine, progress, cancellation));
        if (Records.DamageWarning(training, report) is string warning)
        {
            WriteWarning(warning);
        }
    }

    /// <summary>Handles one record: what the user can put right is an error of that record, and the pipeline goes on.</summary>
    /// <param name="target">What the error is about.</param>
    /// <param name="action">What is done with the record.</param>
    protected void Attempt(object? target, Action action)
    {
        try
        {
            action();
        }
        catch (DatamodelException e)
        {
            WriteError(Records.Error(e, target));
        }
    }

    /// <summary>Does what everything else depends on: an error there ends the command.</summary>
    /// <param name="target">What the error is about.</param>
    /// <param name="action">What is done.</param>
    protected void Require(object? target, Action action)
    {
        try
        {
            action();
        }
        catch (DatamodelException e)
        {
            ThrowTerminatingError(Records.Error(e, target));
        }
    }

    /// <summary>Resolves a path as typed, brackets perhaps escaped by completion, to one of files, there or not.</summary>
    protected string ResolvePath(string path) => ResolveLiteral(WildcardPattern.Unescape(path));

    /// <summary>Resolves a path as it is written.</summary>
    private protected string ResolveLiteral(string path)
    {
        ProviderInfo provider;
        string resolved;
        try
        {
            resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        }
        catch (SessionStateException e)
        {
            throw PathNotFound(path, e);
        }

        RequireFileSystem(path, provider);
        return resolved;
    }

    /// <summary>Writes a verbose message, its numbers in the invariant culture.</summary>
    protected void WriteVerbose(FormattableString message) => WriteVerbose(FormattableString.Invariant(message));

    private protected static DatamodelException PathNotFound(string path, Exception? inner) => new(
        "PathNotFound", ErrorKind.NotFound,
        $"Nothing matches '{path}'. "
        + (inner?.Message ?? "Check the pattern and the current location; -LiteralPath takes brackets as they are."), inner);

    /// <summary>Makes sure that nothing is replaced unasked.</summary>
    /// <exception cref="DatamodelException">A file is there.</exception>
    private protected static void RequireFree(string path, bool force)
    {
        if (Path.Exists(path) && !force)
        {
            throw new DatamodelException(
                "FileExists", ErrorKind.Conflict, $"'{path}' is there already; choose another name, or replace it with -Force.");
        }
    }

    /// <summary>Makes sure, before long work, that there is a folder to write into.</summary>
    /// <exception cref="DatamodelException">There is none.</exception>
    private protected static void RequireFolderOf(string path)
    {
        string? folder = System.IO.Path.GetDirectoryName(path);
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new DatamodelException(
                "FolderNotFound", ErrorKind.NotFound,
                $"There is no folder '{folder}' to write '{System.IO.Path.GetFileName(path)}' into; make it first.");
        }
    }

    private protected static void RequireFileSystem(string path, ProviderInfo provider)
    {
        if (provider.Name != "FileSystem")
        {
            throw new DatamodelException(
                "PathNotInFileSystem", ErrorKind.InvalidArgument,
                $"'{path}' is a path of the provider {provider.Name}; expected a path of the file system.");
        }
    }

    // A command may do many short pieces of work, each of which reports its beginning and its end.
    private void Show(WorkProgress progress)
    {
        if (_lastShown == 0 || Stopwatch.GetElapsedTime(_lastShown) >= s_progressInterval)
        {
            _lastShown = Stopwatch.GetTimestamp();
            _isShown = true;
            WriteProgress(Records.Progress(_activityId, progress));
        }
    }

    private void TakeAway(string activity)
    {
        if (_isShown)
        {
            _isShown = false;
            WriteProgress(Records.Done(_activityId, activity));
        }
    }

    private void Write(EngineMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Warning:
                WriteWarning(message.Text);
                break;
            case MessageKind.Verbose:
                WriteVerbose(message.Text);
                break;
            default:
                // As Write-Host does: shown, unless the user says otherwise, and never mixed up with results.
                WriteInformation(Records.Host(message.Text), [Records.HostTag]);
                break;
        }
    }

    /// <summary>Carries an engine's messages to whatever work is going on.</summary>
    private sealed class PipelineMessages(DatamodelCommand command) : IProgress<EngineMessage>
    {
        public void Report(EngineMessage value) => command.Post(() => command.Write(value));
    }
}
