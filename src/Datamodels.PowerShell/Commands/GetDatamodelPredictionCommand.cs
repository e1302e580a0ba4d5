using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Regression;
using Datamodels.Subsets;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Predicts the margins of models trained on given subsets of the training set, without training any: a record for each
/// datamodel and subset.
/// </summary>
[Cmdlet(VerbsCommon.Get, "DatamodelPrediction", DefaultParameterSetName = nameof(Example))]
[OutputType(typeof(DatamodelPrediction))]
public sealed class GetDatamodelPredictionCommand : DatamodelCommand
{
    private SubsetSelection[] _subsets = [];

    /// <summary>The datamodels that predict, as from Invoke-DatamodelFit.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>Indices of the training examples in the subset; several lists are several subsets.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = nameof(Example))]
    [IntegerLists]
    public int[][] Example { get; set; } = [];

    /// <summary>Indices of the examples taken out of the whole training set; several lists are several subsets.</summary>
    [Parameter(Mandatory = true, ParameterSetName = nameof(Remove))]
    [IntegerLists]
    public int[][] Remove { get; set; } = [];

    /// <summary>A 0 or 1 for each training example, or a mask of a run's plan; several masks are several subsets.</summary>
    [Parameter(Mandatory = true, ParameterSetName = nameof(Mask))]
    [IntegerLists(TakesMasks = true)]
    public int[][] Mask { get; set; } = [];

    /// <inheritdoc/>
    protected override void BeginProcessing() => _subsets = ParameterSetName switch
    {
        nameof(Remove) => [.. Remove.Select(SubsetSelection.Without)],
        nameof(Mask) => [.. Mask.Select(SubsetSelection.OfBits)],
        _ => [.. Example.Select(SubsetSelection.Only)],
    };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Datamodel datamodel in Datamodel)
        {
            Attempt(datamodel, () => WriteObject(DatamodelPrediction.Of(datamodel, _subsets), enumerateCollection: true));
        }
    }
}
