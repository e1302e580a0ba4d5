using System.Xml.Linq;

namespace Datamodels.Build;

/// <summary>
/// Lays the module out as PowerShell expects it on its module path, <c>Datamodels/(version)</c>, and makes of that the package
/// <c>Datamodels.(version).nupkg</c>, which <c>Install-PSResource</c> takes from the same folder. The same sources give the same
/// bytes.
/// </summary>
internal static class Pack
{
    // Any fixed time will do, in seconds since 1970: this one is the first of the year 2000.
    private const int TimeStamp = 946_684_800;

    private static readonly string[] s_files =
        ["Datamodels.psd1", "LICENSE", "THIRD-PARTY-NOTICES.md", "README.md", "CHANGELOG.md"];

    // The module, what Get-Help reads, and what the README and the help lead to.
    private static readonly string[] s_folders = ["module", "en-US", "docs", "examples"];

    /// <summary>Builds and packs.</summary>
    public static int Run(Repository repository)
    {
        if (repository.Build() is not 0 and int failed)
        {
            return failed;
        }

        return Make(repository, repository.PathOf("out", "pack"));
    }

    /// <summary>Packs what is built.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="package">The folder for the module and the package; what was in it goes.</param>
    public static int Make(Repository repository, string package)
    {
        Manifest manifest = Manifest.Of(repository);
        if (Directory.Exists(package))
        {
            Directory.Delete(package, recursive: true);
        }

        string folder = Path.Combine(package, "Datamodels", manifest.Value("ModuleVersion"));
        string[] files =
        [
            .. s_files.Concat(s_folders.SelectMany(name => FilesUnder(repository, name))).Where(IsPacked)
                .Order(StringComparer.Ordinal),
        ];
        foreach (string file in files)
        {
            string copy = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(repository.PathOf(file), copy);
        }

        string specification = Path.Combine(package, "Datamodels.nuspec");
        Specification(manifest, files).Save(specification);
        int exitCode = repository.Dotnet(
        [
            "pack", "src/Datamodels.PowerShell", "--no-build", "-c", Repository.Configuration, "-v", "quiet", "-nologo",
            "-o", package, "-p:IsPackable=true", $"-p:NuspecFile={specification}", $"-p:NuspecBasePath={folder}",
            $"-p:DeterministicTimestamp={TimeStamp}",
            // It would ask for what a package for projects needs.
            "-p:NoPackageAnalysis=true",
        ]);
        File.Delete(specification);
        if (exitCode != 0)
        {
            return exitCode;
        }

        Console.WriteLine($"Import-Module {Path.GetDirectoryName(folder)}");
        Console.WriteLine(Path.Combine(package, $"Datamodels.{manifest.Value("ModuleVersion")}.nupkg"));
        return 0;
    }

    // Not the data that the larger studies have fetched, and no symbols.
    private static bool IsPacked(string file) =>
        !file.EndsWith(".pdb", StringComparison.Ordinal)
        && !file.Split('/').Any(part => part is "data" or "data.unfinished");

    private static IEnumerable<string> FilesUnder(Repository repository, string folder) =>
        Directory.EnumerateFiles(repository.PathOf(folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(repository.PathOf(), file).Replace('\\', '/'));

    /// <summary>What the manifest says, as Publish-PSResource would write it: what is searched for is in the tags.</summary>
    private static XDocument Specification(Manifest manifest, string[] files)
    {
        string[] cmdlets = manifest.List("CmdletsToExport");
        string[] tags =
        [
            .. manifest.List("Tags"), "PSModule", "PSIncludes_Cmdlet",
            .. manifest.List("CompatiblePSEditions").Select(edition => $"PSEdition_{edition}"),
            .. cmdlets.Select(name => $"PSCmdlet_{name}"), .. cmdlets.Select(name => $"PSCommand_{name}"),
        ];
        XNamespace space = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";
        return new XDocument(new XElement(
            space + "package",
            new XElement(
                space + "metadata",
                new XElement(space + "id", "Datamodels"),
                new XElement(space + "version", manifest.Value("ModuleVersion")),
                new XElement(space + "authors", manifest.Value("Author")),
                new XElement(space + "owners", manifest.Value("CompanyName")),
                new XElement(space + "license", new XAttribute("type", "expression"), "MIT"),
                new XElement(space + "projectUrl", manifest.Value("ProjectUri")),
                new XElement(space + "readme", "README.md"),
                new XElement(space + "description", manifest.Value("Description")),
                new XElement(space + "releaseNotes", manifest.Value("ReleaseNotes")),
                new XElement(space + "copyright", manifest.Value("Copyright")),
                new XElement(space + "tags", string.Join(' ', tags))),
            new XElement(
                space + "files",
                files.Select(file => new XElement(
                    space + "file", new XAttribute("src", file), new XAttribute("target", file))))));
    }
}
