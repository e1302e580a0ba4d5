using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Regression;

namespace Datamodels.PowerShell.Commands;

/// <summary>Finds the smallest set of training examples whose removal flips a prediction, as its datamodel sees it.</summary>
[Cmdlet(VerbsCommon.Find, "BrittleSet")]
[OutputType(typeof(BrittleSet))]
public sealed class FindBrittleSetCommand : DatamodelCommand
{
    /// <summary>The target's datamodel.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Datamodel Datamodel { get; set; } = null!;

    /// <summary>The predicted margin to reach, in units of margin; 0 is the decision boundary.</summary>
    [Parameter]
    public double Threshold { get; set; }

    /// <summary>The set is made this many times the size found, at least 1: a larger one flips more surely.</summary>
    [Parameter]
    public double SizeFactor { get; set; } = 1;

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Attempt(Datamodel, () => WriteObject(BrittleSearch.Find(Datamodel, Threshold, SizeFactor)));
}
