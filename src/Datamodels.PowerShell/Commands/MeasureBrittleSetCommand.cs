using System.Management.Automation;
using Datamodels.Insight;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Sums up brittle sets, one for each target: how many of each status, median sizes, and the cumulative distribution of the
/// sizes that retraining confirms; one measure for removal and one for relabelling.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "BrittleSet")]
[OutputType(typeof(BrittleMeasure))]
public sealed class MeasureBrittleSetCommand : DatamodelCommand
{
    private readonly List<BrittleSet> _sets = [];

    /// <summary>The brittle sets, one for each target and mode.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public BrittleSet[] BrittleSet { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => _sets.AddRange(BrittleSet);

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        Attempt(_sets, () => WriteObject(BrittleMeasure.Of(_sets), enumerateCollection: true));
}
