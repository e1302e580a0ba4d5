using System.Text.Json;
using System.Text.RegularExpressions;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>Links lead somewhere, and commands for a Unix shell are ones that work.</summary>
public sealed partial class PageTests : IDisposable
{
    private const string HeadlessRun = "dotnet run --project src/Datamodels.Worker -c Release -- run examples/";

    private static readonly string[] s_studies = ["cifar10", "digits", "mnist5k", "scikit-learn"];

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
    [InlineData("cifar10")]
    [InlineData("digits", "lds", "lds_ceiling", "lds_alpha75")]
    [InlineData("mnist5k", "lds", "lds_ceiling")]
    [InlineData("scikit-learn", "lds", "lds_ceiling")]
    public void The_studies_run_headless(string study, params string[] scores)
    {
        Assert.SkipUnless(
            study is not ("cifar10" or "mnist5k") || Directory.Exists(Checkout.PathOf("examples", study, "data")),
            $"the data is not in examples/{study}/data; the README there says how to get it");
        Assert.SkipUnless(study != "scikit-learn" || Python.PutFirst("sklearn"), "there is no python3 with scikit-learn");

        // The same file on fewer examples, targets and models, into a folder that goes away.
        string yaml = Checkout.Read("examples", study, "experiment.yaml")
            .Replace("path: ", $"path: {Checkout.PathOf("examples", study)}/", StringComparison.Ordinal)
            .Replace("[train.py]", $"[{Checkout.PathOf("examples", study)}/train.py]", StringComparison.Ordinal);
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
        foreach (string key in new[] { "models_per_second", "fit_seconds", "test_accuracy" }.Concat(scores))
        {
            Assert.Equal(JsonValueKind.Number, summary.RootElement.GetProperty(key).ValueKind);
        }

        foreach (string key in scores.Length > 0 ? ["median_k", "flipped_at_k", "flipped_at_1_2k"] : Array.Empty<string>())
        {
            Assert.True(summary.RootElement.GetProperty("brittle").TryGetProperty(key, out _), $"no {key}");
        }
    }

    [Fact]
    public void The_program_of_the_page_on_programs_trains_models()
    {
        Assert.SkipUnless(Python.PutFirst("numpy"), "there is no python3 with NumPy");
        string program = PythonBlock().Match(Checkout.Read("docs", "process-learner.md")).Groups[1].Value;
        File.WriteAllText(Path.Combine(_folder.FullName, "train.py"), program);
        TrainingData data = TrainingDataReader.Read(
            new DataSource { Path = [Checkout.PathOf("examples", "digits", "digits.csv.gz")], TrainSize = 200, TestSize = 50 },
            TestContext.Current.CancellationToken);
        var learner = new ProcessLearner
        {
            Command = "python3", Arguments = ["train.py"], WorkingDirectory = _folder.FullName,
        };

        // Twice the same, with a label of it replaced, and from examples of one class.
        Mask ones = Mask.FromExamples(200, [.. Enumerable.Range(0, 200).Where(example => data.Train.Labels[example] == 1)]);
        TrainingTask[] tasks =
        [
            new(0, Mask.Full(200), 1), new(1, Mask.Full(200), 1),
            new(2, Mask.Full(200), 1) { LabelOverrides = [new(0, (data.Train.Labels[0] + 1) % 10)] },
            new(3, ones, 1),
        ];
        float[][] margins = [.. new ProcessEngine(2).Train(data, learner, new(), tasks, TestContext.Current.CancellationToken)
            .OrderBy(output => output.TaskId).Select(output => output.Values)];
        Assert.Equal(margins[0], margins[1]);
        Assert.NotEqual(margins[0], margins[2]);

        // The nearest mean is right about most digits; a model that knows only ones is right about those.
        Assert.InRange(margins[0].Count(margin => margin > 0), 38, 50);
        Assert.Equal(data.Test.Labels.ToArray().Select(label => label == 1), margins[3].Select(margin => margin > 0));
    }

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```bash\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"^```python\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}
