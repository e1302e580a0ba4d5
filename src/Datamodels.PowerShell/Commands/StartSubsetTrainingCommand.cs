using System.Management.Automation;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.PowerShell.Completion;
using Datamodels.PowerShell.Jobs;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.PowerShell.Commands;

/// <summary>Trains very many models on random subsets of the training set; goes on where an earlier call was stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "SubsetTraining", SupportsShouldProcess = true)]
[OutputType(typeof(SubsetTraining), typeof(Job))]
public sealed class StartSubsetTrainingCommand : DatamodelCommand
{
    private SubsetPlan _plan = null!;
    private ITrainingEngine _engine = null!;
    private Observation _observation = null!;
    private string _folder = "";
    private int _threads;

    /// <summary>
    /// The training set and the test set, as from Import-TrainingData. A run from the pipeline gives its data, and its learner,
    /// to another one.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public TrainingData Data { get; set; } = null!;

    /// <summary>The run's folder: made, or resumed if it holds the same run.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PathCompleter))]
    public string Path { get; set; } = "datamodels-run";

    /// <summary>How each model is made; by default a perceptron with 32 hidden units.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LearnerCompleter))]
    public Learner Learner { get; set; } = new NetworkLearner();

    /// <summary>What is recorded of each model on each target; from logits every other output can be had later.</summary>
    [Parameter]
    public OutputKind Output { get; set; }

    /// <summary>The set that the targets are from.</summary>
    [Parameter]
    public TargetSet TargetSet { get; set; }

    /// <summary>Index of each target in that set; by default all of it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[]? Target { get; set; }

    /// <summary>Number of subsets, one model each; several times the training examples make good datamodels.</summary>
    [Parameter]
    public int Count { get; set; } = 5000;

    /// <summary>Fraction of the training set in each subset.</summary>
    [Parameter]
    public double Alpha { get; set; } = 0.5;

    /// <summary>Seed of the subsets and of the training.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Only this part of the run, such as 3/100; other machines that share the folder train the others.</summary>
    [Parameter]
    public Shard? Shard { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <summary>Trains in the background and gives a job at once; the run is the job's output.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _threads = ParallelTraining.CountOf(ThrottleLimit);
        Require(target: null, () => _plan = new SubsetPlan(Seed, Alpha, Count));
        Require(Path, () => _folder = ResolvePath(Path));
        _observation = new Observation
        {
            Output = Output,
            Targets = new TargetSelection { Set = TargetSet, Examples = Target is null ? null : [.. Target] },
        };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Not before: a run from the pipe brings its learner along.
        Require(Learner, () => Learner.Validate());
        Require(Learner, () => _engine = EngineFor(Learner, ThrottleLimit));
        Attempt(_folder, Start);
    }

    private void Start()
    {
        WriteVerbose(
            $"{_plan} of {Data} with {Learner}, {_observation}, in '{_folder}', {_threads} models at once.");
        string models = Shard is null ? $"{_plan.ModelCount} models" : $"shard {Shard} of {_plan.ModelCount} models";
        if (!ShouldProcess(_folder, $"Train {models}"))
        {
            return;
        }

        TrainingData data = Data;
        SubsetTraining Open() =>
            SubsetTraining.CreateOrOpen(_folder, data, Learner, _plan, _engine.Name, _observation, Shard);
        if (AsJob)
        {
            var job = new SubsetTrainingJob(
                MyInvocation.Line.Trim(), _folder, Open, messages => EngineFor(Learner, ThrottleLimit, messages));
            JobRepository.Add(job);
            job.Start();
            WriteObject(job);
            return;
        }

        SubsetTraining training = Open();
        Train(training, _engine);
        WriteObject(training);
    }
}
