using System.Management.Automation;
using Datamodels.Attribution;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>Lists the training examples that a method ranks first for each target.</summary>
[Cmdlet(VerbsCommon.Get, "Attribution")]
[OutputType(typeof(AttributedExample))]
public sealed class GetAttributionCommand : DatamodelCommand
{
    /// <summary>The run, as from Get-SubsetTraining.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public SubsetTraining Training { get; set; } = null!;

    /// <summary>The method that ranks the examples.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public AttributionMethod Method { get; set; }

    /// <summary>Targets, by their number in the run; all by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public int[]? Target { get; set; }

    /// <summary>How many examples for each target.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; } = 5;

    /// <summary>Models trained for a method that looks into networks; more make it better.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int NetworkCount { get; set; } = 20;

    /// <summary>Seed of the models for such a method and of random orders.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(Training, () =>
    {
        int targets = Target?.Length ?? Training.TargetCount;
        WriteVerbose($"Ranking for {targets} targets of '{Training.Path}' by {Method}, {NetworkCount} networks, seed {Seed}.");

        // Nothing but networks is trained, so that models of another program can be looked at, too.
        ITrainingEngine? engine = Training.Spec.Learner is NetworkLearner learner ? EngineFor(learner, ThrottleLimit) : null;
        Stream((progress, cancellation) => AttributedExample.Top(
            Method, Training, engine, Target, Top, NetworkCount, Seed, ThrottleLimit, progress, cancellation));
    });
}
