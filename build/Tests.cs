using System.Text.Json;
using System.Text.RegularExpressions;

namespace Datamodels.Build;

/// <summary>Runs every suite: the xunit projects, then the shell suites where there is a PowerShell with Pester.</summary>
internal static partial class Tests
{
    private const string PesterVersion = "5.7.1";

    public static int Run(Repository repository)
    {
        string[] projects = [.. Directory.EnumerateFiles(repository.PathOf("tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("xunit.v3", StringComparison.Ordinal)).Order()];
        string results = repository.PathOf("out", "test");
        if (Directory.Exists(results))
        {
            // Results of an earlier run must not be counted.
            Directory.Delete(results, recursive: true);
        }

        Directory.CreateDirectory(results);
        var suites = new List<(string Name, Tally Tally)>();
        if (repository.Build() != 0)
        {
            suites.AddRange(projects.Select(project => (Path.GetFileNameWithoutExtension(project), new Tally(0, 1, 0))));
            Console.WriteLine("The build failed; no suite ran, and each counts as one failure.");
            return Report(suites);
        }

        foreach (string project in projects)
        {
            string name = Path.GetFileNameWithoutExtension(project);
            int exitCode = repository.Dotnet(
            [
                "test", project, "-c", Repository.Configuration, "--no-build", "-v", "quiet", "-nologo",
                "--results-directory", results, "--logger", $"trx;LogFileName={name}.trx",
                "--logger", "console;verbosity=minimal",
            ]);
            suites.Add((name, Tally.OfTrx(Path.Combine(results, name + ".trx"), exitCode)));
        }

        suites.Add(("tests/pester", RunPester(repository, Path.Combine(results, "pester.json"))));
        return Report(suites);
    }

    /// <summary>Runs the shell suites; where they cannot run, their tests count as skipped and one line says why.</summary>
    private static Tally RunPester(Repository repository, string resultFile)
    {
        string[] files = Directory.GetFiles(repository.PathOf("tests", "pester"), "*.Tests.ps1");
        PowerShellHost? shell = PowerShellHost.Find(repository, out string reason);
        if (shell is not null)
        {
            reason = PowerShellHost.FirstFailure(repository, "pester", () => HavePester(repository, shell));
        }

        if (shell is null || reason.Length > 0)
        {
            int skipped = files.Sum(file => Math.Max(1, ItBlock().Count(File.ReadAllText(file))));
            Console.WriteLine($"Left out: {skipped} tests of the {files.Length} shell suites in tests/pester, because {reason}.");
            return new Tally(0, 0, skipped);
        }

        int exitCode = shell.Run($"& ./build/Invoke-Suites.ps1 -ResultPath '{resultFile}'");
        Tally tally = File.Exists(resultFile) ? JsonSerializer.Deserialize<Tally>(File.ReadAllText(resultFile)) : default;
        return tally.OrCrashed(tally != default, exitCode);
    }

    private static (bool Done, string Output) HavePester(Repository repository, PowerShellHost shell)
    {
        (bool done, string output) = shell.Ask(
            $$"""
            $env:PSModulePath = '{{repository.PathOf("out", "modules")}}' + [IO.Path]::PathSeparator + $env:PSModulePath
            if (Get-Module Pester -ListAvailable | Where-Object Version -ge '5.0') { exit 0 }
            try {
                $modules = New-Item out/modules -ItemType Directory -Force
                Save-PSResource Pester -Version {{PesterVersion}} -Path $modules -TrustRepository
            }
            catch { $_.Exception.Message; exit 1 }
            """,
            TimeSpan.FromMinutes(2));
        return (done, done ? "" : $"Pester 5 is not installed and cannot be fetched ({output.Split('\n')[0].Trim()})");
    }

    private static int Report(List<(string Name, Tally Tally)> suites)
    {
        Console.WriteLine();
        foreach ((string name, Tally tally) in suites)
        {
            Console.WriteLine($"{name,-32} {tally}");
        }

        Tally sum = suites.Aggregate(default(Tally), (all, suite) => all + suite.Tally);
        Console.WriteLine(sum);
        return sum.Failed > 0 ? 1 : 0;
    }

    [GeneratedRegex(@"^\s*It\s+['""]", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ItBlock();
}
