namespace Datamodels.PowerShell;

/// <summary>Base of the cmdlets that handle each file or folder by itself.</summary>
public abstract class EachPathCommand : PathCommand
{
    /// <summary>Handles one full path; what the user can put right is an error of that path, and the others go on.</summary>
    protected abstract void ProcessPath(string path);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string pattern in Path)
        {
            IEnumerable<string> paths = [];
            Attempt(pattern, () => paths = ResolveWildcards(pattern));
            foreach (string path in paths)
            {
                Attempt(path, () => ProcessPath(path));
            }
        }

        foreach (string path in LiteralPath)
        {
            Attempt(path, () => ProcessPath(ResolveLiteral(path)));
        }
    }
}
