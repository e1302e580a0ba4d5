using System.Management.Automation;

namespace Datamodels.PowerShell;

/// <summary>
/// Base of the cmdlets that gather what comes down the pipeline and then write it to a file. Whether there is a folder to write
/// into, and whether something would be replaced, is said before the first object comes, and not only when a long fit is done.
/// </summary>
public abstract class ExportCommand : DatamodelCommand
{
    /// <summary>The file to write.</summary>
    public abstract string Path { get; set; }

    /// <summary>Replaces what is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives what was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The file's full path.</summary>
    private protected string FullPath { get; private set; } = "";

    /// <inheritdoc/>
    protected override void BeginProcessing() => Require(Path, () =>
    {
        FullPath = ResolvePath(Path);
        RequireFolderOf(FullPath);
        RequireFree();
    });

    /// <summary>Writes, if the user wants it, and gives the files.</summary>
    /// <param name="action">What is done, for who is asked whether it should be.</param>
    /// <param name="write">Writes to <see cref="FullPath"/>, on another thread.</param>
    private protected void Export(string action, Action<CancellationToken> write) => Attempt(FullPath, () =>
    {
        IReadOnlyList<string> files = FilesOf(FullPath);
        if (!ShouldProcess(string.Join(", ", files), action))
        {
            return;
        }

        RequireFree();
        Stream<object>((_, cancellation) =>
        {
            write(cancellation);
            return [];
        });
        if (PassThru)
        {
            WriteObject(files.Select(file => new FileInfo(file)), enumerateCollection: true);
        }
    });

    /// <summary>The files that are written for a path; by default that path itself.</summary>
    /// <exception cref="DatamodelException">The path does not say what to write.</exception>
    private protected virtual IReadOnlyList<string> FilesOf(string path) => [path];

    private void RequireFree()
    {
        foreach (string file in FilesOf(FullPath))
        {
            RequireFree(file, Force);
        }
    }
}
