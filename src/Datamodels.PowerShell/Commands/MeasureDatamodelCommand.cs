using System.Management.Automation;
using Datamodels.Attribution;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Scores datamodels on held-out subsets: the LDS against margins averaged over retrainings. The held-out models are
/// trained in the folder of the run, and used again by a later call with the same settings.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "Datamodel")]
[OutputType(typeof(DatamodelMeasure))]
public sealed class MeasureDatamodelCommand : DatamodelCommand
{
    private readonly List<Datamodel> _datamodels = [];

    /// <summary>The datamodels; those of one run are scored together.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>Fractions of the training set in each held-out subset, one score each; by default that of the run.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public double[]? Alpha { get; set; }

    /// <summary>Number of held-out subsets.</summary>
    [Parameter]
    [ValidateRange(LinearDatamodelingScore.MinimumSubsets, int.MaxValue)]
    public int Subsets { get; set; } = 100;

    /// <summary>Models trained on each.</summary>
    [Parameter]
    public int Retrainings { get; set; } = 20;

    /// <summary>Seed of the held-out subsets, other than that of the run; by default the next number.</summary>
    [Parameter]
    public ulong? Seed { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _datamodels.AddRange(Datamodel);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, Datamodel> run in _datamodels.GroupBy(datamodel => datamodel.Training.Path))
        {
            Datamodel[] datamodels = [.. run];
            SubsetTraining training = datamodels[0].Training;
            foreach (double alpha in Alpha ?? [training.Spec.Plan.Alpha])
            {
                Attempt(training, () => Score(datamodels, training, alpha));
            }
        }
    }

    private void Score(Datamodel[] datamodels, SubsetTraining training, double alpha)
    {
        ITrainingEngine engine = EngineFor(training.Spec.Learner, ThrottleLimit);
        ulong seed = Seed ?? HeldOutSubsets.DefaultSeed(training.Spec.Plan);
        var plan = new SubsetPlan(seed, alpha, Subsets, Retrainings);
        WriteVerbose($"Scoring {datamodels.Length} datamodels of '{training.Path}' on {plan}.");
        SubsetTraining heldOut = HeldOutSubsets.Open(training, alpha, Subsets, Retrainings, seed, engine.Name);
        Train(heldOut, engine);
        WriteObject(Run((_, cancellation) => LinearDatamodelingScore.Measure(datamodels, heldOut, cancellation)));
    }
}
