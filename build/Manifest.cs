using System.Text.RegularExpressions;

namespace Datamodels.Build;

/// <summary>
/// What Datamodels.psd1 says, read without a PowerShell: strings in single quotes and lists of them, which is all that is in it.
/// </summary>
internal sealed partial class Manifest(string text)
{
    /// <summary>Reads the manifest of a checkout.</summary>
    public static Manifest Of(Repository repository) => new(File.ReadAllText(repository.PathOf("Datamodels.psd1")));

    /// <summary>The string of a key.</summary>
    /// <exception cref="InvalidDataException">There is no such key, or its value is none.</exception>
    public string Value(string key) => Unquoted(Find(key, @"'(?:[^']|'')*'"))[0];

    /// <summary>The strings of a key's list.</summary>
    /// <exception cref="InvalidDataException">There is no such key, or its value is none.</exception>
    public string[] List(string key) => Unquoted(Find(key, @"@\((?:[^')]|'(?:[^']|'')*')*\)"));

    private string Find(string key, string value)
    {
        Match match = Regex.Match(text, $@"^\s*{key}\s*=\s*({value})", RegexOptions.Multiline);
        return match.Success
            ? match.Groups[1].Value
            : throw new InvalidDataException($"Datamodels.psd1 has no {key} that reads {value}.");
    }

    private static string[] Unquoted(string text) =>
        [.. Quoted().Matches(text).Select(match => match.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal))];

    [GeneratedRegex("'((?:[^']|'')*)'")]
    private static partial Regex Quoted();
}
