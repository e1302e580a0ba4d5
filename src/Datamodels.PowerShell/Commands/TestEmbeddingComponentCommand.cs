using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Learners;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Checks components by retraining: does removing the training examples at one end take more from the margins of the targets
/// there than from the others?
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "EmbeddingComponent")]
[OutputType(typeof(ComponentEffect))]
public sealed class TestEmbeddingComponentCommand : DatamodelCommand
{
    private readonly List<EmbeddingComponent> _components = [];

    /// <summary>Components of one embedding, as from Get-DatamodelEmbedding.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public EmbeddingComponent[] EmbeddingComponent { get; set; } = [];

    /// <summary>Training examples removed at an end.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Size { get; set; } = 20;

    /// <summary>Models retrained without each end, and as the control.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int RetrainingCount { get; set; } = 20;

    /// <summary>Seed of the retrainings.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _components.AddRange(EmbeddingComponent);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_components.Count > 0)
        {
            Learner learner = _components[0].Embedding.Training.Spec.Learner;
            WriteVerbose(
                $"Removing {Size} examples at each end of {_components.Count} components, {RetrainingCount} retrainings each, "
                + $"seed {Seed}.");
            Attempt(_components, () => Stream((progress, cancellation) => ComponentVerifier.Verify(
                _components, EngineFor(learner, ThrottleLimit), Size, RetrainingCount, Seed, progress, cancellation)));
        }
    }
}
