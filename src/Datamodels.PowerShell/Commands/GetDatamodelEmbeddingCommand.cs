using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Embeds the targets of a run by the training examples that they depend on: the principal components of their datamodels, each
/// with the targets at its ends and the training examples that make it.
/// </summary>
[Cmdlet(VerbsCommon.Get, "DatamodelEmbedding")]
[OutputType(typeof(EmbeddingComponent))]
public sealed class GetDatamodelEmbeddingCommand : DatamodelCommand
{
    private readonly List<Datamodel> _datamodels = [];

    /// <summary>Datamodels of one run.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>Number of components; by default 10, or all where there are fewer.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, int.MaxValue)]
    public int? ComponentCount { get; set; }

    /// <summary>Targets and training examples named at each end of a component.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; } = 5;

    /// <summary>Trains models, and sets the penultimate representations of the targets beside the datamodels.</summary>
    [Parameter]
    public SwitchParameter Representation { get; set; }

    /// <summary>Models trained for the representations.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int RetrainingCount { get; set; } = 10;

    /// <summary>Seed of the models for the representations, and of the search for the components of many datamodels.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _datamodels.AddRange(Datamodel);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        WriteVerbose($"Embedding {_datamodels.Count} datamodels, seed {Seed}.");
        Attempt(_datamodels, () => Stream(Embed));
    }

    private IEnumerable<EmbeddingComponent> Embed(IProgress<WorkProgress> progress, CancellationToken cancellation)
    {
        int count = ComponentCount ?? EmbeddingComponents.DefaultCount(_datamodels);

        VarianceSpectrum Represent()
        {
            SubsetTraining training = _datamodels[0].Training;
            return RepresentationVariance.Of(
                training, EngineFor(training.Spec.Learner, ThrottleLimit), count, RetrainingCount, Seed, progress, cancellation);
        }

        return EmbeddingComponents.Of(
            _datamodels, count, Top, Seed, Representation ? Represent : null, cancellation);
    }
}
