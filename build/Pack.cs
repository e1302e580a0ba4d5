using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Datamodels.Build;

/// <summary>Lays the module out as PowerShell expects it, <c>Datamodels/(version)</c>, and zips it.</summary>
internal static partial class Pack
{
    public static int Run(Repository repository)
    {
        if (repository.Build() is not 0 and int failed)
        {
            return failed;
        }

        string version = VersionOf(repository);
        string package = repository.PathOf("out", "pack");
        if (Directory.Exists(package))
        {
            Directory.Delete(package, recursive: true);
        }

        string folder = Path.Combine(package, "Datamodels", version);
        foreach (string file in new[] { "Datamodels.psd1", "LICENSE", "THIRD-PARTY-NOTICES.md", "README.md", "CHANGELOG.md" })
        {
            Copy(repository.PathOf(file), Path.Combine(folder, file));
        }

        string module = repository.PathOf("module");
        foreach (string file in Directory.EnumerateFiles(module, "*", SearchOption.AllDirectories))
        {
            Copy(file, Path.Combine(folder, "module", Path.GetRelativePath(module, file)));
        }

        string zip = Path.Combine(package, $"Datamodels-{version}.zip");
        ZipFile.CreateFromDirectory(
            Path.Combine(package, "Datamodels"), zip, CompressionLevel.SmallestSize, includeBaseDirectory: true);
        Console.WriteLine($"Import-Module {folder}/Datamodels.psd1");
        Console.WriteLine(zip);
        return 0;
    }

    private static string VersionOf(Repository repository) =>
        ModuleVersion().Match(File.ReadAllText(repository.PathOf("Datamodels.psd1"))).Groups[1].Value;

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }

    [GeneratedRegex(@"ModuleVersion\s*=\s*'([^']+)'")]
    private static partial Regex ModuleVersion();
}
