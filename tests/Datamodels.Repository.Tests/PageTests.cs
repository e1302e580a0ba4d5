using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>Links lead somewhere, and commands for a Unix shell are ones that work.</summary>
public sealed partial class PageTests : IDisposable
{
    private const string HeadlessRun = "dotnet run --project src/Datamodels.Worker -c Release -- run examples/";

    private static readonly string[] s_studies = ["digits", "mnist5k"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("datamodels-pages-");

    public static TheoryData<string> Pages => [.. Checkout.Pages];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files(string page)
    {
        string folder = Path.GetDirectoryName(Checkout.PathOf(page))!;
        foreach (Match link in Link().Matches(Checkout.Read(page)))
        {
            string target = Path.Combine(folder, link.Groups[1].Value);
            Assert.True(Path.Exists(target), $"{page} links to {link.Groups[1].Value}, which is not there");
        }
    }

    // Each kind of command is run by a test: the verbs here, below, in EntryTests, and by whoever runs the tests; the
    // PowerShell ones in tests/pester/Readme.Tests.ps1.
    [Theory]
    [MemberData(nameof(Pages))]
    public void Shell_commands_are_known(string page)
    {
        string help = Checkout.Run("dotnet", Path.Combine(AppContext.BaseDirectory, "Datamodels.Build.dll"), "help").Output;
        foreach (Match block in ShellBlock().Matches(Checkout.Read(page)))
        {
            foreach (string line in block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] words = line.Split('#')[0].Trim().Split(' ');
                bool known = words[0] == "./build.sh"
                    ? help.Contains($"\n  {words[1]} ", StringComparison.Ordinal)
                    : line.StartsWith(HeadlessRun, StringComparison.Ordinal)
                        && s_studies.Contains(line[HeadlessRun.Length..].Split('/')[0]);
                Assert.True(known, $"{page} has the command '{line}', which no test runs");
            }
        }
    }

    [Theory]
    [InlineData("digits", "lds_alpha75")]
    [InlineData("mnist5k", "lds")]
    public void The_studies_run_headless(string study, string score)
    {
        Assert.SkipUnless(
            study != "mnist5k" || Directory.Exists(Checkout.PathOf("examples", study, "data")),
            "MNIST is not there; the verb data fetches it");

        // The same file on fewer examples, targets and models, into a folder that goes away.
        string yaml = Checkout.Read("examples", study, "experiment.yaml")
            .Replace("path: ", $"path: {Checkout.PathOf("examples", study)}/", StringComparison.Ordinal);
        foreach ((string key, int value) in new[]
        {
            ("trainSize", 200), ("testSize", 30), ("count", 40), ("targets", 3), ("subsets", 4), ("retrainings", 2),
        })
        {
            yaml = Regex.Replace(yaml, $@"\b{key}: \d+", $"{key}: {value}");
        }

        string file = Path.Combine(_folder.FullName, "experiment.yaml");
        File.WriteAllText(file, yaml);
        string host = Path.Combine(AppContext.BaseDirectory, "Datamodels.Worker.dll");
        (int exitCode, string output, string errors) = Checkout.Run(
            "dotnet", host, "run", file, "--output", _folder.FullName + "/out");

        Assert.True(exitCode == 0, output + errors);
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "out", "summary.json")));
        Assert.Equal(40, summary.RootElement.GetProperty("models").GetInt32());
        foreach (string key in new[] { "models_per_second", "fit_seconds", "lds", "lds_ceiling", score })
        {
            Assert.Equal(JsonValueKind.Number, summary.RootElement.GetProperty(key).ValueKind);
        }

        foreach (string key in new[] { "median_k", "flipped_at_k", "flipped_at_1_2k" })
        {
            Assert.True(summary.RootElement.GetProperty("brittle").TryGetProperty(key, out _), $"no {key}");
        }
    }

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```bash\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
