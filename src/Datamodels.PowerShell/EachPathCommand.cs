using System.Management.Automation;

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
            Attempt(pattern, () => paths = Chosen(pattern));
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

    /// <summary>Whether a path that a wildcard matches is one to handle; by default each is.</summary>
    private protected virtual bool IsMeant(string path) => true;

    private IReadOnlyList<string> Chosen(string pattern)
    {
        IReadOnlyList<string> paths = ResolveWildcards(pattern);
        if (!WildcardPattern.ContainsWildcardCharacters(pattern))
        {
            return paths;
        }

        string[] meant = [.. paths.Where(IsMeant)];
        return meant.Length > 0
            ? meant
            : throw new DatamodelException(
                "PathNotFound", ErrorKind.NotFound,
                $"Of the {paths.Count} paths that match '{pattern}' none is what {MyInvocation.MyCommand.Name} takes.");
    }
}
