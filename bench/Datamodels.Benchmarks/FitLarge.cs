using System.Diagnostics;
using Datamodels.Regression;

namespace Datamodels.Benchmarks;

/// <summary>
/// A fit that no other program does on such a machine: 100 targets over 50,000 training examples and 100,000 models, whose
/// margins are sums of 200 planted weights and as much noise. Given are its seconds, its memory, with that of the rows, and how
/// many of the planted weights are among the 200 largest of each datamodel.
/// </summary>
internal sealed class FitLarge : IComparison
{
    private const int Columns = 50_000;
    private const int Rows = 100_000;
    private const int Targets = 100;
    private const int Planted = 200;
    private const double GibiBytes = 1L << 30;

    public string Name => "fit-large";

    public string Description =>
        $"the fit of {Targets} targets over {Columns} training examples and {Rows} models, {Planted} planted weights each";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers)
    {
        var world = new PlantedWorld(Columns, Rows, Targets, Planted);
        peers.Say("masks and margins are made");
        var activity = new Activity(peers);
        double found = 0;
        double nonzero = 0;
        double gap = 0;
        double seconds = Measure.Seconds(() =>
        {
            foreach ((int target, FittedTarget fit) in DatamodelFit.Fit(world.Rows, new FitOptions(), progress: activity))
            {
                int[] largest = [.. fit.Examples.Zip(fit.Weights).OrderByDescending(w => Math.Abs(w.Second)).Take(Planted)
                    .Select(w => w.First)];
                found += largest.Intersect(world.ExamplesOf(target)).Count();
                nonzero += fit.Examples.Length;
                gap = Math.Max(gap, fit.DualityGap!.Value);
            }
        });
        double peak = Process.GetCurrentProcess().PeakWorkingSet64 / GibiBytes;
        peers.Say(FormattableString.Invariant(
            $"{seconds:0} s, {peak:0.0} GiB; of the planted weights {found / Targets / Planted:0.0000} are among the {Planted} ")
            + FormattableString.Invariant($"largest of {nonzero / Targets:0} weights, largest gap {gap:0.0e+0}"));
        return
        [
            new BenchmarkRow(Name, "s", seconds, null, null, null),
            new BenchmarkRow(Name + "-memory", "GiB", peak, 20, 20 / peak, 1),
            new BenchmarkRow(Name + "-support", "found", found / Targets / Planted, null, null, null),
        ];
    }

    /// <summary>Says when a stage begins, and how far it is now and then.</summary>
    private sealed class Activity(Peers peers) : IProgress<WorkProgress>
    {
        private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(20);
        private readonly long _start = Stopwatch.GetTimestamp();
        private long _last;
        private string _activity = "";

        public void Report(WorkProgress value)
        {
            if (value.Activity != _activity || Stopwatch.GetElapsedTime(_last) > s_interval)
            {
                (_activity, _last) = (value.Activity, Stopwatch.GetTimestamp());
                peers.Say(FormattableString.Invariant(
                    $"{Stopwatch.GetElapsedTime(_start).TotalSeconds:0} s: {value.Activity}, {value.Done} of {value.Total}"));
            }
        }
    }
}
