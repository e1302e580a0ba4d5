namespace Datamodels.Tests.Regression;

/// <summary>
/// How near weights are to the lasso's or elastic net's solution, by the book and from the rows: columns and margins are
/// centred, and an l2 penalty is a row sqrt(m l2) e_j more for each column.
/// </summary>
internal sealed class DenseCertificate
{
    private readonly double[][] _rows;
    private readonly double[] _margins;
    private readonly int _m;
    private readonly double _l1;

    public DenseCertificate(double[][] x, double[] y, double[] weights, double lambda, double l1Ratio)
    {
        _m = x.Length;
        _l1 = lambda * l1Ratio;
        int n = weights.Length;
        double mean = y.Average();
        double[] means = [.. Enumerable.Range(0, n).Select(j => x.Average(row => row[j]))];
        double ridge = Math.Sqrt(_m * lambda * (1 - l1Ratio));
        IEnumerable<double[]> centred = x.Select(row => row.Zip(means, (value, m) => value - m).ToArray());
        _rows = [.. centred, .. Enumerable.Range(0, l1Ratio < 1 ? n : 0).Select(j => Unit(n, j, ridge))];
        _margins = [.. y.Select(value => value - mean), .. new double[_rows.Length - _m]];
        Bias = mean - means.Zip(weights, (m, w) => m * w).Sum();

        double[] residual = Residual(weights);
        double[] gradient = [.. Enumerable.Range(0, n).Select(j => Dot(j, residual))];
        double square = residual.Sum(r => r * r);
        double limit = gradient.Max(Math.Abs) is > 0 and double largest ? _l1 * _m / largest : double.PositiveInfinity;
        double scale = square > 0 ? Math.Clamp(_margins.Zip(residual, (a, b) => a * b).Sum() / square, -limit, limit) : 0;
        double atZero = _margins.Sum(value => value * value);
        double dual = (atZero - _margins.Zip(residual, (a, r) => Math.Pow(a - (scale * r), 2)).Sum()) / (2 * _m);
        DualityGap = (Primal(weights) - dual) / (atZero / (2 * _m));
        double first = Enumerable.Range(0, n).Max(j => Math.Abs(Dot(j, _margins))) / _m;
        KktResidual = gradient
            .Select((g, j) => weights[j] == 0
                ? Math.Max(0, Math.Abs(g / _m) - _l1)
                : Math.Abs((g / _m) - (Math.Sign(weights[j]) * _l1)))
            .Max() / first;
    }

    /// <summary>(P - D) / (P at zero weights).</summary>
    public double DualityGap { get; }

    /// <summary>The largest violation of the optimality conditions, relative to the largest gradient at zero weights.</summary>
    public double KktResidual { get; }

    /// <summary>The bias that belongs to the weights.</summary>
    public double Bias { get; }

    /// <summary>The objective, with the best bias for these weights.</summary>
    public double Primal(double[] weights) =>
        (Residual(weights).Sum(r => r * r) / (2 * _m)) + (_l1 * weights.Sum(Math.Abs));

    private static double[] Unit(int n, int j, double size)
    {
        double[] row = new double[n];
        row[j] = size;
        return row;
    }

    private double[] Residual(double[] weights) =>
        [.. _rows.Select((row, i) => _margins[i] - DenseLasso.Predict(row, weights, 0))];

    private double Dot(int column, double[] values)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += _rows[i][column] * values[i];
        }

        return sum;
    }
}
