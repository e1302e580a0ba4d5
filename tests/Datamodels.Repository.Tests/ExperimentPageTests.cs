using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Datamodels.Data;
using Datamodels.Experiments;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>docs/experiment.md has the keys and defaults that the reader of experiment files has.</summary>
public sealed partial class ExperimentPageTests : IDisposable
{
    private const string Minimal =
        """
        data:
          path: digits.csv
        learner: {}
        subsets:
          alpha: 0.5
          count: 10
        observe: {}
        fit: {}
        brittle:
          targets: 1
        heldOut:
          - alpha: 0.75
        output: out

        """;

    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string> Sections => ["", "data", "learner", "subsets", "observe", "fit", "brittle", "heldOut"];

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void The_smallest_example_can_be_read()
    {
        string yaml = Regex.Match(
            Checkout.Read("docs", "experiment.md"),
            "^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .Groups[1].Value;
        File.WriteAllText(_file, yaml);
        Assert.Equal(5000, ExperimentFile.Read(_file).Plan.Count);
    }

    [Fact]
    public void The_residual_network_of_the_page_can_be_read_and_trained()
    {
        string yaml = Regex.Match(
            Checkout.Read("docs", "experiment.md"),
            "^```yaml\n(learner:\n.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .Groups[1].Value;
        File.WriteAllText(_file, Minimal.Replace("learner: {}\n", yaml, StringComparison.Ordinal));
        var learner = Assert.IsType<NetworkLearner>(ExperimentFile.Read(_file).Learner);
        Assert.Equal(8, learner.Layers.Concat(learner.Layers.OfType<ResidualLayer>().SelectMany(residual => residual.Branch))
            .OfType<ConvolutionLayer>().Count());

        // One step of it, on images of the size that it is made for.
        var random = new RandomStream(1, RandomPurpose.Split, 0);
        ExampleSet Images(int count) => new(
            [.. Enumerable.Range(0, count * 3072).Select(_ => random.NextSingle())], [.. Enumerable.Range(0, count)], 3072);
        var data = new TrainingData(
            "noise", Images(10), Images(2), [.. Enumerable.Range(0, 10).Select(c => $"{c}")], new ImageShape(32, 32, 3));
        float[] margins = new CpuEngine(1).Train(
            data, learner with { Epochs = 1, PeakEpoch = 0 }, new Observation(), [new TrainingTask(0, Mask.Full(10), 1)],
            TestContext.Current.CancellationToken).Single().Values;
        Assert.All(margins, margin => Assert.True(float.IsFinite(margin) && margin != 0));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_key_is_there(string section)
    {
        // The reader's own list of keys is in its answer to a key it does not know.
        string place = section switch
        {
            "" => "output: out\n",
            "brittle" => "  targets: 1\n",
            "heldOut" => "  - alpha: 0.75\n",
            "data" => "  path: digits.csv\n",
            "subsets" => "  count: 10\n",
            _ => $"{section}: {{}}\n",
        };
        string added = section switch
        {
            "" => place + "zzz: 1\n",
            "heldOut" => place + "    zzz: 1\n",
            "learner" or "observe" or "fit" => $"{section}:\n  zzz: 1\n",
            _ => place + "  zzz: 1\n",
        };
        File.WriteAllText(_file, Minimal.Replace(place, added, StringComparison.Ordinal));
        DatamodelException error = Assert.Throws<DatamodelException>(() => ExperimentFile.Read(_file));
        string[] known = KnownKeys().Match(error.Message).Groups[1].Value.Split(", ");
        Assert.Equal(known.Order(), Documented(section).Select(row => row.Key).Order());
    }

    [Theory]
    [InlineData("Process")]
    [InlineData("Script")]
    public void Every_key_of_a_learner_of_ones_own_is_there(string kind)
    {
        File.WriteAllText(
            _file, Minimal.Replace("learner: {}\n", $"learner:\n  kind: {kind}\n  zzz: 1\n", StringComparison.Ordinal));
        DatamodelException error = Assert.Throws<DatamodelException>(() => ExperimentFile.Read(_file));
        string[] known = KnownKeys().Match(error.Message).Groups[1].Value.Split(", ");
        Assert.Equal(known.Order(), Documented($"learner` of kind `{kind}").Select(row => row.Key).Order());
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_default_is_the_readers(string section)
    {
        File.WriteAllText(_file, Minimal);
        Experiment experiment = ExperimentFile.Read(_file);
        object read = section switch
        {
            "data" => experiment.Data,
            "learner" => experiment.Learner,
            "subsets" => experiment.Plan,
            "observe" => new { experiment.Observation.Output, experiment.Observation.Targets.Set },
            "fit" => experiment.Fit,
            "brittle" => experiment.Brittle!,
            "heldOut" => experiment.HeldOut[0],
            _ => experiment,
        };
        foreach ((string key, string stated) in Documented(section))
        {
            if (stated.StartsWith('`') && !stated.Contains('+', StringComparison.Ordinal))
            {
                PropertyInfo property = read.GetType().GetProperties()
                    .Single(property => string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase));
                Assert.Equal(stated.Trim('`'), Shown(property.GetValue(read)), ignoreCase: true);
            }
        }
    }

    private static string? Shown(object? value) => value is IEnumerable and not string
        ? $"[{value}]"
        : Convert.ToString(value, CultureInfo.InvariantCulture);

    /// <summary>Key and default of each row of the section's table.</summary>
    private static IEnumerable<(string Key, string Default)> Documented(string section)
    {
        string heading = section.Length == 0 ? "## Top level" : $"## `{section}`";
        string page = Checkout.Read("docs", "experiment.md");
        int start = page.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"no heading '{heading}'");
        int end = page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return TableRow().Matches(page[start..(end < 0 ? page.Length : end)])
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value));
    }

    [GeneratedRegex(@"The keys here are (.*)\.$")]
    private static partial Regex KnownKeys();

    [GeneratedRegex(@"^\| `(\w+)` \| [^|]* \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
