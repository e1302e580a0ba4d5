using System.Management.Automation;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>Fits one datamodel per target to a run; each comes out as soon as it is done.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DatamodelFit")]
[OutputType(typeof(Datamodel))]
public sealed class InvokeDatamodelFitCommand : DatamodelCommand
{
    private static readonly FitOptions s_default = new();

    /// <summary>The run; its completed models are used.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public SubsetTraining Training { get; set; } = null!;

    /// <summary>Targets to fit, by their number in the run; all by default.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public int[]? Target { get; set; }

    /// <summary>
    /// The output to fit; by default what the run records, or the margin where it records logits. Only logits give a choice.
    /// </summary>
    [Parameter]
    public OutputKind? Output { get; set; }

    /// <summary>Lambdas on the path.</summary>
    [Parameter]
    public int LambdaCount { get; set; } = s_default.LambdaCount;

    /// <summary>Smallest lambda as a fraction of the largest.</summary>
    [Parameter]
    public double Epsilon { get; set; } = s_default.Epsilon;

    /// <summary>The path ends once this many lambdas in a row have not lowered the held-out error.</summary>
    [Parameter]
    public int Patience { get; set; } = s_default.Patience;

    /// <summary>Fraction of the models held out to choose lambda.</summary>
    [Parameter]
    public double HeldOut { get; set; } = s_default.HeldOut;

    /// <summary>Targets solved at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(Training, () =>
    {
        var options = new FitOptions
        {
            Targets = Target is null ? null : [.. Target],
            Output = Output,
            LambdaCount = LambdaCount,
            Epsilon = Epsilon,
            Patience = Patience,
            HeldOut = HeldOut,
            Threads = ThrottleLimit,
        };
        int targets = Target?.Length ?? Training.TargetCount;
        WriteVerbose($"Fitting {targets} targets to {Training.CompletedCount} models of '{Training.Path}'.");
        int modelCount = Training.ModelCount;
        Stream((progress, cancellation) => DatamodelFit.Fit(Training, options, progress, cancellation).Select(datamodel =>
        {
            modelCount = datamodel.ModelCount;
            return datamodel;
        }));
        if (modelCount < Training.ModelCount)
        {
            string others = Training.Spec.Learner is ImportedLearner
                ? "are not completed."
                : "are not trained yet, or do not match their checksum. Start-SubsetTraining with the same settings trains them.";
            WriteWarning(
                $"The datamodels are fitted to {modelCount} of the {Training.ModelCount} models of '{Training.Path}': the others "
                + others);
        }
    });
}
