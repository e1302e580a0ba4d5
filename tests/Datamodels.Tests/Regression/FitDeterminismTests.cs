using System.Globalization;
using System.Text.RegularExpressions;
using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

/// <summary>A target's numbers depend on the rows and the options, and on nothing else.</summary>
public sealed partial class FitDeterminismTests : IDisposable
{
    private const int Targets = 130;
    private const string Identity = "engine: test\n";

    // Four panels; more targets than a thread has lanes, so that lanes take one after the other.
    // Targets of unlike sizes, so that what one leaves behind would matter to the next.
    private static readonly RunRows s_rows = Scaled(new PlantedRun(200, 400, Targets, noise: 1).Rows);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Neither_threads_nor_memory_nor_other_targets_change_a_bit(int folds)
    {
        var options = new FitOptions { Folds = folds, LambdaCount = 40, Threads = 1 };
        string[] expected = Bits(options);
        Assert.Equal(Targets, expected.Distinct().Count());
        Assert.Equal(expected, Bits(options with { Threads = 2 }));
        Assert.Equal(expected, Bits(options with { Threads = 3 }));

        int[] others = [129, 3, 4, 5, 0, 119, 97];
        Assert.Equal(others.Select(target => expected[target]), Bits(options with { Targets = [.. others], Threads = 2 }));
        foreach (int target in others)
        {
            Assert.Equal(expected[target], Assert.Single(Bits(options with { Targets = [target] })));
        }

        // The least memory there may be: panels on disk, chunks of eight targets.
        foreach (int threads in (int[])[1, 3])
        {
            FitOptions tight = options with { Threads = threads, MemoryLimit = Least(options with { Threads = threads }) };
            FitMemory memory = Plan(tight);
            Assert.InRange(memory.ChunkSize, 1, Targets / 2);
            Assert.InRange(memory.PanelBytes, 0, GramPanels.BufferBytes(200));
            Assert.Equal(expected, Bits(tight));
        }

        // Some panels on disk.
        FitOptions some = options with { MemoryLimit = Least(options) + (3 * GramPanels.BufferBytes(200)) };
        Assert.InRange(Plan(some).PanelBytes, GramPanels.BufferBytes(200), 4 * GramPanels.BufferBytes(200));
        Assert.Equal(expected, Bits(some));
    }

    [Theory]
    [InlineData(0, FitMethod.Lasso)]
    [InlineData(3, FitMethod.Lasso)]
    [InlineData(3, FitMethod.Ridge)]
    public void A_fit_that_was_broken_off_many_times_ends_with_the_same_bits(int folds, FitMethod method)
    {
        var options = new FitOptions { Folds = folds, LambdaCount = 40, Threads = 2, Method = method };
        string[] expected = Bits(options);

        // While lambdas are chosen: as soon as there is another choice.
        int interruptions = 0;
        foreach (int choices in (int[])[1, 4, Targets])
        {
            using FitStore store = Open();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var watch = new Thread(() =>
            {
                while (!stop.IsCancellationRequested
                    && Enumerable.Range(0, Targets).Count(target => store.TryGetChoice(target, out _)) < choices)
                {
                    Thread.Yield();
                }

                stop.Cancel();
            });
            watch.Start();
            interruptions += Stopped(() => Bits(options, store, stop.Token)) ? 1 : 0;
            stop.Cancel();
            watch.Join();
        }

        // While weights are fitted: after some targets more.
        foreach (int taken in (int[])[1, 2, 9])
        {
            using FitStore store = Open();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            int count = 0;
            interruptions += Stopped(() =>
            {
                foreach ((int target, FittedTarget fit) in DatamodelFit.Fit(s_rows, options, store, null, stop.Token))
                {
                    Assert.Equal(expected[target], Bits(fit));
                    if (++count == taken)
                    {
                        stop.Cancel();
                    }
                }
            }) ? 1 : 0;
        }

        Assert.InRange(interruptions, 3, 6);
        using FitStore last = Open();
        Assert.InRange(Enumerable.Range(0, Targets).Count(target => last.TryGetFit(target, out _)), 9, Targets);
        Assert.Equal(expected, Bits(options, last));
        Assert.Equal(expected, Bits(options with { Threads = 1 }, last));
    }

    [Fact]
    public void What_is_kept_is_not_fitted_again()
    {
        var options = new FitOptions { LambdaCount = 40, Targets = [1, 2] };
        using FitStore store = Open();
        var kept = new FittedTarget([5], [0.25], 7, 1, 0.5, 0, 0, true);
        store.Add(1, kept);
        store.Add(2, new LambdaChoice(0.125, 0.75, true));
        FittedTarget[] fits = [.. DatamodelFit.Fit(s_rows, options, store, cancellation: Cancellation).Select(pair => pair.Fit)];
        Assert.Equal(Bits(kept), Bits(fits[0]));
        Assert.Equal((0.125, 0.75), (fits[1].Lambda, fits[1].HeldOutR2));
    }

    [Theory]
    [InlineData(1, 0, FitMethod.Lasso)]
    [InlineData(7, 5, FitMethod.Lasso)]
    [InlineData(2, 5, FitMethod.Ridge)]
    [InlineData(2, 0, FitMethod.LeastSquares)]
    [InlineData(2, 0, FitMethod.DifferenceOfMeans)]
    public void The_memory_that_an_error_asks_for_is_enough_and_one_byte_less_is_not(int threads, int folds, FitMethod method)
    {
        var options = new FitOptions { Threads = threads, Folds = folds, Method = method };
        long least = Least(options);
        DatamodelException refused = Refused(options with { MemoryLimit = least - 1 });
        Assert.Equal("MemoryLimitTooSmall", refused.Id);
        Assert.Equal(
            method is FitMethod.Ridge or FitMethod.LeastSquares,
            refused.Message.EndsWith("by the lasso.", StringComparison.Ordinal));
        foreach (long limit in (long[])[least, least + 12345, 2 * least, 100 * least])
        {
            // Masks, lanes with weights and gradients on every thread, margins of targets and X'y of each of their segments.
            FitMemory memory = Plan(options with { MemoryLimit = limit });
            int segments = FitFolds.Of(s_rows, options).RowCounts.Length;
            long lanes = threads * FitMemory.MaximumExactLanes * 5L * sizeof(double) * 200;
            long targets = memory.ChunkSize * ((8L * s_rows.Count) + (8 * 200 * segments));
            Assert.True(memory.PanelBytes >= 0);
            Assert.InRange(memory.PanelBytes + lanes + targets + (200 * s_rows.Count / 8), 0, limit);
        }

        Assert.Equal(1024, Plan(options with { MemoryLimit = 100 * least }).ChunkSize);
    }

    private static RunRows Scaled(RunRows rows) => rows with
    {
        Outputs = [.. rows.Outputs.Select((output, i) => output * (float)Math.Pow(10, -(i % Targets % 4)))],
    };

    private static FitMemory Plan(FitOptions options) => FitMemory.For(s_rows, FitFolds.Of(s_rows, options), options);

    private static DatamodelException Refused(FitOptions options) => Assert.Throws<DatamodelException>(() => Plan(options));

    // What the error says is needed.
    private static long Least(FitOptions options) => long.Parse(
        LeastBytes().Match(Refused(options with { MemoryLimit = 1 }).Message).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("at least ([0-9]+) bytes")]
    private static partial Regex LeastBytes();

    private static bool Stopped(Action fit)
    {
        try
        {
            fit();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private static string[] Bits(FitOptions options, FitStore? store = null, CancellationToken? cancellation = null) =>
        [.. DatamodelFit.Fit(s_rows, options, store, cancellation: cancellation ?? Cancellation).Select(pair => Bits(pair.Fit))];

    private static string Bits(FittedTarget fit) => string.Join(' ', fit.Examples.Select(example => (long)example)
        .Concat(fit.Weights.Concat(new[] { fit.Bias, fit.Lambda!.Value, fit.HeldOutR2!.Value, fit.KktResidual!.Value })
            .Append(fit.DualityGap ?? -1).Select(BitConverter.DoubleToInt64Bits))
        .Append(fit.Converged ? 1 : 0));

    private FitStore Open()
    {
        FitStore? store = FitStore.Open(_folder.Path, Identity, out string reason);
        Assert.Equal("", reason);
        return store!;
    }
}
