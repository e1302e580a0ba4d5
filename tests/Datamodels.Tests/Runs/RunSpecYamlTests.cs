using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

public sealed class RunSpecYamlTests : IDisposable
{
    private static readonly RunSpec s_spec = new()
    {
        DataFingerprint = "0123abc",
        DataSource = new DataSource
        {
            Path = [Path.GetFullPath("/data: 'odd' #1 [x]/digits.csv.gz")],
            Header = true, LabelColumn = "-1", Scaling = FeatureScaling.Standardize,
            TestSize = 0.1, Seed = ulong.MaxValue, ImageShape = new ImageShape(8, 8),
        },
        TrainCount = 1497,
        TargetCount = 300,
        ClassCount = 10,
        Learner = new NetworkLearner { Hidden = [64, 32], LearningRate = 0.1 + 0.2, WeightDecay = 1e-7 },
        Plan = new SubsetPlan(ulong.MaxValue, 1 / 3.0, 20000, 3),
        Engine = "cpu",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("$x")]
    [InlineData("param($task)\n    foreach ($t in $task.TargetFeatures) {\n\t\t1 # 'one': \"1\"\n    }\n")]
    [InlineData("\n  first\n\n\n    last\n\n")]
    [InlineData(" one  \n two  \n\n")]
    [InlineData("two\r\nlines\r\n")]
    [InlineData("# - : { [ é → 𝑥 \u0007\n'")]
    [InlineData("---\n...\n%YAML\n")]
    public void A_script_keeps_every_character(string script)
    {
        RunSpec spec = s_spec with { Learner = new ScriptLearner { Script = script } };
        Assert.Equal(spec, Read(RunSpecYaml.Write(spec)));
    }

    [Fact]
    public void A_program_keeps_every_argument()
    {
        RunSpec spec = s_spec with
        {
            Learner = new ProcessLearner
            {
                Command = "my python", WorkingDirectory = Path.GetFullPath("/some where"),
                Arguments = ["", "a b", "[x, y]", "1", "true", "~", "- #", "\"'", "two\nlines"],
            },
        };
        Assert.Equal(spec, Read(RunSpecYaml.Write(spec)));
        spec = spec with { Learner = new ProcessLearner { Command = "x", WorkingDirectory = Path.GetTempPath() } };
        Assert.Equal(spec, Read(RunSpecYaml.Write(spec)));
    }

    [Fact]
    public void Reads_exactly_what_it_writes()
    {
        Assert.Equal(s_spec, Read(RunSpecYaml.Write(s_spec)));
        RunSpec plain = s_spec with
        {
            DataSource = null, Learner = new NetworkLearner { Kind = LearnerKind.Softmax, Hidden = [] }, Version = "9.8.7",
        };
        Assert.Equal(plain, Read(RunSpecYaml.Write(plain)));
        RunSpec convolutional = s_spec with
        {
            Learner = new NetworkLearner
            {
                Kind = LearnerKind.Convolutional, Hidden = [],
                Layers = Layer.Parse("conv 8 3x3, residual(conv 8 3x3 pad 0, batchNorm), globalPool max, dense, scale 0.2"),
                Flip = true, Translate = 2, Cutout = 4, FlipAtTest = true,
            },
        };
        Assert.Equal(convolutional, Read(RunSpecYaml.Write(convolutional)));
        RunSpec observed = s_spec with
        {
            Observation = new Observation
            {
                Output = OutputKind.Logits,
                Targets = new TargetSelection { Set = TargetSet.Train, Examples = [4, 0, 1496] },
            },
        };
        Assert.Equal(observed, Read(RunSpecYaml.Write(observed)));
        RunSpec several = s_spec with
        {
            DataSource = s_spec.DataSource! with
            {
                Path = [Path.GetFullPath("/data/- 1.bin"), Path.GetFullPath("/data/a: b.bin")],
                TestPath = [Path.GetFullPath("/test/1.bin")], TrainSize = 5000, TestSize = null,
            },
        };
        Assert.Equal(several, Read(RunSpecYaml.Write(several)));
        RunSpec named = s_spec with { DataSource = s_spec.DataSource! with { LabelColumn = "true", ImageShape = null } };
        Assert.Equal(named, Read(RunSpecYaml.Write(named)));
    }

    [Fact]
    public void Reads_well()
    {
        string text = RunSpecYaml.Write(
            s_spec with { DataSource = s_spec.DataSource! with { Path = ["/data/digits.csv.gz"], Seed = 0 } });
        Assert.Equal(
            $"""
            format: 1
            version: {s_spec.Version}
            engine: cpu
            data:
              fingerprint: 0123abc
              trainCount: 1497
              targetCount: 300
              classCount: 10
              source:
                path: /data/digits.csv.gz
                header: true
                labelColumn: -1
                scaling: Standardize
                testSize: 0.1
                seed: 0
                imageShape: 8x8
            learner:
              kind: Perceptron
              hidden: [64, 32]
              epochs: 20
              batchSize: 32
              learningRate: 0.30000000000000004
              peakEpoch: 5
              momentum: 0.9
              weightDecay: 1E-07
              labelSmoothing: 0
            observe:
              output: Margin
              set: Test
            subsets:
              seed: 18446744073709551615
              alpha: 0.3333333333333333
              count: 20000
              retrainings: 3

            """, text);
    }

    [Theory]
    [InlineData("format: 1", "format: 2", "line 1", "format")]
    [InlineData("  alpha: 0.3", "  alpha: 7.3", "line 32", "subsets.alpha")]
    [InlineData("  epochs: 20", "  epochs: many", "line 20", "learner.epochs")]
    [InlineData("  epochs: 20\n", "", "line 18", "learner.epochs")]
    [InlineData("  epochs: 20", "  ages: 20", "line 20", "learner.ages")]
    [InlineData("  peakEpoch: 5", "  peakEpoch: 50", "line 18", "PeakEpoch")]
    [InlineData("output: Margin", "output: Marginal", "line 28", "observe.output")]
    [InlineData("engine: cpu", "engine: [cpu", "line", "not valid YAML")]
    public void Names_file_line_and_key_of_what_is_wrong(string good, string bad, string line, string key)
    {
        string text = RunSpecYaml.Write(s_spec);
        Assert.Contains(good, text, StringComparison.Ordinal);
        var e = Assert.Throws<DatamodelException>(() => Read(text.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Contains("run.yaml", e.Message, StringComparison.Ordinal);
        Assert.Contains(line, e.Message, StringComparison.Ordinal);
        Assert.Contains(key, e.Message, StringComparison.Ordinal);
    }

    private RunSpec Read(string text) => RunSpecYaml.Read(_folder.Write("run.yaml", text));
}
