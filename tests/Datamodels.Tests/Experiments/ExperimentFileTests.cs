using Datamodels.Data;
using Datamodels.Experiments;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Xunit;

namespace Datamodels.Tests.Experiments;

public sealed class ExperimentFileTests : IDisposable
{
    private const string Whole = """
        data:
          path: ../digits.csv
          header: true
          labelColumn: digit
          scaling: UnitRange
          testSize: 300
          seed: 3
          imageShape: 8x8
        learner:
          kind: perceptron
          hidden: [32, 16]
          epochs: 12
          batchSize: 64
          learningRate: .05
          peakEpoch: 4
          momentum: 0.8
          weightDecay: 5e-4
          labelSmoothing: 0.1
        subsets: { alpha: 0.4, count: 1000, seed: 18446744073709551615 }
        fit: { method: lasso, l1Ratio: 0.9, lambdaCount: 50, epsilon: 0.02, patience: 7, heldOut: 0.2, tolerance: 1e-6 }
        influencers: 7
        brittle: { targets: 9, retrainings: 11, sizeFactors: [1, 1.5], mode: [Remove, flip], search: true, seed: 5 }
        heldOut:
          - { alpha: 0.4, subsets: 60, retrainings: 4, seed: 8 }
          - alpha: 0.75
        output: ../out
        """;

    private const string Least = """
        data: { path: a.csv }
        learner: { epochs: 20 }
        subsets: { alpha: 0.5, count: 10 }
        output: out
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("datamodels-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_setting_is_read()
    {
        Experiment experiment = ExperimentFile.Read(Write(Whole));
        string parent = Path.GetDirectoryName(_folder)!;
        Assert.Equal(
            new DataSource
            {
                Path = [Path.Combine(parent, "digits.csv")],
                Header = true,
                LabelColumn = "digit",
                Scaling = FeatureScaling.UnitRange,
                TestSize = 300,
                Seed = 3,
                ImageShape = new ImageShape(8, 8),
            },
            experiment.Data);
        Assert.Equal(
            new NetworkLearner
            {
                Kind = LearnerKind.Perceptron,
                Hidden = [32, 16],
                Epochs = 12,
                BatchSize = 64,
                LearningRate = 0.05,
                PeakEpoch = 4,
                Momentum = 0.8,
                WeightDecay = 5e-4,
                LabelSmoothing = 0.1,
            },
            experiment.Learner);
        Assert.Equal(new(ulong.MaxValue, 0.4, 1000), experiment.Plan);
        Assert.Equal(
            new() { L1Ratio = 0.9, LambdaCount = 50, Epsilon = 0.02, Patience = 7, HeldOut = 0.2, Tolerance = 1e-6 },
            experiment.Fit);
        Assert.Equal(7, experiment.Influencers);
        Assert.Equal(
            new BrittleStudy(9, 11, [1, 1.5], 5) { Mode = [BrittleMode.Remove, BrittleMode.Flip], Search = true },
            experiment.Brittle);
        Assert.Equal([new HeldOutStudy(0.4, 60, 4, 8), new HeldOutStudy(0.75, 100, 20, 0)], experiment.HeldOut);
        Assert.Equal(Path.Combine(parent, "out"), experiment.Output);
    }

    [Fact]
    public void A_program_is_started_in_the_folder_of_the_file_unless_it_says_otherwise()
    {
        string program = Least.Replace("{ epochs: 20 }", "{ kind: process, command: python3, arguments: [train.py, 1] }");
        Assert.Equal(
            new ProcessLearner { Command = "python3", Arguments = ["train.py", "1"], WorkingDirectory = _folder },
            ExperimentFile.Read(Write(program)).Learner);
        Assert.Equal(
            Path.Combine(_folder, "sub"),
            Assert.IsType<ProcessLearner>(ExperimentFile.Read(Write(program.Replace("1]", "1], workingDirectory: sub"))).Learner)
                .WorkingDirectory);
        Assert.Equal(
            new ScriptLearner { Script = "param($t) 1" },
            ExperimentFile.Read(Write(Least.Replace("{ epochs: 20 }", "{ kind: Script, script: param($t) 1 }"))).Learner);
    }

    [Theory]
    [InlineData("{ kind: Process, epochs: 3 }", "the key 'learner.epochs' is not known")]
    [InlineData("{ kind: Process }", "the key 'learner.command' is missing")]
    [InlineData("{ kind: Process, command: x, arguments: y }", "'learner.arguments' is y; expected a list of texts")]
    [InlineData("{ kind: Script, command: x }", "the key 'learner.command' is not known")]
    [InlineData(
        "{ kind: Proces }", "expected one of Softmax, Perceptron, Convolutional, Process, Script (did you mean Process?)")]
    public void The_keys_of_a_learner_are_those_of_its_kind(string learner, string message) => Assert.Contains(
        message,
        Assert.Throws<DatamodelException>(() => ExperimentFile.Read(Write(Least.Replace("{ epochs: 20 }", learner)))).Message);

    [Fact]
    public void One_mode_stands_for_a_list_of_itself()
    {
        BrittleStudy study = ExperimentFile.Read(Write(Least + "\nbrittle: { targets: 2, mode: Flip }")).Brittle!;
        Assert.Equal([BrittleMode.Flip], study.Mode);
        Assert.False(study.Search);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        Experiment experiment = ExperimentFile.Read(Write(Least));
        Assert.Equal(new DataSource { Path = [Path.Combine(_folder, "a.csv")] }, experiment.Data);
        Assert.Equal(new NetworkLearner(), experiment.Learner);
        Assert.Equal(new(), experiment.Fit);
        Assert.Null(experiment.Brittle);
        Assert.Empty(experiment.HeldOut);
    }

    [Theory]
    [InlineData("{ epochs: 3 }", 0.75)]
    [InlineData("{ epochs: 24 }", 6)]
    [InlineData("{ epochs: 24, peakEpoch: 5 }", 5)]
    public void The_learning_rate_peaks_after_a_quarter_of_the_epochs(string learner, double peak) => Assert.Equal(
        peak,
        Assert.IsType<NetworkLearner>(ExperimentFile.Read(Write(Least.Replace("{ epochs: 20 }", learner))).Learner).PeakEpoch);

    [Theory]
    [InlineData("Loss", false)]
    [InlineData("LogSumExpMargin", false)]
    [InlineData("Margin", true)]
    [InlineData("Logits", true)]
    public void Brittle_sets_need_outputs_that_have_margins(string output, bool good)
    {
        string path = Write(Whole + $"\nobserve: {{ output: {output} }}");
        if (good)
        {
            Assert.Equal(output, ExperimentFile.Read(path).Observation.Output.ToString());
            return;
        }

        var error = Assert.Throws<DatamodelException>(() => ExperimentFile.Read(path));
        Assert.Equal("YamlValueOutOfRange", error.Id);
        Assert.Contains($"line 27, column 20: 'observe.output' is {output}; expected Margin or Logits", error.Message);
    }

    [Fact]
    public void The_fit_can_be_of_any_output_of_logits_by_any_method()
    {
        Assert.Equal(
            new() { Method = FitMethod.Ridge, Output = OutputKind.Loss, Folds = 5 },
            ExperimentFile.Read(
                Write(Least + "\nobserve: { output: Logits }\nfit: { method: ridge, output: loss, folds: 5 }")).Fit);
    }

    [Theory]
    [InlineData("{ method: Ridge, epsilon: 0.1 }", "FitOptionUnused", "Epsilon")]
    [InlineData("{ method: DifferenceOfMeans, tolerance: 1e-3 }", "FitOptionUnused", "Tolerance")]
    [InlineData("{ method: LeastSquares, folds: 5 }", "FitOptionUnused", "Folds")]
    [InlineData("{ folds: 5, heldOut: 0.1 }", "FitOptionUnused", "HeldOut")]
    [InlineData("{ folds: 1 }", "YamlValueOutOfRange", "'fit.folds' is 1")]
    [InlineData("{ l1Ratio: 0 }", "YamlValueOutOfRange", "'fit.l1Ratio' is 0")]
    [InlineData("{ method: Rigde }", "YamlValueOutOfRange", "did you mean Ridge")]
    [InlineData("{ output: Loss }", "OutputNotRecorded", "Loss is asked for, and Margin is recorded")]
    [InlineData(
        "{ output: Logits }", "OutputNotRecorded",
        "Logits is asked for, several numbers a target, and a fit is of one. Ask for Margin")]
    public void A_setting_of_the_fit_that_means_nothing_is_refused(string fit, string id, string inMessage)
    {
        var error = Assert.Throws<DatamodelException>(() => ExperimentFile.Read(Write(Least + "\nfit: " + fit)));
        Assert.Equal(id, error.Id);
        Assert.Contains("line 5, column ", error.Message, StringComparison.Ordinal);
        Assert.Contains(inMessage, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Brittle_sets_need_a_fit_of_margins()
    {
        string logits = Write(Whole.Replace("fit: {", "fit: { output: Loss,") + "\nobserve: { output: Logits }");
        var error = Assert.Throws<DatamodelException>(() => ExperimentFile.Read(logits));
        Assert.Equal("YamlValueOutOfRange", error.Id);
        Assert.Contains("'fit.output' is Loss; expected Margin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_can_be_lists_and_start_from_the_folder_of_the_file()
    {
        string data = "data: { path: [a.csv, ../b.csv], testPath: c, trainSize: 0.5, testSize: 7, scaling: standardizechannels }";
        Experiment experiment = ExperimentFile.Read(
            Write(Least.Replace("data: { path: a.csv }", data, StringComparison.Ordinal)));
        Assert.Equal(
            new DataSource
            {
                Path = [Path.Combine(_folder, "a.csv"), Path.Combine(Path.GetDirectoryName(_folder)!, "b.csv")],
                TestPath = [Path.Combine(_folder, "c")],
                TrainSize = 0.5,
                TestSize = 7,
                Scaling = FeatureScaling.StandardizeChannels,
            },
            experiment.Data);
    }

    [Fact]
    public void The_output_can_be_given_by_the_caller()
    {
        string elsewhere = Path.Combine(_folder, "elsewhere");
        Assert.Equal(elsewhere, ExperimentFile.Read(Write(Least), elsewhere).Output);
    }

    // Each case edits one line of the whole file; the message must hold the line, the column and the key.
    [Theory]
    [InlineData("  seed: 3", "  sede: 3", "YamlKeyUnknown", "line 7, column 3", "'data.sede'", "did you mean 'seed'")]
    [InlineData("influencers: 7", "colour: 7", "YamlKeyUnknown", "line 21, column 1", "'colour'", "data, learner, subsets")]
    [InlineData("  seed: 3", "  header: true", "YamlSyntax", "line 7, column 3", "header")]
    [InlineData("  epochs: 12", "  epochs: twelve", "YamlValueType", "line 12, column 11", "'learner.epochs' is twelve",
        "whole number")]
    [InlineData("  epochs: 12", "  epochs: \"12\"", "YamlValueType", "line 12, column 11", "'learner.epochs' is the text \"12\"")]
    [InlineData("  epochs: 12", "  epochs: 1.5", "YamlValueType", "line 12, column 11", "'learner.epochs' is 1.5")]
    [InlineData("  epochs: 12", "  epochs: 0", "YamlValueOutOfRange", "line 12, column 11", "'learner.epochs' is 0",
        "at least 1")]
    [InlineData("  epochs: 12", "  epochs: 3", "LearnerSettingOutOfRange", "line 10, column 3", "'learner'", "PeakEpoch")]
    [InlineData("  epochs: 12", "  epochs:", "YamlValueType", "line 12, column 10", "'learner.epochs' is nothing")]
    [InlineData("  hidden: [32, 16]", "  hidden: 32", "YamlValueType", "line 11, column 11", "'learner.hidden' is 32", "a list")]
    [InlineData("  hidden: [32, 16]", "  hidden: [32, 0]", "YamlValueOutOfRange", "line 11, column 16",
        "'learner.hidden[1]' is 0")]
    [InlineData("  scaling: UnitRange", "  scaling: UnitRnage", "YamlValueOutOfRange", "line 5, column 12", "'data.scaling'",
        "did you mean UnitRange")]
    [InlineData("  imageShape: 8x8", "  imageShape: 8 by 8", "YamlValueType", "line 8, column 15", "'data.imageShape' is 8 by 8",
        "8x8")]
    [InlineData("  testSize: 300", "  testSize: -1", "YamlValueOutOfRange", "line 6, column 13", "'data.testSize' is -1")]
    [InlineData("  testSize: 300", "  trainSize: 1.5", "YamlValueOutOfRange", "line 6, column 14", "'data.trainSize' is 1.5")]
    [InlineData("  path: ../digits.csv", "  path: []", "YamlValueOutOfRange", "line 2, column 9", "'data.path' is a list",
        "one or more")]
    [InlineData("  path: ../digits.csv", "  path: [a, {}]", "YamlValueType", "line 2, column 13", "'data.path[1]' is a section")]
    [InlineData("  path: ../digits.csv", "  testPath: a", "YamlKeyMissing", "line 2, column 3", "'data.path' is missing")]
    [InlineData("  testSize: 300", "  testSize: .nan", "YamlValueType", "line 6, column 13", "'data.testSize'")]
    [InlineData("alpha: 0.4, count", "alpha: 1.0, count", "YamlValueOutOfRange", "line 19, column 19", "'subsets.alpha' is 1.0",
        "(0, 1)")]
    [InlineData("alpha: 0.4, count: 1000, ", "count: 1000, ", "YamlKeyMissing", "line 19, column 10",
        "'subsets.alpha' is missing")]
    [InlineData("output: ../out", "", "YamlKeyMissing", "line 1, column 1", "'output' is missing")]
    [InlineData("  - alpha: 0.75", "  - alpha: 0.4", "YamlValueOutOfRange", "line 25, column 12", "'heldOut[1].alpha' is 0.4",
        "once")]
    [InlineData("retrainings: 4, seed: 8", "retrainings: 4, seed: 18446744073709551615", "YamlValueOutOfRange", "line 24",
        "'heldOut[0].seed'", "another seed")]
    [InlineData("sizeFactors: [1, 1.5]", "sizeFactors: [1, 0.5]", "YamlValueOutOfRange", "line 22",
        "'brittle.sizeFactors[1]' is 0.5")]
    [InlineData("mode: [Remove, flip]", "mode: [Remove, Flop]", "YamlValueOutOfRange", "line 22", "'brittle.mode[1]' is Flop",
        "did you mean Flip")]
    [InlineData("mode: [Remove, flip]", "mode: [Flip, Flip]", "YamlValueOutOfRange", "line 22", "'brittle.mode' is a list",
        "Remove, Flip, or both")]
    [InlineData("mode: [Remove, flip]", "mode: []", "YamlValueOutOfRange", "line 22", "'brittle.mode'")]
    [InlineData("search: true", "search: maybe", "YamlValueType", "line 22", "'brittle.search' is maybe", "true or false")]
    [InlineData("brittle: {", "brittle: [", "YamlSyntax", "line 22")]
    [InlineData("hidden: [32, 16]", "hidden: [32, 16", "YamlSyntax", "line 11")]
    [InlineData("  - alpha: 0.75", "\t- alpha: 0.75", "YamlSyntax", "line 24")]
    public void A_mistake_is_named_with_its_place(string right, string wrong, string id, params string[] inMessage)
    {
        Assert.Contains(right, Whole, StringComparison.Ordinal);
        string path = Write(Whole.Replace(right, wrong, StringComparison.Ordinal));
        var exception = Assert.Throws<DatamodelException>(() => ExperimentFile.Read(path));
        Assert.Equal(id, exception.Id);
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.All(inMessage, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("just words")]
    [InlineData("- a\n- b")]
    [InlineData("a: 1\n---\nb: 2")]
    public void A_file_that_is_not_one_mapping_is_refused(string text)
    {
        var exception = Assert.Throws<DatamodelException>(() => ExperimentFile.Read(Write(text)));
        Assert.Equal("YamlSyntax", exception.Id);
        Assert.Contains("subsets", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var exception = Assert.Throws<DatamodelException>(() => ExperimentFile.Read(Path.Combine(_folder, "none.yaml")));
        Assert.Equal(ErrorKind.NotFound, exception.Kind);
        Assert.Contains("none.yaml", exception.Message, StringComparison.Ordinal);
    }

    private string Write(string yaml)
    {
        string path = Path.Combine(_folder, "experiment.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }
}
