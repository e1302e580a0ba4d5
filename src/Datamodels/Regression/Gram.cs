using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// The Gram matrix C = X'X of a matrix of zeros and ones, in whole numbers: C[j, k] is the number of rows that have a one
/// in both columns, and C[j, j] the number c_j in column j. That is all a fit needs to know of X: centring is
/// (C[j, k] - c_j c_k / m), and Grams of disjoint sets of rows add. Exact, so the same for any thread count.
/// Takes 4 n^2 bytes.
/// </summary>
internal sealed class Gram
{
    // Columns in a tile, and words of a column taken at a time: two sets of 32 times 4 KB fit a second-level cache.
    private const int TileColumns = 32;
    private const int ChunkWords = 512;

    private readonly int[][] _rows;

    private Gram(int[][] rows, int rowCount)
    {
        _rows = rows;
        RowCount = rowCount;
        Counts = new int[rows.Length];
        for (int j = 0; j < rows.Length; j++)
        {
            Counts[j] = rows[j][j];
        }
    }

    /// <summary>Rows of X, m.</summary>
    public int RowCount { get; }

    /// <summary>Columns of X, n.</summary>
    public int ColumnCount => _rows.Length;

    /// <summary>Ones in each column, the diagonal, <c>[n]</c>.</summary>
    public int[] Counts { get; }

    /// <summary>Row <paramref name="column"/> of C, <c>[n]</c>; C is symmetric.</summary>
    public ReadOnlySpan<int> Row(int column) => _rows[column];

    /// <summary>Counts all pairs of columns.</summary>
    /// <param name="matrix">X.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    public static Gram Compute(BitMatrix matrix, int threads, CancellationToken cancellation = default)
    {
        int n = matrix.ColumnCount;
        int[][] rows = new int[n][];
        for (int j = 0; j < n; j++)
        {
            rows[j] = new int[n];
        }

        int tiles = (n + TileColumns - 1) / TileColumns;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, tiles * (tiles + 1) / 2, parallel, pair =>
        {
            // Tiles on and below the diagonal, row by row: pair = i (i + 1) / 2 + k with k <= i.
            int i = (int)((Math.Sqrt((8.0 * pair) + 1) - 1) / 2);
            CountTile(matrix, rows, i * TileColumns, (pair - (i * (i + 1) / 2)) * TileColumns);
        });
        return new Gram(rows, matrix.RowCount);
    }

    /// <summary>The Gram matrix of both sets of rows together: <paramref name="other"/> is added to this one's memory.</summary>
    /// <returns>The sum; this object must not be used any more.</returns>
    public Gram Absorb(Gram other)
    {
        for (int j = 0; j < _rows.Length; j++)
        {
            int[] mine = _rows[j];
            int[] theirs = other._rows[j];
            for (int k = 0; k < mine.Length; k++)
            {
                mine[k] += theirs[k];
            }
        }

        return new Gram(_rows, RowCount + other.RowCount);
    }

    /// <summary>C w.</summary>
    /// <param name="weights">w, <c>[n]</c>; zeros cost nothing.</param>
    /// <param name="product">Receives C w, <c>[n]</c>.</param>
    public void Multiply(ReadOnlySpan<double> weights, Span<double> product)
    {
        product.Clear();
        Span<int> columns = stackalloc int[4];
        Span<double> scales = stackalloc double[4];
        int held = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            if (weights[j] == 0)
            {
                continue;
            }

            columns[held] = j;
            scales[held++] = weights[j];
            if (held == 4)
            {
                ScaledCounts.AddFour(product, scales, Row(columns[0]), Row(columns[1]), Row(columns[2]), Row(columns[3]));
                held = 0;
            }
        }

        for (int i = 0; i < held; i++)
        {
            ScaledCounts.Add(product, scales[i], Row(columns[i]));
        }
    }

    /// <summary>w'C w.</summary>
    /// <param name="weights">w, <c>[n]</c>; zeros cost nothing.</param>
    public double Square(ReadOnlySpan<double> weights)
    {
        double diagonal = 0;
        double above = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            double weight = weights[j];
            if (weight != 0)
            {
                diagonal += weight * weight * Counts[j];
                above += weight * CountDot.Dot(weights[(j + 1)..], Row(j)[(j + 1)..]);
            }
        }

        return diagonal + (2 * above);
    }

    private static void CountTile(BitMatrix matrix, int[][] rows, int firstRow, int firstColumn)
    {
        int endRow = Math.Min(firstRow + TileColumns, matrix.ColumnCount);
        int endColumn = Math.Min(firstColumn + TileColumns, matrix.ColumnCount);
        for (int word = 0; word < matrix.WordCount; word += ChunkWords)
        {
            int words = Math.Min(ChunkWords, matrix.WordCount - word);
            for (int j = firstRow; j < endRow; j++)
            {
                ReadOnlySpan<ulong> left = matrix.Column(j).Slice(word, words);
                int last = Math.Min(endColumn - 1, j);
                for (int k = firstColumn; k <= last; k++)
                {
                    rows[j][k] += (int)PopCountAnd.Count(left, matrix.Column(k).Slice(word, words));
                }
            }
        }

        for (int j = firstRow; j < endRow; j++)
        {
            int last = Math.Min(endColumn - 1, j);
            for (int k = firstColumn; k <= last; k++)
            {
                rows[k][j] = rows[j][k];
            }
        }
    }
}
