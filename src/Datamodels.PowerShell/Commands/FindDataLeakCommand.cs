using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Regression;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Finds targets that are in the training set, exactly or nearly, by the weights that stand out; where training examples are the
/// targets, duplicates within it. The most suspicious pairs come first.
/// </summary>
[Cmdlet(VerbsCommon.Find, "DataLeak")]
[OutputType(typeof(LeakPair))]
public sealed class FindDataLeakCommand : DatamodelCommand
{
    private readonly List<Datamodel> _datamodels = [];

    /// <summary>The datamodels; those of one run are looked at together.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>How many pairs of each target.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; } = 1;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _datamodels.AddRange(Datamodel);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, Datamodel> run in _datamodels.GroupBy(datamodel => datamodel.Training.Path))
        {
            WriteVerbose($"Looking for leaks in {run.Count()} datamodels of '{run.Key}'.");
            Attempt(run.Key, () => WriteObject(DataLeaks.Find([.. run], Top), enumerateCollection: true));
        }
    }
}
