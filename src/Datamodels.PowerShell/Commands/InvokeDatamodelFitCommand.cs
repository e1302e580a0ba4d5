using System.Management.Automation;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Fits one datamodel per target to a run; each comes out as soon as it is done. What is done is kept, and a fit that was
/// stopped goes on where it was. A target that cannot be fitted is an error of its own, and the others go on.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "DatamodelFit")]
[OutputType(typeof(Datamodel))]
public sealed class InvokeDatamodelFitCommand : DatamodelCommand
{
    private static readonly FitOptions s_default = new();

    private string? _fitPath;

    /// <summary>The run; its completed models are used.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public SubsetTraining Training { get; set; } = null!;

    /// <summary>Targets to fit, by their number in the run; all by default.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public int[]? Target { get; set; }

    /// <summary>
    /// The output to fit; by default what the run records, or the margin where it records logits. Only logits give a choice.
    /// </summary>
    [Parameter]
    public OutputKind? Output { get; set; }

    /// <summary>Fits to the first so many models of the run only, to see what fewer would have given.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? ModelCount { get; set; }

    /// <summary>How weights are fitted.</summary>
    [Parameter]
    public FitMethod Method { get; set; } = s_default.Method;

    /// <summary>How much of the lasso's penalty is l1; below 1 it is the elastic net's.</summary>
    [Parameter]
    public double L1Ratio { get; set; } = s_default.L1Ratio;

    /// <summary>Lambdas on the path.</summary>
    [Parameter]
    public int LambdaCount { get; set; } = s_default.LambdaCount;

    /// <summary>Smallest lambda as a fraction of the largest.</summary>
    [Parameter]
    public double Epsilon { get; set; } = s_default.Epsilon;

    /// <summary>
    /// The path ends once this many lambdas in a row have not lowered the held-out error; by default a tenth, at least 10.
    /// </summary>
    [Parameter]
    public int? Patience { get; set; }

    /// <summary>Fraction of the models held out to choose lambda.</summary>
    [Parameter]
    public double HeldOut { get; set; } = s_default.HeldOut;

    /// <summary>Folds of a cross-validation that chooses lambda instead.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int? Fold { get; set; }

    /// <summary>Relative duality gap to which the weights are fitted; of ridge and least squares the KKT residual.</summary>
    [Parameter]
    public double Tolerance { get; set; } = s_default.Tolerance;

    /// <summary>Bytes of memory to keep to, such as 4GB; by default three quarters of the machine's.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    /// <summary>Folder in which what is done is kept; by default in that of the run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FitPath { get; set; }

    /// <summary>Targets solved at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Require(MyInvocation.BoundParameters, () =>
    {
        _fitPath = FitPath is null ? null : ResolvePath(FitPath);
        Options().RequireUsed([.. MyInvocation.BoundParameters.Keys.Select(name => name == nameof(Fold) ? "Folds" : name)]);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(Training, () =>
    {
        int targets = Target?.Length ?? Training.TargetCount;
        WriteVerbose($"Fitting {targets} targets to {Training.CompletedCount} models of '{Training.Path}' by {Method}.");
        int wanted = ModelCount ?? Training.ModelCount;
        int modelCount = wanted;
        Stream((progress, cancellation) => DatamodelFit.Fit(
            Training, Options(), progress, cancellation,
            failure => Post(() => WriteError(Records.Error(failure.Reason, failure.Target))),
            reason => Post(() => WriteVerbose(reason))).Select(datamodel =>
            {
                modelCount = datamodel.ModelCount;
                if (datamodel.Warning is { } warning)
                {
                    Post(() => WriteWarning(warning.Message));
                }

                return datamodel;
            }));
        if (modelCount < wanted)
        {
            string others = Training.Spec.Learner is ImportedLearner
                ? "are not completed."
                : "are not trained yet, or do not match their checksum. Start-SubsetTraining with the same settings trains them.";
            WriteWarning(
                $"The datamodels are fitted to {modelCount} of the {wanted} models of '{Training.Path}': the others "
                + others);
        }
    });

    private FitOptions Options() => new()
    {
        Targets = Target is null ? null : [.. Target],
        Output = Output,
        ModelCount = ModelCount,
        Method = Method,
        L1Ratio = L1Ratio,
        LambdaCount = LambdaCount,
        Epsilon = Epsilon,
        Patience = Patience,
        HeldOut = HeldOut,
        Folds = Fold ?? s_default.Folds,
        Tolerance = Tolerance,
        MemoryLimit = MemoryLimit ?? s_default.MemoryLimit,
        FitPath = _fitPath,
        Threads = ThrottleLimit,
    };
}
