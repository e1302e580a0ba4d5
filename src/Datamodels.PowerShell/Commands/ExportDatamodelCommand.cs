using System.Management.Automation;
using Datamodels.Regression;

namespace Datamodels.PowerShell.Commands;

/// <summary>Writes datamodels to one NPZ file, which Import-Datamodel reads again and NumPy reads too.</summary>
[Cmdlet(VerbsData.Export, "Datamodel", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDatamodelCommand : ExportCommand
{
    private readonly List<Datamodel> _datamodels = [];

    /// <summary>The file to write, usually named .npz.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public override string Path { get; set; } = "";

    /// <summary>Datamodels of one run, one for each column of the file.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => _datamodels.AddRange(Datamodel);

    /// <inheritdoc/>
    protected override void EndProcessing() => Export(
        FormattableString.Invariant($"Write {_datamodels.Count} datamodels"),
        cancellation => DatamodelArchive.Write(FullPath, _datamodels, cancellation));
}
