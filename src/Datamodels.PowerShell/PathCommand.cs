using System.Management.Automation;

namespace Datamodels.PowerShell;

/// <summary>Base of the cmdlets that take files or folders; each path is handled by itself.</summary>
public abstract class PathCommand : DatamodelCommand
{
    /// <summary>Paths; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Paths, as they are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

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

    // A path without wildcards resolves to itself, there or not: the engine has the better message.
    private IEnumerable<string> ResolveWildcards(string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            return [ResolvePath(path)];
        }

        ProviderInfo provider;
        IReadOnlyList<string> found;
        try
        {
            found = GetResolvedProviderPathFromPSPath(path, out provider);
        }
        catch (SessionStateException e)
        {
            throw PathNotFound(path, e);
        }

        RequireFileSystem(path, provider);
        return found.Count > 0 ? found : throw PathNotFound(path, inner: null);
    }
}
