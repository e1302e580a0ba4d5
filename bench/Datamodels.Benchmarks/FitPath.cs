using System.Globalization;
using System.Text.Json;
using Datamodels.IO;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Benchmarks;

/// <summary>
/// Seconds that one target takes on one core for a path of 100 lambdas, given the Gram matrix and X'y, on 10,000 of the demo's
/// models. Ours includes the error on held-out models at each lambda, which the peer's does not. What ours reaches is measured
/// from the masks and margins by a script that has scikit-learn's duality gap.
/// </summary>
internal sealed class FitPath : IComparison
{
    private const int Models = 10_000;
    private const int PeerTargets = 8;
    private const string Folder = "out/bench/path";

    private static readonly FitOptions s_options = new() { Threads = 1, Patience = int.MaxValue };

    public string Name => "fit-path";

    public string Description =>
        $"a path of {s_options.LambdaCount} lambdas for one target on one core, the Gram matrix given, {Models} models";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers)
    {
        DemoRun demo = DemoRun.Open(Models);
        double? peer = null;
        string? python = peers.PythonWith("sklearn");
        if (python is not null)
        {
            JsonElement answer = Peers.Run(
                python, "fit_sklearn.py", demo.Masks, demo.Margins, "--targets", Number(PeerTargets),
                "--lambdas", Number(s_options.LambdaCount), "--eps", Number(s_options.Epsilon));
            peer = answer.GetProperty("path_s_per_target").GetDouble();
            peers.Say(
                $"scikit-learn {peer:0.000} s a target, {answer.GetProperty("gram_s").GetDouble():0.0} s for the Gram matrix");
        }

        FitFolds folds = FitFolds.Of(demo.Rows, s_options);
        BitMatrix matrix = BitMatrix.Read(demo.Rows, folds.RowCounts);
        using GramPanels gram = GramPanels.Count(matrix, long.MaxValue, Path.GetTempPath(), 1, null, default);
        int[] all = [.. Enumerable.Range(0, demo.Rows.TargetCount)];
        TargetMargins[] targets = TargetMargins.Read(demo.Rows, all, default);
        TargetMargins.Sum(targets, matrix, 1, default);
        var fit = new LassoFit(matrix, gram, folds, s_options);
        LambdaChoice[] choices = [];
        double path = Typical(() => choices =
        [
            .. fit.Choose(targets, _ => { }, default).OrderBy(chosen => chosen.Place).Select(chosen => chosen.Choice),
        ]) / targets.Length;
        double refit = Typical(() => fit.Refit(targets, choices, _ => { }, default).Count()) / targets.Length;
        peers.Say($"Datamodels {path:0.0000} s a target, and {refit:0.0000} s for the weights at the lambda chosen");
        var rows = new List<BenchmarkRow> { new(Name, "s/target", path, peer, peer / path, 10) };
        if (python is not null)
        {
            WritePaths(matrix, gram, targets);
            double gap = Peers.Run(python, "gap_sklearn.py", demo.Masks, demo.Margins, Folder)
                .GetProperty("worst_gap").GetDouble();
            rows.Add(new BenchmarkRow(Name + "-gap", "of |y|^2", gap, 1e-4, 1e-4 / gap, 1));
        }

        return rows;
    }

    // The first time something is still compiled.
    private static double Typical(Action work)
    {
        work();
        return Measure.Median([.. Enumerable.Range(0, 5).Select(_ => Measure.Seconds(work))]);
    }

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    // The weights along the peer's targets' paths on the models that are not held out.
    private static void WritePaths(BitMatrix matrix, GramPanels gram, TargetMargins[] targets)
    {
        Directory.CreateDirectory(Folder);
        TargetMargins[] chosen =
            [.. Enumerable.Range(0, PeerTargets).Select(i => targets[i * (targets.Length - 1) / (PeerTargets - 1)])];
        double[] largest = Array.ConvertAll(
            chosen, target => s_options.LambdaMax(new LassoProblem(gram, target.SumsWithout(-1))));
        gram.Subtract(matrix, 1, default);
        var held = new HeldOutRows(matrix, 1);
        (LassoLanes lanes, HeldOutErrors errors) = LassoLanes.Create(gram, held, LassoLanes.Multiple, s_options.L1Ratio);
        using var worker = new LaneWorker(lanes, errors);
        int next = 0;
        worker.Run(
            () =>
            {
                if (next == PeerTargets)
                {
                    return null;
                }

                int i = next++;
                var problem = new LassoProblem(gram, chosen[i].SumsWithout(1));
                var path = new LambdaPath(problem, largest[i], s_options);
                return (new RecordedPath(chosen[i].Target, path), new double[held.RowCount]);
            },
            task => ((RecordedPath)task).Write(Folder), default);
        gram.Add(matrix, 1, default);
    }

    /// <summary>The path of a fit, with the weights at every lambda kept.</summary>
    private sealed class RecordedPath(int target, LambdaPath path) : LaneTask(path.Problem)
    {
        private readonly int _columns = path.Problem.Products.Length;
        private readonly List<double> _lambdas = [];
        private readonly double[] _weights = new double[s_options.LambdaCount * path.Problem.Products.Length];

        public override double Lambda => path.Lambda;

        public override double Tolerance => path.Tolerance;

        public override double Done => path.Done;

        public override bool Next(LassoLanes lanes, int lane, LassoCertificate certificate, double heldOutError)
        {
            lanes.CopyWeights(lane, _weights.AsSpan(_lambdas.Count * _columns, _columns));
            _lambdas.Add(path.Lambda);
            return path.Next(lanes, lane, certificate, heldOutError);
        }

        public void Write(string folder)
        {
            string name = $"{folder}/{target}";
            File.Delete(name + "-weights.npy");
            File.Delete(name + "-lambdas.npy");
            using NpyFile weights = NpyFile.Create(
                name + "-weights.npy", new NpyHeader(NpyType.Double, [_lambdas.Count, _columns]));
            weights.Write<double>(0, _weights.AsSpan(0, _lambdas.Count * _columns));
            using NpyFile lambdas = NpyFile.Create(name + "-lambdas.npy", new NpyHeader(NpyType.Double, [_lambdas.Count]));
            lambdas.Write<double>(0, _lambdas.ToArray());
        }
    }
}
