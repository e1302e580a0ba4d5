using System.Management.Automation;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Jobs;

/// <summary>
/// A run that is trained in the background of the session. Its output is the run; errors, warnings and progress are in the
/// job. Stopping it, or closing the session, leaves a run that goes on when it is started again.
/// </summary>
public sealed class SubsetTrainingJob : Job
{
    // Progress that nobody has received; the oldest is of no use to anybody.
    private const int MaximumProgress = 16;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<SubsetTraining> _open;
    private readonly ITrainingEngine _engine;
    private readonly string _folder;
    private Task _work = Task.CompletedTask;
    private string? _activity;
    private volatile string _status = "";

    /// <summary>Makes a job that does not run yet.</summary>
    /// <param name="command">What the user typed.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="open">Makes or opens the run; called when the job runs.</param>
    /// <param name="engine">Makes what does the training, and tells the messages of the user's own program.</param>
    internal SubsetTrainingJob(
        string command, string folder, Func<SubsetTraining> open, Func<IProgress<EngineMessage>, ITrainingEngine> engine)
        : base(command)
    {
        PSJobTypeName = nameof(SubsetTraining);
        _open = open;
        _engine = engine(new JobMessages(this));
        _folder = folder;
    }

    /// <inheritdoc/>
    public override bool HasMoreData => Output.Count > 0 || Error.Count > 0 || Warning.Count > 0;

    /// <inheritdoc/>
    public override string Location => "localhost";

    /// <summary>How far the training is, such as <c>400 of 5,000, 120.5 a second</c>.</summary>
    public override string StatusMessage => _status;

    /// <inheritdoc/>
    public override void StopJob()
    {
        if (_work.IsCompleted)
        {
            return;
        }

        SetJobState(JobState.Stopping);
        _stopping.Cancel();
        _work.Wait();
    }

    /// <summary>Starts the work.</summary>
    internal void Start()
    {
        SetJobState(JobState.Running);
        _work = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopping.Cancel();
            if (Task.CurrentId != _work.Id)
            {
                // Not from an event of its own end, as Receive-Job -AutoRemoveJob does.
                _work.Wait();
            }
        }

        base.Dispose(disposing);
    }

    private void Work()
    {
        JobState end = JobState.Completed;
        try
        {
            SubsetTraining training = _open();
            TrainingReport report = training.Train(_engine, new JobProgress(this), _stopping.Token);
            if (Records.DamageWarning(training, report) is string warning)
            {
                Warning.Add(new WarningRecord(warning));
            }

            Output.Add(PSObject.AsPSObject(training));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            end = JobState.Stopped;
        }
        catch (DatamodelException e)
        {
            Error.Add(Records.Error(e, _folder));
            end = JobState.Failed;
        }
        catch (Exception e)
        {
            // Nobody else would hear of it.
            Error.Add(new ErrorRecord(e, "Unexpected", ErrorCategory.NotSpecified, _folder));
            end = JobState.Failed;
        }

        if (_activity is not null)
        {
            Progress.Add(Records.Done(Id, _activity));
        }

        SetJobState(end);
    }

    private sealed class JobMessages(SubsetTrainingJob job) : IProgress<EngineMessage>
    {
        public void Report(EngineMessage value)
        {
            switch (value.Kind)
            {
                case MessageKind.Warning:
                    job.Warning.Add(new WarningRecord(value.Text));
                    break;
                case MessageKind.Verbose:
                    job.Verbose.Add(new VerboseRecord(value.Text));
                    break;
                default:
                    var record = new InformationRecord(Records.Host(value.Text), job.Command);
                    record.Tags.Add(Records.HostTag);
                    job.Information.Add(record);
                    break;
            }
        }
    }

    private sealed class JobProgress(SubsetTrainingJob job) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            if (job.Progress.Count >= MaximumProgress)
            {
                job.Progress.ReadAll();
            }

            job._activity = value.Activity;
            job._status = Records.Status(value);
            job.Progress.Add(Records.Progress(job.Id, value));
        }
    }
}
