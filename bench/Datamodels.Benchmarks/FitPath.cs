using System.Globalization;
using System.Text.Json;
using Datamodels.Regression;

namespace Datamodels.Benchmarks;

/// <summary>
/// Seconds that one target takes on one core, on the demo's models: a path of 100 lambdas given the Gram matrix. Ours
/// includes the choice of lambda on held-out models and the final weights at that lambda to a gap of 1e-8, which the peer's
/// does not.
/// </summary>
internal sealed class FitPath : IComparison
{
    private const int Targets = 8;
    private const int Lambdas = 100;
    private const double Epsilon = 0.01;

    public string Name => "fit-path";

    public string Description =>
        $"a path of {Lambdas} lambdas for one target on one core, the Gram matrix given, median of {Targets} targets";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers)
    {
        DemoRun demo = DemoRun.Open();
        double? peer = null;
        if (peers.PythonWith("sklearn") is string python)
        {
            JsonElement answer = Peers.Run(
                python, "fit_sklearn.py", demo.Masks, demo.Margins, "--targets", Targets.ToString(CultureInfo.InvariantCulture),
                "--lambdas", Lambdas.ToString(CultureInfo.InvariantCulture),
                "--eps", Epsilon.ToString(CultureInfo.InvariantCulture));
            peer = answer.GetProperty("path_s_per_target").GetDouble();
            peers.Say(
                $"scikit-learn {peer:0.000} s a target, {answer.GetProperty("gram_s").GetDouble():0.0} s for the Gram matrix");
        }

        double ours = SecondsPerTarget(demo);
        peers.Say($"Datamodels {ours:0.000} s a target");
        return [new BenchmarkRow(Name, "s/target", ours, peer, peer / ours, null)];
    }

    // The peer's targets, evenly over the test set, and one before them: the time between one datamodel and the next has
    // neither the Gram matrix nor the compilation of this program in it.
    private static double SecondsPerTarget(DemoRun demo)
    {
        int last = demo.Training.TargetCount - 1;
        var options = new FitOptions
        {
            Targets = [0, .. Enumerable.Range(0, Targets).Select(i => i * last / (Targets - 1)).Select(t => Math.Max(1, t))],
            LambdaCount = Lambdas,
            Epsilon = Epsilon,
            Patience = Lambdas,
            Threads = 1,
        };
        var seconds = new List<double>();
        using IEnumerator<Datamodel> datamodels = DatamodelFit.Fit(demo.Training, options).GetEnumerator();
        datamodels.MoveNext();
        while (true)
        {
            bool more = true;
            double second = Measure.Seconds(() => more = datamodels.MoveNext());
            if (!more)
            {
                return Measure.Median(seconds);
            }

            seconds.Add(second);
        }
    }
}
