using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// How ridge regressions on the rows outside a fold do on the fold, for every lambda at once. With each row and output taken
/// about their means outside the fold, x - mean x and y - mean y, sums over the fold give the squared error
/// <code>sum over the fold of (y - mean y - (x - mean x)'w)^2 = v - 2 w'p + w'F w,</code>
/// and in the directions U of the Gram matrix outside it, w = Uz, the same with U'p and H = U'F U. Several threads may use
/// it at once.
/// </summary>
/// <remarks>Takes 16 n^2 bytes, and 32 n^2 more while it is made.</remarks>
internal sealed class RidgePath
{
    private readonly CentredGram _train;
    private readonly double[] _lambdas;
    private readonly Spectrum _spectrum;
    private readonly int _foldRows;
    private readonly int[] _foldCounts;
    private readonly double[] _rotated;

    /// <summary>Decomposes the Gram matrix of the rows outside the fold.</summary>
    /// <param name="train">The rows outside the fold.</param>
    /// <param name="all">All rows.</param>
    /// <param name="lambdas">The lambdas, above 0, <c>[K]</c>.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a result.</param>
    /// <param name="cancellation">Stops.</param>
    public RidgePath(
        CentredGram train, CentredGram all, double[] lambdas, int threads, CancellationToken cancellation = default)
    {
        _train = train;
        _lambdas = lambdas;
        _foldRows = all.RowCount - train.RowCount;
        _foldCounts = [.. all.Counts.Select((count, j) => count - train.Counts[j])];
        _spectrum = Spectrum.Of(train, cancellation);
        _rotated = Rotate(FoldGram(train, all), threads, cancellation);
    }

    /// <summary>The squared error over the fold at each lambda, <c>[K]</c>.</summary>
    /// <param name="train">Sums of the target over the rows outside the fold.</param>
    /// <param name="fold">Its sums over the fold.</param>
    public double[] SquaredErrors(TargetSums train, TargetSums fold)
    {
        int n = _spectrum.Count;
        double[] q = _train.Centre(train);
        double mean = train.Sum / _train.RowCount;
        double rest = fold.Sum - (_foldRows * mean);
        double[] lanes = new double[n * LaneProduct.Width];
        for (int j = 0; j < n; j++)
        {
            lanes[j * LaneProduct.Width] = q[j];
            lanes[(j * LaneProduct.Width) + 1] = _train.IsConstant(j)
                ? 0
                : fold.Products[j] - (mean * _foldCounts[j]) - ((double)_train.Counts[j] / _train.RowCount * rest);
        }

        // U'q in lane 0, U'p in lane 1.
        double[] projected = new double[lanes.Length];
        LaneProduct.Multiply(_spectrum.Vectors, lanes, projected);
        double square = fold.Squares - (2 * mean * fold.Sum) + (_foldRows * mean * mean);
        double[] errors = new double[_lambdas.Length];
        double[] product = new double[lanes.Length];
        for (int first = 0; first < errors.Length; first += LaneProduct.Width)
        {
            int count = Math.Min(LaneProduct.Width, errors.Length - first);
            for (int k = 0; k < n; k++)
            {
                for (int lane = 0; lane < count; lane++)
                {
                    lanes[(k * LaneProduct.Width) + lane] = projected[k * LaneProduct.Width]
                        / (_spectrum.Values[k] + (_train.RowCount * _lambdas[first + lane]));
                }
            }

            LaneProduct.Multiply(_rotated, lanes, product);
            for (int lane = 0; lane < count; lane++)
            {
                double error = square;
                for (int k = 0; k < n; k++)
                {
                    int at = (k * LaneProduct.Width) + lane;
                    error += lanes[at] * (product[at] - (2 * projected[(k * LaneProduct.Width) + 1]));
                }

                errors[first + lane] = Math.Max(0, error);
            }
        }

        return errors;
    }

    // F, the fold's rows about the means outside it: with d the difference of the means, G_all - G_train + m dd'.
    private static double[] FoldGram(CentredGram train, CentredGram all)
    {
        int n = all.ColumnCount;
        double[] moved = new double[n];
        for (int j = 0; j < n; j++)
        {
            moved[j] = ((double)all.Counts[j] / all.RowCount) - ((double)train.Counts[j] / train.RowCount);
        }

        double[] gram = new double[n * n];
        for (int j = 0; j < n; j++)
        {
            // A column that is constant outside the fold has weight 0.
            for (int k = 0; k < n && !train.IsConstant(j); k++)
            {
                gram[(j * n) + k] = train.IsConstant(k)
                    ? 0
                    : all.Row(j)[k] - train.Row(j)[k] + (all.RowCount * (moved[j] * moved[k]));
            }
        }

        return gram;
    }

    // U'F U, eight eigenvectors at a time.
    private double[] Rotate(double[] gram, int threads, CancellationToken cancellation)
    {
        int n = _spectrum.Count;
        double[] rotated = new double[n * n];
        int blocks = (n + LaneProduct.Width - 1) / LaneProduct.Width;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, blocks, parallel, block =>
        {
            int first = block * LaneProduct.Width;
            int count = Math.Min(LaneProduct.Width, n - first);
            double[] lanes = new double[n * LaneProduct.Width];
            double[] product = new double[lanes.Length];
            for (int lane = 0; lane < count; lane++)
            {
                for (int j = 0; j < n; j++)
                {
                    lanes[(j * LaneProduct.Width) + lane] = _spectrum.Vectors[((first + lane) * n) + j];
                }
            }

            LaneProduct.Multiply(gram, lanes, product);
            LaneProduct.Multiply(_spectrum.Vectors, product, lanes);
            for (int lane = 0; lane < count; lane++)
            {
                for (int k = 0; k < n; k++)
                {
                    rotated[((first + lane) * n) + k] = lanes[(k * LaneProduct.Width) + lane];
                }
            }
        });
        return rotated;
    }
}
