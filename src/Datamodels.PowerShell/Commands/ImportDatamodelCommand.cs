using System.Management.Automation;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Reads datamodels that Export-Datamodel wrote, one at a time. They are as they were when they were fitted, so that every
/// cmdlet that takes datamodels works on them.
/// </summary>
[Cmdlet(VerbsData.Import, "Datamodel", DefaultParameterSetName = "Path")]
[OutputType(typeof(Datamodel))]
public sealed class ImportDatamodelCommand : EachPathCommand
{
    /// <summary>
    /// The run that the datamodels were fitted to, where it has been moved; by default it is opened where it was.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public SubsetTraining? Training { get; set; }

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        WriteVerbose($"Reading datamodels from '{path}'.");
        Stream((progress, cancellation) => DatamodelArchive.Read(path, Training, progress, cancellation));
    }
}
