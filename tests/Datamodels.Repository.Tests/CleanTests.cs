using Xunit;

namespace Datamodels.Repository.Tests;

public sealed class CleanTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("datamodels-clean-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Takes_away_what_the_verbs_made_and_leaves_the_runs_of_a_user()
    {
        Write("src/Thing/Thing.csproj", "src/Thing/Thing.cs", "src/Thing/bin/a.dll", "src/Thing/obj/a.json", "module/bin/a.dll");
        Write("module/host/a.dll");
        Write("en-US/about_Thing.help.txt", "en-US/Datamodels.PowerShell.dll-Help.xml");
        Write("out/demo/summary.json", "out/pack/a.nupkg", "out/bench.json", "out/digits/margins.npy");

        Assert.Equal(0, new Build.Repository(_root).Clean());

        Assert.Equal(
            ["en-US/about_Thing.help.txt", "out/digits/margins.npy", "src/Thing/Thing.cs", "src/Thing/Thing.csproj"], Files());
    }

    [Fact]
    public void Leaves_no_empty_out()
    {
        Write("out/demo/summary.json", "out/bench.json");
        new Build.Repository(_root).Clean();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    private void Write(params string[] files)
    {
        foreach (string file in files)
        {
            string path = Path.Combine(_root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(_root, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
