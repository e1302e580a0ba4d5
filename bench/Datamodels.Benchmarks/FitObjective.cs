using System.Globalization;

namespace Datamodels.Benchmarks;

/// <summary>
/// How far the objective of the demo's datamodels is above that of scikit-learn's solution at the same lambda, the worst of
/// some targets; 0 or less: ours is as good or better. The ratio is scikit-learn's objective over ours. The bar is the
/// excess that is allowed.
/// </summary>
internal sealed class FitObjective : IComparison
{
    private const int Targets = 8;
    private const string Unit = "relative excess";
    private const double Bar = 1e-6;

    public string Name => "fit-objective";

    public string Description =>
        $"the lasso objective of the demo's datamodels against scikit-learn's, the worst of {Targets} targets";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers)
    {
        DemoRun demo = DemoRun.Open();
        if (peers.PythonWith("sklearn") is not string python)
        {
            // The figure is itself a comparison.
            return [new BenchmarkRow(Name, Unit, null, null, null, Bar)];
        }

        double excess = Peers.Run(
            python, "fit_sklearn.py", demo.Masks, demo.Margins, "--targets", Targets.ToString(CultureInfo.InvariantCulture),
            "--lambdas", "2", "--check", DemoRun.Fitted("weights"), DemoRun.Fitted("lambdas"), DemoRun.Fitted("bias"))
            .GetProperty("worst_objective_excess").GetDouble();
        peers.Say($"worst relative excess {excess:0.0e+0}");
        return [new BenchmarkRow(Name, Unit, excess, 0, 1 / (1 + excess), Bar)];
    }
}
