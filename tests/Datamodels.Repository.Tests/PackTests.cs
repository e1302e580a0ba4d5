using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Datamodels.Build;
using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>The package as its bytes lie there; tests/pester installs it and imports it.</summary>
public sealed partial class PackTests : IDisposable
{
    // What NuGet puts beside the files of a package.
    private static readonly string[] s_envelope = ["_rels/", "package/", "[Content_Types].xml", "Datamodels.nuspec"];

    private readonly string _out = Directory.CreateTempSubdirectory("datamodels-pack-").FullName;
    private readonly string _package;

    public PackTests()
    {
        Assert.Equal(0, Pack.Make(new Build.Repository(Checkout.Root), PathIn("first")));
        _package = Directory.GetFiles(PathIn("first"), "*").Single();
    }

    public void Dispose() => Directory.Delete(_out, recursive: true);

    [Fact]
    public void The_package_holds_the_folder_and_the_same_bytes_each_time()
    {
        Assert.Equal($"Datamodels.{Version()}.nupkg", Path.GetFileName(_package));
        Assert.Equal(0, Pack.Make(new Build.Repository(Checkout.Root), PathIn("second")));
        Assert.Equal(File.ReadAllBytes(_package), File.ReadAllBytes(Path.Combine(PathIn("second"), Path.GetFileName(_package))));

        string folder = Path.Combine(PathIn("first"), "Datamodels", Version());
        using ZipArchive zip = ZipFile.OpenRead(_package);
        ZipArchiveEntry[] entries =
            [.. zip.Entries.Where(entry => !s_envelope.Any(start => entry.FullName.StartsWith(start, StringComparison.Ordinal)))];
        Assert.Equal(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
            entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        foreach (ZipArchiveEntry entry in entries)
        {
            using var content = new MemoryStream();
            using Stream stream = entry.Open();
            stream.CopyTo(content);
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, entry.FullName)), content.ToArray());
        }
    }

    /// <summary>Unpacked by whatever tool, the names have to be ones that Windows takes, apart without regard to case.</summary>
    [Fact]
    public void Its_names_are_good_on_Windows()
    {
        using ZipArchive zip = ZipFile.OpenRead(_package);
        string[] names = [.. zip.Entries.Select(entry => entry.FullName)];
        Assert.NotEmpty(names);
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        foreach (string name in names)
        {
            Assert.InRange(name.Length, 1, 200);
            foreach (string part in name.Split('/'))
            {
                // A backslash would be a part of a name on Unix; a name in percents is one that had to be escaped.
                Assert.DoesNotMatch("[\\x00-\\x1F\\x7F-\\uFFFF<>:\"\\\\|?*%]|[. ]$|^$", part);
                Assert.DoesNotMatch(ReservedName(), part);
            }
        }

        // Paths of the manifest lead to files, in their case, from a folder of any name.
        string manifest = File.ReadAllText(Checkout.PathOf("Datamodels.psd1"));
        string[] paths = [.. ManifestPath().Matches(manifest).Select(match => match.Groups[1].Value)];
        Assert.Contains("module/Datamodels.psm1", paths);
        Assert.All(paths, path => Assert.Contains(path, names));
    }

    [Fact]
    public void It_says_what_a_gallery_searches_for()
    {
        using ZipArchive zip = ZipFile.OpenRead(_package);
        using Stream stream = zip.GetEntry("Datamodels.nuspec")!.Open();
        Dictionary<string, string> says = XDocument.Load(stream).Root!.Elements().Single().Elements()
            .ToDictionary(element => element.Name.LocalName, element => element.Value);
        Manifest manifest = Manifest.Of(new Build.Repository(Checkout.Root));
        Assert.Equal(("Datamodels", Version()), (says["id"], says["version"]));
        foreach ((string key, string name) in new[]
        {
            ("Author", "authors"), ("CompanyName", "owners"), ("Copyright", "copyright"), ("Description", "description"),
            ("ReleaseNotes", "releaseNotes"), ("ProjectUri", "projectUrl"), ("LicenseUri", "licenseUrl"),
        })
        {
            Assert.Equal(manifest.Value(key), says[name]);
        }

        string[] tags = says["tags"].Split(' ');
        string[] expected =
        [
            "PSModule", "PSEdition_Core", "PSIncludes_Cmdlet", "PSCmdlet_Find-BrittleSet", "PSCommand_Find-BrittleSet",
            .. manifest.List("Tags"),
        ];
        Assert.All(expected, tag => Assert.Contains(tag, tags));
        Assert.Equal(tags.Length, tags.Distinct().Count());
        Assert.Equal(
            manifest.List("CmdletsToExport").Length, tags.Count(tag => tag.StartsWith("PSCommand_", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_notices_name_every_library_in_it_with_its_version()
    {
        string notices = File.ReadAllText(Path.Combine(PathIn("first"), "Datamodels", Version(), "THIRD-PARTY-NOTICES.md"));
        Dictionary<string, string> versions = XDocument.Load(Checkout.PathOf("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!);
        using ZipArchive zip = ZipFile.OpenRead(_package);
        string[] libraries =
        [
            .. zip.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                .Select(entry => Path.GetFileNameWithoutExtension(entry.Name))
                .Where(name => !name.StartsWith("Datamodels", StringComparison.Ordinal)).Distinct(),
        ];
        Assert.Contains("YamlDotNet", libraries);
        foreach (string library in libraries)
        {
            Assert.Contains(library, versions.Keys);
            Assert.Matches($@"(?m)^\| .*\b{Regex.Escape(library)}\b.* {Regex.Escape(versions[library])} \|", notices);
        }
    }

    private static string Version() => Manifest.Of(new Build.Repository(Checkout.Root)).Value("ModuleVersion");

    private string PathIn(string name) => Path.Combine(_out, name);

    [GeneratedRegex(@"^(CON|PRN|AUX|NUL|COM\d|LPT\d)(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex ReservedName();

    [GeneratedRegex("'([^' ]+\\.(?:psm1|ps1xml|dll|psd1))'")]
    private static partial Regex ManifestPath();
}
