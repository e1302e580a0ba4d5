using System.Management.Automation;
using Datamodels.Report;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Writes what was found as one HTML page, with charts and pictures, that needs nothing else: whatever the other cmdlets give of
/// runs, datamodels and what is read off them, in any order.
/// </summary>
[Cmdlet(VerbsData.Export, "DatamodelReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDatamodelReportCommand : ExportCommand
{
    private readonly ReportContent _content = new();

    /// <summary>The file to write, usually named .html.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public override string Path { get; set; } = "";

    /// <summary>
    /// What goes into the report: data, runs, datamodels, influencers, predictions, brittle sets, counterfactuals, measures of
    /// any of these, what attribution methods rank first and their comparison, leaks, components and their effects, graphs,
    /// clusters, or the result of an experiment, which holds several of these. Lists are taken apart; what is empty is left
    /// out.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[]? InputObject { get; set; }

    /// <summary>The heading; by default it names the data.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>
    /// How many rows of each list, and how many targets one by one, are shown; the report says of how many they are.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; } = new ReportOptions().Top;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PSObject? item in InputObject ?? [])
        {
            Take(item?.BaseObject);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Export(
        "Write the report",
        cancellation => DatamodelReport.Write(
            FullPath, _content, new ReportOptions { Title = Title, Top = Top }, cancellation));

    private void Take(object? item)
    {
        switch (item)
        {
            case null:
                break;
            case object?[] list:
                foreach (object? part in list)
                {
                    Take(part is PSObject wrapped ? wrapped.BaseObject : part);
                }

                break;
            default:
                Attempt(item, () => _content.Add(item));
                break;
        }
    }
}
