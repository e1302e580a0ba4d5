using Datamodels.Kernels;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

/// <summary>Runs of every kind that a lasso has to be right on, with three targets each.</summary>
internal static class LassoCases
{
    private const int Targets = 3;

    public static TheoryData<string> Names =>
    [
        "half", "tenth", "nine tenths", "independent", "rates", "duplicates", "constants", "wide", "one", "two", "offset", "tiny",
    ];

    public static RunRows Of(string name) => name switch
    {
        "half" => new PlantedRun(65, 300, Targets, alpha: 0.5).Rows,
        "tenth" => new PlantedRun(65, 300, Targets, alpha: 0.1).Rows,
        "nine tenths" => new PlantedRun(65, 300, Targets, alpha: 0.9).Rows,
        "offset" => new PlantedRun(40, 300, Targets, offset: 1000).Rows,
        "wide" => new PlantedRun(130, 60, Targets).Rows,
        "independent" => Planted(Masks(400, [.. Enumerable.Repeat(0.5, 70)])),
        "rates" => Planted(Masks(400, [.. Enumerable.Range(0, 46).Select(j => 0.05 + (0.02 * j))])),

        // The same example twice, and one that is there whenever another is not.
        "duplicates" => Planted([.. Masks(300, [.. Enumerable.Repeat(0.4, 20)])
            .Select(row => (double[])[.. row, .. row, 1 - row[3], row[3]])]),

        "constants" => Planted([.. Masks(300, [.. Enumerable.Repeat(0.4, 30)])
            .Select(row => (double[])[0, .. row, 1, 1, .. row[..2], 0])]),
        "one" => Planted(Masks(50, [0.3])),
        "two" => Planted(Masks(50, [0.3, 0.6])),
        "tiny" => Planted(Masks(200, [.. Enumerable.Repeat(0.5, 20)]), 1e-6),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>Masks whose bits are independent, [m][n].</summary>
    /// <param name="m">Number of masks.</param>
    /// <param name="rates">How often each column is 1, [n].</param>
    public static double[][] Masks(int m, double[] rates)
    {
        var random = new RandomStream(9, RandomPurpose.Subset, (ulong)rates.Length);
        return [.. Enumerable.Range(0, m).Select(_ => rates.Select(rate => random.NextSingle() < rate ? 1.0 : 0).ToArray())];
    }

    // Weights of the size of one to every seventh column, and noise.
    private static RunRows Planted(double[][] x, double size = 1)
    {
        var random = new RandomStream(11, RandomPurpose.Targets, 0);
        float[] outputs = new float[x.Length * Targets];
        for (int i = 0; i < outputs.Length; i++)
        {
            double[] row = x[i / Targets];
            int target = i % Targets;
            double signal = row.Select((value, j) => j % 7 == target % row.Length ? value * Math.Cos(j) : 0).Sum();
            outputs[i] = (float)(size * (signal + (0.5 * PlantedRun.Normal(ref random))));
        }

        return DenseRows.ToRows(x, outputs);
    }
}
