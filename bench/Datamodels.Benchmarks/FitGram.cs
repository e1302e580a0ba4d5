using System.Globalization;
using System.Text.Json;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Benchmarks;

/// <summary>
/// Seconds of the Gram matrix of random masks with all cores: ours from the packed columns to the finished panels in memory,
/// the peer from float32 to float32. The peer's is a general product; what its symmetric one takes is said too.
/// </summary>
internal sealed class FitGram : IComparison
{
    private const int Columns = 8192;
    private const int Rows = 65_536;
    private const double Bar = 8;

    public string Name => "fit-gram";

    public string Description => $"Gram matrix of {Columns} columns by {Rows} rows, {Environment.ProcessorCount} threads";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers)
    {
        double? peer = null;
        if (peers.PythonWith("numpy") is string python)
        {
            JsonElement answer = Peers.Run(
                python, "gram_numpy.py", "--rows", Text(Rows), "--columns", Text(Columns),
                "--threads", Text(Environment.ProcessorCount));
            peer = answer.GetProperty("sgemm_s").GetDouble();
            peers.Say(FormattableString.Invariant(
                $"NumPy with OpenBLAS ({answer.GetProperty("kernels").GetString()}): sgemm {peer:0.00} s, ")
                + FormattableString.Invariant($"ssyrk {answer.GetProperty("ssyrk_s").GetDouble():0.00} s"));
        }

        double ours = Seconds();

        // Counted are the pairs on and below the diagonal.
        double rate = Columns * (Columns + 1.0) / 2 * Rows / ours;
        peers.Say(FormattableString.Invariant($"Datamodels {ours:0.00} s, {rate / 1e12:0.00} 10^12 bits counted a second"));
        return [new BenchmarkRow(Name, "s", ours, peer, peer / ours, Bar)];
    }

    private static double Seconds()
    {
        // Each example is in each subset with probability 1/2.
        byte[] masks = new byte[Rows * (Columns / 8)];
        new Random(1).NextBytes(masks);
        BitMatrix matrix = BitMatrix.Read(new RunRows([.. Enumerable.Range(0, Rows)], Columns, 0, masks, []), [Rows]);
        return Enumerable.Range(0, 3).Min(_ => Measure.Seconds(() => GramPanels.Count(
            matrix, long.MaxValue, Path.GetTempPath(), Environment.ProcessorCount, null, CancellationToken.None).Dispose()));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
