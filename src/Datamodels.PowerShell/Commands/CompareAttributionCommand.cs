using System.Management.Automation;
using Datamodels.Attribution;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Compares ways to say which training examples a margin is owed to: each by its LDS, and by how many targets are wrong once what
/// it ranks first is removed and models are trained again. A method that cannot be had is an error of its own, and the others go
/// on. What is trained is kept in the folder of the run and used again.
/// </summary>
[Cmdlet(VerbsData.Compare, "Attribution")]
[OutputType(typeof(AttributionComparison))]
public sealed class CompareAttributionCommand : DatamodelCommand
{
    /// <summary>The run; its datamodels are fitted with the defaults.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public SubsetTraining Training { get; set; } = null!;

    /// <summary>The methods, in the order wanted; all by default.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public AttributionMethod[] Method { get; set; } = Enum.GetValues<AttributionMethod>();

    /// <summary>Targets, by their number in the run; all by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public int[]? Target { get; set; }

    /// <summary>Numbers of examples to remove; an empty list leaves the flip curves out.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public int[] Size { get; set; } = [1, 2, 5, 10, 20, 40, 80, 160];

    /// <summary>Fraction of the training set in each held-out subset; by default that of the run.</summary>
    [Parameter]
    public double? Alpha { get; set; }

    /// <summary>Number of held-out subsets.</summary>
    [Parameter]
    [ValidateRange(LinearDatamodelingScore.MinimumSubsets, int.MaxValue)]
    public int SubsetCount { get; set; } = 100;

    /// <summary>Models trained on each held-out subset, and after each removal.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int RetrainingCount { get; set; } = 20;

    /// <summary>Models trained for each method that looks into networks; more make it better.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int NetworkCount { get; set; } = 20;

    /// <summary>Seed of the models for such methods, of random orders and of the retrainings after removals.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(Training, () =>
    {
        SubsetTraining training = Training;
        ITrainingEngine engine = EngineFor(training.Spec.Learner, ThrottleLimit);
        var retrainer = new Retrainer(training, engine, RetrainingCount, Seed);
        SubsetTraining heldOut = HeldOutSubsets.Open(
            training, Alpha ?? training.Spec.Plan.Alpha, SubsetCount, RetrainingCount,
            HeldOutSubsets.DefaultSeed(training.Spec.Plan), engine.Name);
        int targets = Target?.Length ?? training.TargetCount;
        WriteVerbose($"Comparing {Method.Length} methods on {targets} targets of '{training.Path}', seed {Seed}.");
        Train(heldOut, engine);
        var study = new AttributionStudy(training, heldOut, engine, retrainer, Target, Size)
        {
            NetworkCount = NetworkCount,
            Seed = Seed,
            Threads = ThrottleLimit,
        };
        foreach (AttributionMethod method in Method)
        {
            Attempt(
                method, () => WriteObject(Run((progress, cancellation) => study.Compare(method, progress, cancellation))));
        }
    });
}
