using System.Management.Automation;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.PowerShell.Completion;
using Datamodels.PowerShell.Jobs;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.PowerShell.Commands;

/// <summary>Trains very many models on random subsets of the training set; goes on where an earlier call was stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "SubsetTraining", DefaultParameterSetName = nameof(Data), SupportsShouldProcess = true)]
[OutputType(typeof(SubsetTraining), typeof(Job))]
public sealed class StartSubsetTrainingCommand : DatamodelCommand
{
    private SubsetPlan _plan = null!;
    private Observation _observation = null!;
    private string _folder = "";
    private int _threads;

    /// <summary>The training set and the test set, as from Import-TrainingData.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = nameof(Data))]
    public TrainingData Data { get; set; } = null!;

    /// <summary>A run whose data, and learner, are taken for another one.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = nameof(Training))]
    public SubsetTraining Training { get; set; } = null!;

    /// <summary>The run's folder: made, or resumed if it holds the same run.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PathCompleter))]
    public string Path { get; set; } = "datamodels-run";

    /// <summary>
    /// How each model is made; by default as in the run that is given, or else a perceptron with 32 hidden units.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LearnerCompleter))]
    public Learner? Learner { get; set; }

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
        Require(MyInvocation.BoundParameters, () => _plan = new SubsetPlan(Seed, Alpha, Count));
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
        bool ofRun = ParameterSetName == nameof(Training);
        Learner learner = Learner ?? (ofRun ? Training.Learner : new NetworkLearner());
        Require(learner, () => learner.Validate());
        ITrainingEngine engine = null!;
        Require(learner, () => engine = EngineFor(learner, ThrottleLimit));

        // The data of a run is read here, and not by property name: what is gone is an error of its run alone.
        Attempt(_folder, () => Start(ofRun ? Training.Data : Data, learner, engine));
    }

    private void Start(TrainingData data, Learner learner, ITrainingEngine engine)
    {
        WriteVerbose(
            $"{_plan} of {data} with {learner}, {_observation}, in '{_folder}', {_threads} models at once.");
        string models = Shard is null ? $"{_plan.ModelCount} models" : $"shard {Shard} of {_plan.ModelCount} models";
        if (!ShouldProcess(_folder, $"Train {models}"))
        {
            return;
        }

        SubsetTraining Open() =>
            SubsetTraining.CreateOrOpen(_folder, data, learner, _plan, engine.Name, _observation, Shard);
        if (AsJob)
        {
            var job = new SubsetTrainingJob(
                MyInvocation.Line.Trim(), _folder, Open, messages => EngineFor(learner, ThrottleLimit, messages));
            JobRepository.Add(job);
            job.Start();
            WriteObject(job);
            return;
        }

        SubsetTraining training = Open();
        Train(training, engine);
        WriteObject(training);
    }
}
