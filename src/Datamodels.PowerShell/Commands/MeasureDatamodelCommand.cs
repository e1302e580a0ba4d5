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

    /// <summary>The datamodels; those of one fit are scored together.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>Fractions of the training set in each held-out subset, one score each; by default that of the run.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public double[]? Alpha { get; set; }

    /// <summary>Number of held-out subsets.</summary>
    [Parameter]
    [ValidateRange(LinearDatamodelingScore.MinimumSubsets, int.MaxValue)]
    public int SubsetCount { get; set; } = 100;

    /// <summary>Models trained on each held-out subset; their margins are averaged.</summary>
    [Parameter]
    public int RetrainingCount { get; set; } = 20;

    /// <summary>Seed of the held-out subsets, other than that of the run; by default the next number.</summary>
    [Parameter]
    public ulong? Seed { get; set; }

    /// <summary>
    /// Scores what fits to the first so many models of the run give, one score each, instead of the datamodels themselves: the
    /// same targets are fitted again with the same settings.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(1, int.MaxValue)]
    public int[]? ModelCount { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _datamodels.AddRange(Datamodel);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (Datamodel[] fit in _datamodels
            .GroupBy(datamodel => (datamodel.Training.Path, datamodel.Output, datamodel.Options))
            .Select(fit => fit.ToArray()))
        {
            SubsetTraining training = fit[0].Training;
            foreach (double alpha in Alpha ?? [training.Spec.Plan.Alpha])
            {
                Attempt(training, () =>
                {
                    SubsetTraining heldOut = HeldOutOf(training, alpha);
                    foreach (int? modelCount in ModelCount is null ? [null] : ModelCount.Select(count => (int?)count))
                    {
                        Attempt(training, () => Score(modelCount is int count ? Refit(fit, count) : fit, heldOut));
                    }
                });
            }
        }
    }

    private SubsetTraining HeldOutOf(SubsetTraining training, double alpha)
    {
        ITrainingEngine engine = EngineFor(training.Spec.Learner, ThrottleLimit);
        ulong seed = Seed ?? HeldOutSubsets.DefaultSeed(training.Spec.Plan);
        WriteVerbose($"Scoring on {new SubsetPlan(seed, alpha, SubsetCount, RetrainingCount)}, held out of '{training.Path}'.");
        SubsetTraining heldOut = HeldOutSubsets.Open(training, alpha, SubsetCount, RetrainingCount, seed, engine.Name);
        Train(heldOut, engine);
        return heldOut;
    }

    private Datamodel[] Refit(Datamodel[] fit, int modelCount) => Run((progress, cancellation) => DatamodelGrowth.Refit(
        fit, modelCount, progress, cancellation,
        failure => Post(() => WriteError(Records.Error(failure.Reason, failure.Target)))).ToArray());

    private void Score(Datamodel[] datamodels, SubsetTraining heldOut) =>
        WriteObject(Run((_, cancellation) => LinearDatamodelingScore.Measure(datamodels, heldOut, cancellation)));
}
