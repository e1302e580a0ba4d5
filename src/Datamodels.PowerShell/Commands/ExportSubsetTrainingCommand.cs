using System.Management.Automation;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Writes a run as a folder of NumPy files as MadryLab/datamodels makes them: the subset of each model, its outputs, and which
/// models are completed. Import-SubsetTraining takes it as a run again, and so do other programs.
/// </summary>
[Cmdlet(VerbsData.Export, "SubsetTraining", SupportsShouldProcess = true)]
[OutputType(typeof(DirectoryInfo))]
public sealed class ExportSubsetTrainingCommand : DatamodelCommand
{
    private string _path = "";
    private string? _exported;

    /// <summary>The folder to write; the folder that it is in must be there.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The run; its completed models are written.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public SubsetTraining Training { get; set; } = null!;

    /// <summary>
    /// The output that is written; by default what the run records, or the margin where it records logits. Only logits give a
    /// choice.
    /// </summary>
    [Parameter]
    public OutputKind? Output { get; set; }

    /// <summary>
    /// Writes outputs as float16, half the size and rounded to three digits; by default nothing is lost, but outputs derived from
    /// logits are rounded to float32.
    /// </summary>
    [Parameter]
    public SwitchParameter HalfPrecision { get; set; }

    /// <summary>Replaces a store that is there; a folder that holds anything else is never replaced.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the folder.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Require(Path, () =>
    {
        _path = System.IO.Path.TrimEndingDirectorySeparator(ResolvePath(Path));
        RequireFolderOf(_path);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(Training, () =>
    {
        if (_exported is not null)
        {
            throw new DatamodelException(
                "RunsDiffer", ErrorKind.InvalidArgument,
                $"'{_path}' is of the run '{_exported}' already, and '{Training.Path}' is another; export each to a "
                + "folder of its own.");
        }

        Training.RequireExportable(_path, Force);
        string models = FormattableString.Invariant($"Write {Training.CompletedCount} models of '{Training.Path}'");
        if (!ShouldProcess(_path, models))
        {
            return;
        }

        int damaged = Run((progress, cancellation) => Training.Export(_path, Output, HalfPrecision, progress, cancellation));
        _exported = Training.Path;
        if (damaged > 0)
        {
            WriteWarning(FormattableString.Invariant(
                $"{damaged} models of '{Training.Path}' do not match their checksum and count as not completed in '{_path}'. ")
                + "Start-SubsetTraining with the same settings trains them again.");
        }

        if (PassThru)
        {
            WriteObject(new DirectoryInfo(_path));
        }
    });
}
