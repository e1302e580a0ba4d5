using System.Management.Automation;
using Datamodels.Regression;

namespace Datamodels.PowerShell.Commands;

/// <summary>Writes datamodels to one NPZ file, for NumPy.</summary>
[Cmdlet(VerbsData.Export, "Datamodel", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDatamodelCommand : DatamodelCommand
{
    private readonly List<Datamodel> _datamodels = [];
    private string _path = "";

    /// <summary>The file to write, usually named .npz.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Datamodels of one run.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public Datamodel[] Datamodel { get; set; } = [];

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Require(Path, () =>
    {
        // Now, and not only when a long fit is done.
        _path = ResolvePath(Path);
        RequireFolderOf(_path);
        RequireFree(_path, Force);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord() => _datamodels.AddRange(Datamodel);

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(_path, () =>
    {
        if (!ShouldProcess(_path, FormattableString.Invariant($"Write {_datamodels.Count} datamodels")))
        {
            return;
        }

        RequireFree(_path, Force);
        Stream<object>((_, cancellation) =>
        {
            DatamodelArchive.Write(_path, _datamodels, cancellation);
            return [];
        });
        if (PassThru)
        {
            WriteObject(new FileInfo(_path));
        }
    });
}
