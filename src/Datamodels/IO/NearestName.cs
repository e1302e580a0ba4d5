namespace Datamodels.IO;

/// <summary>Guesses which name was meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// The known name nearest to <paramref name="name"/> by edit distance (Levenshtein), letter case and separators aside;
    /// null where none is near enough to be a slip.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string wanted = Bare(name);
        return known
            .Select(candidate => (Name: candidate, Distance: Distance(wanted, Bare(candidate))))
            .Where(candidate => candidate.Distance <= Math.Max(1, wanted.Length / 2))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    private static string Bare(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
