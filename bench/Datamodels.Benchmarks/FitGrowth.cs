using Datamodels.Regression;

namespace Datamodels.Benchmarks;

/// <summary>
/// How the time of a whole fit grows with the numbers of targets, training examples and models, on margins with 50 planted
/// weights: milliseconds of one core for each target, all that there is to do included. Draws it.
/// </summary>
internal sealed class FitGrowth : IComparison
{
    private const string Drawing = "out/fit-growth.svg";
    private const int Planted = 50;

    public string Name => "fit-growth";

    public string Description => "the time of a fit for each target and core as targets, training examples and models grow";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers)
    {
        (string What, string Fixed, Func<int, (int Targets, int Examples, int Models)> Size, int[] Values)[] series =
        [
            ("targets", "1,000 examples, 5,000 models", v => (v, 1000, 5000), [100, 300, 1000, 3000, 10_000]),
            ("training examples", "128 targets, 10,000 models", v => (128, v, 10_000), [500, 1000, 2000, 4000, 8000, 16_000]),
            ("models", "128 targets, 1,000 examples", v => (128, 1000, v), [2500, 5000, 10_000, 20_000, 40_000, 80_000]),
        ];

        // Once before, so that nothing is compiled while it is measured.
        Milliseconds((100, 200, 1000));
        var rows = new List<BenchmarkRow>();
        var chart = new GrowthChart("ms of one core for each target");
        foreach ((string what, string fixedSizes, Func<int, (int, int, int)> size, int[] values) in series)
        {
            double[] times = Array.ConvertAll(values, value => Milliseconds(size(value)));
            chart.Add(what, fixedSizes, values, times);
            for (int i = 0; i < values.Length; i++)
            {
                string name = FormattableString.Invariant($"{Name}-{what.Split(' ')[^1]}-{values[i]}");
                peers.Say(FormattableString.Invariant($"{values[i]} {what}, {fixedSizes}: {times[i]:0.00} ms"));
                rows.Add(new BenchmarkRow(name, "ms/target/core", times[i], null, null, null));
            }
        }

        File.WriteAllText(Drawing, chart.ToSvg());
        peers.Say($"drawn in {Drawing}");
        return rows;
    }

    private static double Milliseconds((int Targets, int Examples, int Models) size)
    {
        var world = new PlantedWorld(size.Examples, size.Models, size.Targets, Planted);
        double seconds = Measure.Seconds(() => DatamodelFit.Fit(world.Rows, new FitOptions()).Count());
        return 1000 * seconds * Environment.ProcessorCount / size.Targets;
    }
}
