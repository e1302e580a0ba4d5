using System.Management.Automation;
using Datamodels.Insight;

namespace Datamodels.PowerShell.Commands;

/// <summary>How well predicted effects of removals agree with measured ones: over all, and over each kind of removal.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Counterfactual")]
[OutputType(typeof(CounterfactualMeasure))]
public sealed class MeasureCounterfactualCommand : DatamodelCommand
{
    private readonly List<Counterfactual> _counterfactuals = [];

    /// <summary>The counterfactuals; those predicted by datamodels of different fits are measured apart.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Counterfactual[] Counterfactual { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => _counterfactuals.AddRange(Counterfactual);

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        WriteObject(CounterfactualMeasure.Of(_counterfactuals), enumerateCollection: true);
}
