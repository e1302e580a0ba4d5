using System.Management.Automation;
using Datamodels.PowerShell.Completion;

namespace Datamodels.PowerShell;

/// <summary>Base of the cmdlets that take files or folders.</summary>
public abstract class PathCommand : DatamodelCommand
{
    /// <summary>Paths of the files or folders; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PathCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>Paths of the files or folders, taken as they are written, without wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The full paths that a pattern matches, in ordinal order; one without wildcards is itself, there or not.</summary>
    /// <exception cref="DatamodelException">Nothing matches, or it is no path of the file system.</exception>
    private protected IReadOnlyList<string> ResolveWildcards(string pattern)
    {
        // Where nothing is there, the engine has the better message.
        if (!WildcardPattern.ContainsWildcardCharacters(pattern))
        {
            return [ResolvePath(pattern)];
        }

        ProviderInfo provider;
        string[] found;
        try
        {
            found = [.. GetResolvedProviderPathFromPSPath(pattern, out provider)];
        }
        catch (SessionStateException e)
        {
            throw PathNotFound(pattern, e);
        }

        RequireFileSystem(pattern, provider);
        Array.Sort(found, string.CompareOrdinal);
        return found.Length > 0 ? found : throw PathNotFound(pattern, inner: null);
    }
}
