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

        suites.Add(("tests/pester", RunPester(repository, results)));
        return Report(suites);
    }

    /// <summary>
    /// Runs the shell suites on the packed module, each in a fresh PowerShell; where they cannot run, their tests count as
    /// skipped and one line says why.
    /// </summary>
    private static Tally RunPester(Repository repository, string results)
    {
        string[] files = [.. Directory.GetFiles(repository.PathOf("tests", "pester"), "*.Tests.ps1").Order()];
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

        string package = repository.PathOf("out", "pack");
        if (Pack.Make(repository, package) != 0)
        {
            Console.WriteLine("The module could not be packed; no shell suite ran, and each counts as one failure.");
            return new Tally(0, files.Length, 0);
        }

        string manifest = Directory.GetFiles(package, "Datamodels.psd1", SearchOption.AllDirectories).Single();
        Tally sum = default;
        foreach (string file in files)
        {
            string result = Path.Combine(results, Path.GetFileNameWithoutExtension(file) + ".json");
            int exitCode = shell.Run($"& ./build/Invoke-Suite.ps1 -Path '{file}' -Module '{manifest}' -ResultPath '{result}'");
            Tally tally = File.Exists(result) ? JsonSerializer.Deserialize<Tally>(File.ReadAllText(result)) : default;
            sum += tally.OrCrashed(tally != default, exitCode);
        }

        return sum;
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
