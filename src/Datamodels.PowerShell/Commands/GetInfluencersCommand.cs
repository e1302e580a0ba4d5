using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Regression;

namespace Datamodels.PowerShell.Commands;

/// <summary>Lists the training examples that drive a prediction most.</summary>
[Cmdlet(VerbsCommon.Get, "Influencers")]
[Alias("Get-Influencer")]
[OutputType(typeof(Influencer))]
public sealed class GetInfluencersCommand : DatamodelCommand
{
    /// <summary>The datamodels, one for each target, as from Invoke-DatamodelFit.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>How many examples of each sign.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; } = 5;

    /// <summary>Which signs: examples that help the prediction, that hurt it, or both.</summary>
    [Parameter]
    public InfluenceSign Sign { get; set; } = InfluenceSign.Both;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Datamodel datamodel in Datamodel)
        {
            Attempt(datamodel, () => WriteObject(Influencers.Of(datamodel, Top, Sign), enumerateCollection: true));
        }
    }
}
