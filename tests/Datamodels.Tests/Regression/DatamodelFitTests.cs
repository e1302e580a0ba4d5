using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class DatamodelFitTests
{
    [Fact]
    public void Planted_weights_are_recovered()
    {
        var run = new PlantedRun(100, 3000, targets: 3, planted: 6, size: 1, noise: 0.5);
        foreach ((int target, FittedTarget fit) in Fit(run.Rows, new FitOptions()))
        {
            Assert.True(fit.Converged);
            Assert.InRange(fit.DualityGap!.Value, 0, 1e-8);
            Assert.InRange(fit.HeldOutR2!.Value, 0.8, 1);
            double[] weights = fit.Dense(100);
            for (int j = 0; j < 100; j++)
            {
                Assert.Equal(run.Weights[target, j], weights[j], 0.15);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Neither_threads_nor_the_other_targets_change_a_bit(int threads)
    {
        RunRows rows = new PlantedRun(60, 400, targets: 20, noise: 2).Rows;
        FittedTarget[] all = [.. Fit(rows, new FitOptions { Threads = 3 }).Select(pair => pair.Fit)];
        int[] chosen = [19, 3, 4, 0, 12, 7, 8, 9, 10, 11];
        var options = new FitOptions { Threads = threads, Targets = new EquatableList<int>(chosen) };
        (int Target, FittedTarget Fit)[] some = [.. Fit(rows, options)];
        Assert.Equal(chosen, some.Select(pair => pair.Target));
        foreach ((int target, FittedTarget fit) in some)
        {
            FittedTarget expected = all[target];
            Assert.Equal(expected.Examples, fit.Examples);
            Assert.Equal(expected.Weights, fit.Weights);
            Assert.Equal(
                (expected.Bias, expected.Lambda, expected.HeldOutR2, expected.DualityGap, expected.KktResidual),
                (fit.Bias, fit.Lambda, fit.HeldOutR2, fit.DualityGap, fit.KktResidual));
        }
    }

    [Fact]
    public void Constant_margins_are_refused_with_their_value()
    {
        RunRows rows = new PlantedRun(20, 100, targets: 1, planted: 0, noise: 0, offset: 1.5).Rows;
        var error = Assert.Throws<DatamodelException>(() => Fit(rows, new FitOptions()).ToArray());
        Assert.Equal(("MarginsConstant", ErrorKind.InvalidData), (error.Id, error.Kind));
        Assert.Contains("target 0 is 1.5 by every one of the 100 models", error.Message);
    }

    [Fact]
    public void Margins_that_vary_only_among_the_held_out_models_give_no_weights_and_a_valid_fit()
    {
        RunRows rows = new PlantedRun(20, 100, targets: 1, planted: 0, noise: 0, offset: 1.5).Rows;
        float[] margins = (float[])rows.Outputs.Clone();
        margins[^1] = 3;
        (_, FittedTarget fit) = Assert.Single(Fit(rows with { Outputs = margins }, new FitOptions()));
        Assert.All(fit.Weights, w => Assert.Equal(0, w));
        Assert.Equal(1.515, fit.Bias, 1e-9);
        Assert.True(fit.Lambda > 0 && fit.Converged);
    }

    [Theory]
    [InlineData(0, 80)]
    [InlineData(80, 20)]
    public void Margins_that_are_constant_in_one_part_are_not_taken_for_their_rounding(int start, int count)
    {
        RunRows rows = new PlantedRun(60, 100, targets: 1, planted: 0, noise: 1, offset: 0.3).Rows;
        float[] margins = (float[])rows.Outputs.Clone();
        margins.AsSpan(start, count).Fill(0.3f);
        (_, FittedTarget fit) = Assert.Single(Fit(rows with { Outputs = margins }, new FitOptions { HeldOut = 0.2 }));
        Assert.True(fit.Converged);
        Assert.True(fit.Lambda > 1e-3);
        Assert.InRange(fit.HeldOutR2!.Value, -0.5, 0.5);
        Assert.All(fit.Weights, w => Assert.InRange(w, -1, 1));
    }

    [Fact]
    public void Margins_without_a_signal_do_no_harm()
    {
        RunRows rows = new PlantedRun(50, 200, targets: 4, planted: 0, noise: 1).Rows;
        foreach ((_, FittedTarget fit) in Fit(rows, new FitOptions()))
        {
            Assert.True(fit.Converged);
            Assert.InRange(fit.HeldOutR2!.Value, -0.2, 0.2);
            Assert.All(fit.Weights, w => Assert.InRange(w, -1, 1));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_margin_that_is_not_finite_is_named(float value)
    {
        RunRows rows = new PlantedRun(20, 100, targets: 3).Rows;
        float[] margins = (float[])rows.Outputs.Clone();
        margins[(42 * 3) + 1] = value;
        rows = rows with { Outputs = margins, Models = [.. Enumerable.Range(500, 100)] };
        var error = Assert.Throws<DatamodelException>(() => Fit(rows, new FitOptions()).ToArray());
        Assert.Equal("MarginNotFinite", error.Id);
        Assert.Contains("target 1", error.Message);
        Assert.Contains("model 542", error.Message);
        Assert.Contains(FormattableString.Invariant($"{value}"), error.Message);
        Assert.Equal(2, Fit(rows, new FitOptions { Targets = [0, 2] }).Count());
    }

    [Theory]
    [InlineData(19, 0.5)]
    [InlineData(100, 0.005)]
    [InlineData(100, 0.995)]
    public void Too_few_models_are_refused(int models, double heldOut)
    {
        RunRows rows = new PlantedRun(20, models, targets: 1).Rows;
        var error = Assert.Throws<DatamodelException>(() => Fit(rows, new FitOptions { HeldOut = heldOut }).ToArray());
        Assert.Equal("TooFewModels", error.Id);
        Assert.Contains(models.ToString(), error.Message);
    }

    [Fact]
    public void Retrainings_of_one_subset_are_never_on_both_sides()
    {
        RunRows rows = new PlantedRun(20, 100, targets: 1).Rows;
        byte[] masks = (byte[])rows.MaskBytes.Clone();
        for (int row = 85; row < 95; row++)
        {
            masks.AsSpan(85 * 3, 3).CopyTo(masks.AsSpan(row * 3));
        }

        var options = new FitOptions { HeldOut = 0.1 };
        Assert.Equal([90, 10], FitFolds.Of(rows, options).RowCounts);
        Assert.Equal([85, 15], FitFolds.Of(rows with { MaskBytes = masks }, options).RowCounts);
        for (int row = 0; row < 100; row++)
        {
            masks.AsSpan(0, 3).CopyTo(masks.AsSpan(row * 3));
        }

        var error = Assert.Throws<DatamodelException>(() => FitFolds.Of(rows with { MaskBytes = masks }, options));
        Assert.Equal("TooFewSubsets", error.Id);
    }

    [Fact]
    public void Options_out_of_range_are_named_with_their_value()
    {
        (FitOptions Options, string[] Words)[] cases =
        [
            (new FitOptions { LambdaCount = 1 }, ["LambdaCount", "1"]),
            (new FitOptions { Patience = 0 }, ["Patience", "0"]),
            (new FitOptions { Epsilon = 0 }, ["Epsilon", "0"]),
            (new FitOptions { Epsilon = 1.5 }, ["Epsilon", "1.5"]),
            (new FitOptions { HeldOut = double.NaN }, ["HeldOut", "NaN"]),
            (new FitOptions { Tolerance = -1 }, ["Tolerance", "-1"]),
            (new FitOptions { PathTolerance = 1 }, ["PathTolerance", "1"]),
            (new FitOptions { Threads = -2 }, ["Threads", "-2"]),
            (new FitOptions { Targets = [0, 3] }, ["Target 3", "3 targets"]),
            (new FitOptions { Targets = [-1] }, ["Target -1"]),
            (new FitOptions { Targets = [2, 2] }, ["Target 2", "more than once"]),
        ];
        foreach ((FitOptions options, string[] words) in cases)
        {
            var error = Assert.Throws<DatamodelException>(() => options.Validate(3));
            Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
            Assert.All(words, word => Assert.Contains(word, error.Message));
        }
    }

    [Fact]
    public void Cancellation_ends_the_stream()
    {
        using var source = new CancellationTokenSource();
        RunRows rows = new PlantedRun(40, 200, targets: 50).Rows;
        int taken = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in DatamodelFit.Fit(rows, new FitOptions { Threads = 2 }, cancellation: source.Token))
            {
                taken++;
                source.Cancel();
            }
        });
        Assert.Equal(1, taken);
    }

    [Fact]
    public void A_stream_that_is_left_early_stops_its_threads()
    {
        RunRows rows = new PlantedRun(40, 200, targets: 50).Rows;
        Assert.Equal(3, Fit(rows, new FitOptions { Threads = 2 }).Take(3).Count());
    }

    [Fact]
    public void Progress_ends_at_the_number_of_targets()
    {
        RunRows rows = new PlantedRun(40, 200, targets: 9).Rows;
        var reports = new List<WorkProgress>();
        Assert.Equal(9, Fit(rows, new FitOptions(), new Recorder(reports)).Count());
        Assert.Equal(9, reports[^1].Done);
        WorkProgress[] fitting = [.. reports.Where(report => report.Activity != "Counting pairs of examples")];
        Assert.All(fitting, report => Assert.Equal(9, report.Total));
        Assert.Equal(fitting.Select(r => r.Done).Order(), fitting.Select(r => r.Done));
    }

    private static IEnumerable<(int Target, FittedTarget Fit)> Fit(
        RunRows rows, FitOptions options, IProgress<WorkProgress>? progress = null) =>
        DatamodelFit.Fit(rows, options, null, progress, TestContext.Current.CancellationToken);

    private sealed class Recorder(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }
}
