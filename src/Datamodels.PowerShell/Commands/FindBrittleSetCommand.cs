using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.PowerShell.Completion;
using Datamodels.Regression;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Finds the smallest set of training examples whose removal, or relabelling, flips a prediction, as its datamodel sees it.
/// </summary>
[Cmdlet(VerbsCommon.Find, "BrittleSet", DefaultParameterSetName = RunnerUpSet)]
[OutputType(typeof(BrittleSet))]
public sealed class FindBrittleSetCommand : DatamodelCommand
{
    private const string RunnerUpSet = "RunnerUp";
    private const string ClassSet = "Class";
    private const string RandomSet = "Random";

    // One for each run, since each has a learner of its own.
    private readonly Dictionary<string, RunnerUp> _runnersUp = [];

    /// <summary>The datamodels, one for each target, as from Invoke-DatamodelFit.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>The predicted margin to reach, in units of margin; 0 is the decision boundary.</summary>
    [Parameter]
    public double Threshold { get; set; }

    /// <summary>The set is made this many times the size found, at least 1: a larger one flips more surely.</summary>
    [Parameter]
    public double SizeFactor { get; set; } = 1;

    /// <summary>
    /// What is done to the examples: they are removed, or relabelled, by default to the target's runner-up class, that of the
    /// largest mean logit but its own of models trained on the whole training set.
    /// </summary>
    [Parameter]
    public BrittleMode Mode { get; set; }

    /// <summary>Name of the class that examples are relabelled to.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ClassSet)]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string Class { get; set; } = "";

    /// <summary>Relabels to a class drawn for each target from all but its own.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RandomSet)]
    public SwitchParameter RandomClass { get; set; }

    /// <summary>Models trained on the whole training set for the runner-up classes.</summary>
    [Parameter(ParameterSetName = RunnerUpSet)]
    [ValidateRange(2, int.MaxValue)]
    public int RetrainingCount { get; set; } = 20;

    /// <summary>Seed of the models for the runner-up classes, or of the random class.</summary>
    [Parameter(ParameterSetName = RunnerUpSet)]
    [Parameter(ParameterSetName = RandomSet)]
    public ulong Seed { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter(ParameterSetName = RunnerUpSet)]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Require(Mode, () =>
    {
        if (Mode == BrittleMode.Remove && ParameterSetName != RunnerUpSet)
        {
            throw new DatamodelException(
                "ClassWithoutFlip", ErrorKind.InvalidArgument,
                $"-{(RandomClass ? nameof(RandomClass) : nameof(Class))} says what examples are relabelled to, "
                + "and -Mode is Remove; expected -Mode Flip with it.");
        }
    });

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Datamodel datamodel in Datamodel)
        {
            Attempt(datamodel, () => WriteObject(
                BrittleFinder.Find(datamodel, Threshold, SizeFactor, NewClassOf(datamodel))));
        }
    }

    private int? NewClassOf(Datamodel datamodel) => Mode == BrittleMode.Remove ? null : ParameterSetName switch
    {
        ClassSet => FlipClass.Named(datamodel, Class),
        RandomSet => FlipClass.Random(datamodel, Seed),
        _ => Run((progress, cancellation) => RunnerUpOf(datamodel).Of(datamodel, progress, cancellation)),
    };

    private RunnerUp RunnerUpOf(Datamodel datamodel)
    {
        if (!_runnersUp.TryGetValue(datamodel.Training.Path, out RunnerUp? runnerUp))
        {
            Post(() => WriteVerbose(
                $"Runner-up classes of '{datamodel.Training.Path}' by {RetrainingCount} retrainings, seed {Seed}."));
            runnerUp = new RunnerUp(EngineFor(datamodel.Training.Spec.Learner, ThrottleLimit), RetrainingCount, Seed);
            _runnersUp.Add(datamodel.Training.Path, runnerUp);
        }

        return runnerUp;
    }
}
