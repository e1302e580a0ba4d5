using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

/// <summary>What a lasso over the rows of a run is made of, under the running test's cancellation.</summary>
internal sealed class LassoParts : IDisposable
{
    private readonly int _heldOut;
    private readonly double _l1Ratio;

    /// <param name="rows">The rows.</param>
    /// <param name="heldOut">How many of the last are held out.</param>
    /// <param name="l1Ratio">The l1 part of the penalty.</param>
    public LassoParts(RunRows rows, int heldOut = 0, double l1Ratio = 1)
    {
        _heldOut = heldOut;
        _l1Ratio = l1Ratio;
        Matrix = BitMatrix.Read(rows, heldOut > 0 ? [rows.Count - heldOut, heldOut] : [rows.Count], Cancellation);
        Gram = GramPanels.Count(Matrix, long.MaxValue, Path.GetTempPath(), 1, null, Cancellation);
        if (heldOut > 0)
        {
            Gram.Subtract(Matrix, 1, Cancellation);
        }

        Margins = TargetMargins.Read(rows, [.. Enumerable.Range(0, rows.TargetCount)], Cancellation);
        TargetMargins.Sum([.. Margins.Where(margins => margins.Problem is null)], Matrix, 1, Cancellation);
    }

    public BitMatrix Matrix { get; }

    /// <summary>Of the rows that are not held out.</summary>
    public GramPanels Gram { get; }

    /// <summary>Of every target.</summary>
    public TargetMargins[] Margins { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Gram.Dispose();

    /// <summary>The lasso of a target on the rows that are not held out.</summary>
    public LassoProblem Problem(int target = 0) => new(Gram, Margins[target].SumsWithout(_heldOut > 0 ? 1 : -1));

    /// <summary>lambda_max of a target.</summary>
    public double LambdaMax(int target = 0) => Problem(target).LargestGradient / _l1Ratio;

    /// <summary>Solves for some lambdas, one after the other, with float64 numbers.</summary>
    public LassoSolution[] Solve(double tolerance, params double[] lambdas)
    {
        using var worker = new LaneWorker(LassoLanes.Create(Gram, LassoLanes.Multiple, _l1Ratio), null);
        return Solve(worker, [new RecordedTask(Problem(), tolerance, lambdas)], [[]])[0];
    }

    /// <summary>Solves for some lambdas of every target with float32 numbers, and takes the errors on what is held out.</summary>
    /// <param name="tolerance">The relative gap.</param>
    /// <param name="lambdas">Lambdas of each target.</param>
    public LassoSolution[][] SolvePaths(double tolerance, double[][] lambdas)
    {
        (LassoLanes lanes, HeldOutErrors errors) =
            LassoLanes.Create(Gram, new HeldOutRows(Matrix, Matrix.Segments.Count - 1), LassoLanes.Multiple, _l1Ratio);
        using var worker = new LaneWorker(lanes, errors);
        RecordedTask[] tasks = [.. lambdas.Select((path, target) => new RecordedTask(Problem(target), tolerance, path))];
        RowSegment segment = Matrix.Segments[^1];
        return Solve(
            worker, tasks,
            [.. tasks.Select((task, target) => Margins[target].Values.AsSpan(segment.FirstRow, segment.RowCount).ToArray()
                .Select(y => y - task.Problem.Mean).ToArray())]);
    }

    private static LassoSolution[][] Solve(LaneWorker worker, RecordedTask[] tasks, double[][] heldOutMargins)
    {
        int next = 0;
        int done = 0;
        worker.Run(() => next == tasks.Length ? null : (tasks[next], heldOutMargins[next++]), _ => done++, Cancellation);
        Assert.Equal(tasks.Length, done);
        return [.. tasks.Select(task => task.Solutions.ToArray())];
    }

    // Goes through given lambdas and writes down what is reached.
    private sealed class RecordedTask(LassoProblem problem, double tolerance, double[] lambdas) : LaneTask(problem)
    {
        public List<LassoSolution> Solutions { get; } = [];

        public override double Lambda => lambdas[Solutions.Count];

        public override double Tolerance => tolerance;

        public override double Done => (double)Solutions.Count / lambdas.Length;

        public override bool Next(LassoLanes lanes, int lane, LassoCertificate certificate, double heldOutError)
        {
            double[] weights = new double[Problem.Products.Length];
            lanes.CopyWeights(lane, weights);
            Solutions.Add(new LassoSolution(Lambda, weights, certificate, heldOutError));
            return Solutions.Count < lambdas.Length;
        }
    }
}

/// <summary>What lanes reached at a lambda.</summary>
internal sealed record LassoSolution(double Lambda, double[] Weights, LassoCertificate Certificate, double HeldOutError);
