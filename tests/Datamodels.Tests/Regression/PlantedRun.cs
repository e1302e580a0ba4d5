using Datamodels.Kernels;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Tests.Regression;

/// <summary>Rows whose margins are a known linear datamodel plus normal noise, and what dense arithmetic says of them.</summary>
internal sealed class PlantedRun
{
    public PlantedRun(
        int train, int models, int targets, ulong seed = 1, double alpha = 0.5, int planted = 5,
        double size = 1, double noise = 0.5, double offset = 2)
    {
        var plan = new SubsetPlan(seed, alpha, models);
        int stride = Mask.ByteCount(train);
        byte[] masks = new byte[models * stride];
        float[] margins = new float[models * targets];
        Weights = new double[targets, train];
        var random = new RandomStream(seed, RandomPurpose.Targets, 0);
        for (int target = 0; target < targets; target++)
        {
            for (int k = 0; k < planted; k++)
            {
                Weights[target, random.NextBelow(train)] = size * (random.NextBelow(2) == 0 ? -1 : 1) * (1 + random.NextSingle());
            }
        }

        for (int model = 0; model < models; model++)
        {
            Mask mask = plan.MaskOf(model, train);
            mask.Bytes.CopyTo(masks.AsSpan(model * stride));
            for (int target = 0; target < targets; target++)
            {
                double margin = offset + (noise * Normal(ref random));
                for (int j = 0; j < train; j++)
                {
                    margin += mask[j] ? Weights[target, j] : 0;
                }

                margins[(model * targets) + target] = (float)margin;
            }
        }

        Rows = new RunRows([.. Enumerable.Range(0, models)], train, targets, masks, margins);
    }

    public RunRows Rows { get; }

    /// <summary>The planted weights, [targets, train].</summary>
    public double[,] Weights { get; }

    /// <summary>X of some rows as numbers.</summary>
    public static double[][] Dense(RunRows rows, int start, int count) =>
        [.. Enumerable.Range(start, count).Select(row =>
        {
            Mask mask = rows.MaskOf(row);
            return Enumerable.Range(0, rows.TrainCount).Select(j => mask[j] ? 1.0 : 0.0).ToArray();
        })];

    /// <summary>The margins of one target by some rows.</summary>
    public static double[] Margins(RunRows rows, int target, int start, int count) =>
        [.. Enumerable.Range(start, count).Select(row => (double)rows.OutputsOf(row)[target])];

    public static double Normal(ref RandomStream random)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextSingle()));
        return radius * Math.Cos(2 * Math.PI * random.NextSingle());
    }
}

/// <summary>The lasso by the book, on dense rows: what the fast one is compared with.</summary>
internal static class DenseLasso
{
    /// <summary>1/(2m) |y - Xw - b|^2 + lambda |w|_1.</summary>
    public static double Objective(double[][] x, double[] y, double[] w, double b, double lambda) =>
        (x.Select((row, i) => Math.Pow(y[i] - Predict(row, w, b), 2)).Sum() / (2 * y.Length)) + (lambda * w.Sum(Math.Abs));

    public static double Predict(double[] row, double[] w, double b) => b + row.Zip(w, (a, c) => a * c).Sum();

    /// <summary>The b that is best for w.</summary>
    public static double Bias(double[][] x, double[] y, double[] w) => x.Select((row, i) => y[i] - Predict(row, w, 0)).Average();

    /// <summary>x_j'(y - Xw - b) / m of every column.</summary>
    public static double[] Gradient(double[][] x, double[] y, double[] w, double b)
    {
        double[] gradient = new double[w.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double residual = y[i] - Predict(x[i], w, b);
            for (int j = 0; j < w.Length; j++)
            {
                gradient[j] += x[i][j] * residual / x.Length;
            }
        }

        return gradient;
    }

    /// <summary>Cyclic coordinate descent on centred columns until nothing moves.</summary>
    public static (double[] Weights, double Bias) Solve(double[][] x, double[] y, double lambda, int sweeps = 2000)
    {
        int m = x.Length;
        int n = x[0].Length;
        double[] means = [.. Enumerable.Range(0, n).Select(j => x.Average(row => row[j]))];
        double[] w = new double[n];
        double mean = y.Average();
        double[] residual = [.. y.Select(v => v - mean)];
        for (int sweep = 0; sweep < sweeps; sweep++)
        {
            double moved = 0;
            for (int j = 0; j < n; j++)
            {
                double curvature = 0;
                double pull = 0;
                for (int i = 0; i < m; i++)
                {
                    double entry = x[i][j] - means[j];
                    curvature += entry * entry / m;
                    pull += entry * residual[i] / m;
                }

                if (curvature < 1e-12)
                {
                    continue;
                }

                pull += curvature * w[j];
                double updated = Math.Sign(pull) * Math.Max(0, Math.Abs(pull) - lambda) / curvature;
                double step = updated - w[j];
                for (int i = 0; i < m && step != 0; i++)
                {
                    residual[i] -= step * (x[i][j] - means[j]);
                }

                w[j] = updated;
                moved = Math.Max(moved, Math.Abs(step));
            }

            if (moved < 1e-13)
            {
                break;
            }
        }

        return (w, Bias(x, y, w));
    }
}
