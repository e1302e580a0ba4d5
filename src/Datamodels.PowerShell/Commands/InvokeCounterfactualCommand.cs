using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// What would happen without some training examples: the effect of removing them as a datamodel predicts it, and as
/// retraining shows it. What is retrained is kept in the run's folder.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "Counterfactual", DefaultParameterSetName = Ranked)]
[OutputType(typeof(Counterfactual))]
public sealed class InvokeCounterfactualCommand : DatamodelCommand
{
    private const string Ranked = "Ranked";
    private const string OwnSets = "OwnSets";
    private const string BrittleSets = "BrittleSets";
    private const string OtherFit = "OtherFit";

    private readonly List<Removal> _removals = [];

    /// <summary>The datamodels that predict; with -Counterfactual those of another fit, such as one at another alpha.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = Ranked)]
    [Parameter(
        Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = OwnSets)]
    [Parameter(Mandatory = true, ParameterSetName = OtherFit)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>Numbers of examples to remove.</summary>
    [Parameter(Position = 0, ParameterSetName = Ranked)]
    [ValidateNotNullOrEmpty]
    public int[] Size { get; set; } = [10, 20, 40, 80];

    /// <summary>Which examples: those with the largest weights, with the smallest, or random ones.</summary>
    [Parameter(Position = 1, ParameterSetName = Ranked)]
    [ValidateSet(nameof(RemovalKind.Top), nameof(RemovalKind.Bottom), nameof(RemovalKind.Random))]
    public RemovalKind[] Kind { get; set; } = [RemovalKind.Top, RemovalKind.Bottom, RemovalKind.Random];

    /// <summary>Indices of the training examples to remove; several lists are several removals.</summary>
    [Parameter(
        Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = OwnSets)]
    [IntegerLists]
    public int[][] Remove { get; set; } = [];

    /// <summary>Brittle sets whose examples to remove.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = BrittleSets)]
    public BrittleSet[] BrittleSet { get; set; } = [];

    /// <summary>Counterfactuals to predict by the datamodels of another fit; nothing is trained again.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = OtherFit)]
    public Counterfactual[] Counterfactual { get; set; } = [];

    /// <summary>Models retrained for each removal, and for the control.</summary>
    [Parameter(ParameterSetName = Ranked)]
    [Parameter(ParameterSetName = OwnSets)]
    [Parameter(ParameterSetName = BrittleSets)]
    [ValidateRange(2, int.MaxValue)]
    public int RetrainingCount { get; set; } = 20;

    /// <summary>Seed of the random sets and of the retrainings.</summary>
    [Parameter(ParameterSetName = Ranked)]
    [Parameter(ParameterSetName = OwnSets)]
    [Parameter(ParameterSetName = BrittleSets)]
    public ulong Seed { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter(ParameterSetName = Ranked)]
    [Parameter(ParameterSetName = OwnSets)]
    [Parameter(ParameterSetName = BrittleSets)]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Counterfactual counterfactual in Counterfactual)
        {
            Attempt(counterfactual, () => WriteObject(counterfactual.PredictedBy(Datamodel), enumerateCollection: true));
        }

        foreach (BrittleSet set in BrittleSet)
        {
            Attempt(set, () => _removals.Add(Removal.Given(set)));
        }

        foreach (Datamodel datamodel in ParameterSetName == OtherFit ? [] : Datamodel)
        {
            Attempt(datamodel, () => _removals.AddRange(
                ParameterSetName == OwnSets
                    ? Remove.Select(examples => Removal.Given(datamodel, examples)).ToArray()
                    : Removal.Of(datamodel, Size, Kind, Seed)));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (IGrouping<(string, OutputKind), Removal> run in _removals.GroupBy(
            removal => (removal.Datamodel.Training.Path, removal.Datamodel.Output)))
        {
            Removal[] removals = [.. run];
            SubsetTraining training = removals[0].Datamodel.Training;
            WriteVerbose($"{removals.Length} removals of '{training.Path}', {RetrainingCount} retrainings each, seed {Seed}.");
            Attempt(training, () =>
            {
                var study = new CounterfactualStudy(EngineFor(training.Spec.Learner, ThrottleLimit), RetrainingCount, Seed);
                Stream((progress, cancellation) => study.Measure(removals, progress, cancellation));
            });
        }
    }
}
