using System.IO.Compression;
using System.Text.Json.Nodes;
using Datamodels.Data;
using Datamodels.Experiments;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Experiments;

/// <summary>The whole line on 160 real digits: few enough that 400 short trainings say something of each.</summary>
public sealed class ExperimentRunnerTests : IDisposable
{
    private static readonly string[] s_results =
    [
        "brittle.csv", "brittle-distribution.csv", "influencers.csv",
        "datamodels/weights.npy", "datamodels/bias.npy", "datamodels/lambdas.npy",
    ];

    private readonly TemporaryFolder _folder = new();

    public ExperimentRunnerTests()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Repository.Digits), CompressionMode.Decompress));
        File.WriteAllLines(_folder.File("digits.csv"), Enumerable.Range(0, 160).Select(_ => reader.ReadLine()!));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_small_study_of_the_digits_finds_what_it_should()
    {
        ExperimentResult result = Run(Small("out"));

        JsonObject summary = Summary("out");
        Assert.Equal(400, (int)summary["models"]!);
        Assert.Equal(400, (int)summary["models_trained"]!);
        Assert.True((double)summary["models_per_second"]! > 0);
        Assert.True((double)summary["fit_seconds"]! > 0);
        Assert.Equal(140, (int)summary["train_count"]!);
        Assert.Equal(20, (int)summary["targets"]!);
        Assert.InRange((double)summary["test_accuracy"]!, 0.4, 1); // chance would be .1
        Assert.True((double)summary["worst_duality_gap"]! <= 1e-6);

        // A score of chance would be 0, within about .1.
        Assert.InRange((double)summary["lds"]!, 0.3, (double)summary["lds_ceiling"]!);
        Assert.Equal(result.Measures[1].Lds, (double)summary["lds_alpha75"]!);

        JsonNode brittle = summary["brittle"]!;
        Assert.Equal(6, (int)brittle["targets"]!);
        Assert.Equal(6, (int)brittle["with_set"]! + (int)brittle["no_set"]! + (int)brittle["already_wrong"]!);
        Assert.Equal((int)brittle["with_set"]! == 0, brittle["median_k"] is null);
        Assert.True(brittle.AsObject().ContainsKey("flipped_at_k"));
        Assert.True(brittle.AsObject().ContainsKey("flipped_at_1_5k"));

        Assert.Equal(20, result.Datamodels.Count);
        // For each mode and target one set of each size factor, and the one found by the search.
        Assert.Equal(36, result.BrittleSets.Count);
        Assert.Equal(12, result.BrittleSets.Count(set => set.SizeFactor is null));
        foreach (JsonNode? mode in new[] { brittle, summary["brittle_flip"]! })
        {
            JsonNode search = mode!["search"]!;
            Assert.InRange((int)search["verified"]!, 0, (int)mode["with_set"]!);
            Assert.Equal(
                6,
                (int)search["verified"]! + (int)search["verified_without_set"]! + (int)search["cannot_flip"]!
                    + (int)search["already_wrong"]!);
        }

        Assert.True((double)summary["brittle_flip"]!["search"]!["median_shared"]! < (double)brittle["search"]!["median_shared"]!);
        string[] points = File.ReadAllLines(_folder.File("out/brittle-distribution.csv"));
        Assert.Equal("mode,size,count,fraction,error", points[0]);
        Assert.StartsWith("Remove,0,", points[1], StringComparison.Ordinal);
        Assert.Contains(points, point => point.StartsWith("Flip,0,", StringComparison.Ordinal));
        Assert.All(result.BrittleSets, set => Assert.NotNull(set.ControlMargin));
        Assert.Equal(1 + result.Influencers.Count, File.ReadLines(_folder.File("out/influencers.csv")).Count());
        Assert.Equal(1 + result.BrittleSets.Count, File.ReadLines(_folder.File("out/brittle.csv")).Count());
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.writing", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_study_that_was_stopped_ends_with_the_same_results_on_any_number_of_threads()
    {
        Run(Small("whole"));

        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(
            () => ExperimentRunner.Run(Small("stopped"), new InterruptedEngine(150, stop), cancellation: stop.Token));
        Assert.False(File.Exists(_folder.File("stopped/summary.json")));
        int left = 400 - SubsetTraining.Open(_folder.File("stopped/run")).CompletedCount;
        Assert.InRange(left, 1, 399);

        Run(Small("stopped"), threads: 3);
        Assert.Equal(left, (int)Summary("stopped")["models_trained"]!);
        AssertSameResults("whole", "stopped");

        Run(Small("whole"));
        JsonObject again = Summary("whole");
        Assert.Equal(0, (int)again["models_trained"]!);
        Assert.Null(again["models_per_second"]);
        AssertSameResults("stopped", "whole");
    }

    [Fact]
    public void Targets_that_cannot_be_fitted_are_said_and_left_out_of_what_follows()
    {
        Experiment small = Small("out") with
        {
            Learner = new NetworkLearner { Epochs = 20 },
            Plan = new(3, 0.5, 60),
            Observation = new Observation { Output = OutputKind.Logits },
            Fit = new FitOptions { Method = FitMethod.Ridge, Output = OutputKind.Correctness, Folds = 3 },
            Brittle = null,
        };
        ExperimentResult result = Run(small);

        // About the easy digits every model is right.
        int failed = result.Failures.Count;
        Assert.InRange(failed, 1, 18);
        Assert.Equal(20 - failed, result.Datamodels.Count);
        Assert.All(result.Failures, failure => Assert.Equal("MarginsConstant", failure.Reason.Id));
        Assert.Equal(
            Enumerable.Range(0, 20),
            result.Failures.Select(failure => failure.Target).Concat(result.Datamodels.Select(fit => fit.Target)).Order());
        Assert.Equal(result.Datamodels.Select(fit => fit.Target), result.Influencers.Select(one => one.Target).Distinct());
        Assert.Equal(result.Datamodels.Select(fit => fit.Target), result.Measures[0].Targets);
        Assert.StartsWith(
            $"{failed} of 20 targets could not be fitted. The first: The margin of target ", result.Warnings().First());

        JsonObject summary = Summary("out");
        Assert.Equal((20, failed), ((int)summary["targets"]!, (int)summary["targets_not_fitted"]!));
        Assert.Null(summary["worst_duality_gap"]);
        Assert.InRange((double)summary["worst_kkt_residual"]!, 0, 1e-8);
        Assert.InRange((double)summary["test_accuracy"]!, 0.4, 1);

        // With none of the others, there is nothing to go on with.
        var none = Assert.Throws<DatamodelException>(
            () => Run(small with { Fit = small.Fit with { Targets = [.. result.Failures.Select(failure => failure.Target)] } }));
        Assert.Equal("NoTargetFitted", none.Id);
        Assert.Contains($"None of the {failed} targets", none.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FitMethod.LeastSquares)]
    [InlineData(FitMethod.DifferenceOfMeans)]
    public void A_method_that_chooses_nothing_has_no_held_out_figures(FitMethod method)
    {
        var fit = new FitOptions { Method = method };
        ExperimentResult result = Run(Small("out") with { Fit = fit, Brittle = null, HeldOut = [] });
        Assert.Empty(result.Warnings());
        Assert.Null(Summary("out")["held_out_r2"]);
        Assert.Null(Summary("out")["worst_duality_gap"]);
        Assert.Equal(method == FitMethod.DifferenceOfMeans, Summary("out")["worst_kkt_residual"] is null);
        Assert.EndsWith("20 targets", result.Summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_data_does_not_allow_is_refused_before_any_training()
    {
        Experiment small = Small("out");
        AssertRefused("TooManyTargets", small with { Brittle = small.Brittle! with { Targets = 21 } });
        AssertRefused("RetrainingsOutOfRange", small with { Brittle = small.Brittle! with { Retrainings = 1 } });
        AssertRefused("SizeFactorOutOfRange", small with { Brittle = small.Brittle! with { SizeFactors = [0.5] } });
        AssertRefused("HeldOutSeed", small with { HeldOut = [new HeldOutStudy(0.5, 10, 2, small.Plan.Seed)] });
        AssertRefused("FitOptionOutOfRange", small with { Fit = small.Fit with { Tolerance = 2 } });
        AssertRefused("TooFewModels", small with { Plan = new(3, 0.5, 19) });
        AssertRefused("TooFewModels", small with { Fit = small.Fit with { HeldOut = 0.999 } });
        AssertRefused("LeastSquaresUnderdetermined", small with
        {
            Plan = new(3, 0.5, 139), Fit = new FitOptions { Method = FitMethod.LeastSquares },
        });
        AssertRefused("OutputNotRecorded", small with { Fit = small.Fit with { Output = OutputKind.Loss } });
        AssertRefused("SubsetEmpty", small with { HeldOut = [new HeldOutStudy(0.0001, 10, 2, 9)] });
    }

    [Fact]
    public void Another_study_in_the_same_folder_is_refused_and_nothing_is_lost()
    {
        Experiment small = Small("out") with { Brittle = null, HeldOut = [] };
        Run(small);
        byte[] before = File.ReadAllBytes(_folder.File("out/summary.json"));
        var exception = Assert.Throws<DatamodelException>(() => Run(small with { Plan = new(4, 0.5, 400) }));
        Assert.Equal(ErrorKind.Conflict, exception.Kind);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("out/summary.json")));
    }

    private void AssertRefused(string id, Experiment experiment)
    {
        Assert.Equal(id, Assert.Throws<DatamodelException>(() => Run(experiment)).Id);
        Assert.False(Directory.Exists(experiment.Output));
    }

    private void AssertSameResults(string one, string other)
    {
        foreach (string file in s_results)
        {
            Assert.Equal(File.ReadAllBytes(_folder.File($"{one}/{file}")), File.ReadAllBytes(_folder.File($"{other}/{file}")));
        }

        foreach (string figure in new[] { "lds", "lds_ceiling", "lds_alpha75", "held_out_r2", "test_accuracy" })
        {
            Assert.Equal((double)Summary(one)[figure]!, (double)Summary(other)[figure]!);
        }
    }

    private JsonObject Summary(string output) =>
        JsonNode.Parse(File.ReadAllText(_folder.File($"{output}/summary.json")))!.AsObject();

    private static ExperimentResult Run(Experiment experiment, int threads = 2) => ExperimentRunner.Run(
        experiment with { Fit = experiment.Fit with { Threads = threads } }, new CpuEngine(threads),
        cancellation: TestContext.Current.CancellationToken);

    private Experiment Small(string output) => ExperimentFile.Read(
        _folder.Write("experiment.yaml", """
            data: { path: digits.csv, scaling: UnitRange, testSize: 20, imageShape: 8x8 }
            learner: { hidden: [8], epochs: 10, batchSize: 16, peakEpoch: 2 }
            subsets: { alpha: 0.5, count: 400, seed: 3 }
            fit: { lambdaCount: 20, epsilon: 0.1 }
            influencers: 3
            brittle: { targets: 6, retrainings: 3, sizeFactors: [1, 1.5], mode: [Remove, Flip], search: true }
            heldOut:
              - { alpha: 0.5, subsets: 40, retrainings: 6 }
              - { alpha: 0.75, subsets: 10, retrainings: 2 }
            """),
        _folder.File(output));

    /// <summary>The CPU engine, interrupted after a number of models.</summary>
    private sealed class InterruptedEngine(int models, CancellationTokenSource stop) : ITrainingEngine
    {
        private readonly CpuEngine _engine = new(1);

        public string Name => _engine.Name;

        public IEnumerable<TrainingOutput> Train(
            TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation = default)
        {
            int done = 0;
            foreach (TrainingOutput output in _engine.Train(data, learner, observation, tasks, cancellation))
            {
                yield return output;
                if (++done == models)
                {
                    stop.Cancel();
                }
            }
        }
    }
}
