namespace Datamodels.Tests;

/// <summary>Files of the repository that tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The 8x8 digits: 1,797 rows of 64 pixels of 0..16, the label last, no header.</summary>
    public static string Digits => Path.Combine(Root, "examples", "digits", "digits.csv.gz");

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Datamodels.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("Datamodels.sln is in no folder above the tests.");
    }
}
