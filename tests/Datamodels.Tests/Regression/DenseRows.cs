using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Regression;

/// <summary>Rows written out, and what the methods that factorise are given of them.</summary>
internal sealed class DenseRows
{
    private const double Shift = 0.5;

    public DenseRows(double[][] x, double[] y)
    {
        X = x;
        Y = y;
        Counts = [.. Enumerable.Range(0, x[0].Length).Select(j => x.Count(row => row[j] == 1))];
    }

    /// <summary>The masks, [m][n], 0 or 1.</summary>
    public double[][] X { get; }

    /// <summary>The outputs, [m].</summary>
    public double[] Y { get; }

    /// <summary>Ones in each column.</summary>
    public int[] Counts { get; }

    /// <summary>The rows of a run, for one target.</summary>
    public static DenseRows Of(RunRows rows, int target, int start, int count) =>
        new(PlantedRun.Dense(rows, start, count), PlantedRun.Margins(rows, target, start, count));

    /// <summary>All subsets of some size.</summary>
    public static double[][] Subsets(int n, int size) =>
        [.. Enumerable.Range(0, 1 << n).Where(bits => int.PopCount(bits) == size)
            .Select(bits => Enumerable.Range(0, n).Select(j => (double)((bits >> j) & 1)).ToArray())];

    /// <summary>Rows of a run with these masks.</summary>
    /// <param name="x">The masks, [m][n], 0 or 1.</param>
    /// <param name="outputs">The outputs, [m, targets]; zeros of one target where they do not matter.</param>
    public static RunRows ToRows(double[][] x, float[]? outputs = null)
    {
        int n = x[0].Length;
        byte[] masks = [.. x.SelectMany(row =>
            Mask.FromExamples(n, [.. Enumerable.Range(0, n).Where(j => row[j] == 1)]).Bytes.ToArray())];
        outputs ??= new float[x.Length];
        return new RunRows([.. Enumerable.Range(0, x.Length)], n, outputs.Length / x.Length, masks, outputs);
    }

    /// <summary>G by way of packed masks and panels.</summary>
    public CentredGram Gram()
    {
        RunRows rows = ToRows(X);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        BitMatrix matrix = BitMatrix.Read(rows, [X.Length], cancellation);
        using GramPanels panels = GramPanels.Count(matrix, long.MaxValue, Path.GetTempPath(), 1, null, cancellation);
        return CentredGram.Read(panels, cancellation);
    }

    /// <summary>Sums of the outputs less the shift.</summary>
    public TargetSums Sums() => new(
        [.. Enumerable.Range(0, X[0].Length).Select(j => X.Select((row, i) => row[j] * (Y[i] - Shift)).Sum())],
        Y.Sum(y => y - Shift), Y.Sum(y => (y - Shift) * (y - Shift)));

    /// <summary>Fits the target and checks what holds for every method.</summary>
    public FittedTarget Fit(ITargetMethod method) => Check(method.Fit(Sums(), Shift));

    /// <summary>The same for ridge at a lambda.</summary>
    public FittedTarget Fit(RidgeFit ridge, double lambda) =>
        Check(ridge.Fit(Sums(), Shift, new LambdaChoice(lambda, 0.25, true)));

    /// <summary>All weights.</summary>
    public double[] Weights(FittedTarget fit) => fit.Dense(X[0].Length);

    private FittedTarget Check(FittedTarget fit)
    {
        Assert.Null(fit.DualityGap);
        double[] weights = Weights(fit);
        Assert.Equal(weights.Count(w => w != 0), fit.Examples.Length);
        Assert.Equal(DenseLasso.Bias(X, Y, weights), fit.Bias, 1e-9);
        return fit;
    }
}
