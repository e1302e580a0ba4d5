using Datamodels.Kernels;

namespace Datamodels.Insight;

/// <summary>
/// Principal components of sparse rows X, centred: the eigenvectors u of C = (X - 1 m')(X - 1 m')', m the mean row. The
/// coordinates of the rows on a component are sqrt(e) u, its loadings (X - 1 m')'u / sqrt(e). Up to
/// <see cref="ExactRows"/> rows C is decomposed; for more, its largest eigenvalues are found by <see cref="BlockKrylov"/>
/// without ever making it.
/// </summary>
internal sealed record PrincipalComponents
{
    /// <summary>The most rows of which all eigenvalues are computed.</summary>
    public const int ExactRows = 1000;

    // Of the largest eigenvalue.
    private const double Tolerance = 1e-9;
    private const int Probes = 256;

    /// <summary>e: sum of the squared coordinates on each component, descending, <c>[components]</c>.</summary>
    public required double[] Variances { get; init; }

    /// <summary>Coordinates of the rows, <c>[rows, components]</c>.</summary>
    public required Block Coordinates { get; init; }

    /// <summary>Loadings of the columns, <c>[columns, components]</c>: of length 1, the largest of them positive.</summary>
    public required Block Loadings { get; init; }

    /// <summary>The sum of all eigenvalues of C: sum of the squared distances of the rows from their mean.</summary>
    public required double Total { get; init; }

    /// <summary>
    /// (sum of e)^2 / sum of e^2 over all eigenvalues; of more than <see cref="ExactRows"/> rows an estimate, from what 256
    /// random vectors see of those that are not among the components (Hutchinson 1990).
    /// </summary>
    public required double EffectiveRank { get; init; }

    /// <summary>The first components.</summary>
    /// <param name="rows">X.</param>
    /// <param name="count">How many, 1..rows.</param>
    /// <param name="seed">Seed of the search where there are many rows.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>Takes 12 bytes for each entry beside X, and what the decomposition takes.</remarks>
    public static PrincipalComponents Of(SparseMatrix rows, int count, ulong seed, CancellationToken cancellation)
    {
        SparseMatrix columns = rows.Transposed();
        double[] mean = MeanRow(rows);
        double total = TotalOf(columns, mean);
        double[] values;
        Block vectors;
        double squares;
        if (rows.RowCount <= ExactRows)
        {
            EigenPairs pairs = EigenPairs.Of(rows.RowCount, DotProducts(rows, mean, cancellation), cancellation);
            values = pairs.Values[..count];
            vectors = new Block(rows.RowCount, count);
            for (int i = 0; i < rows.RowCount; i++)
            {
                for (int k = 0; k < count; k++)
                {
                    vectors.Row(i)[k] = pairs.Vectors[(k * rows.RowCount) + i];
                }
            }

            squares = Squares(pairs.Values);
        }
        else
        {
            (values, vectors) = BlockKrylov.Largest(
                rows.RowCount, count, Multiply, seed, Tolerance, cancellation);
            squares = Squares(values) + SquaresBeyond(rows, columns, mean, vectors, seed, cancellation);
        }

        Block loadings = Combined(columns, mean, vectors, cancellation);
        for (int k = 0; k < count; k++)
        {
            // Rounding leaves no direction without variance at exactly 0.
            values[k] = values[k] > 1e-12 * total ? values[k] : 0;
            double length = Math.Sqrt(values[k]);
            double sign = SignOf(loadings, k);
            Scale(loadings, k, length > 0 ? sign / length : 0);
            Scale(vectors, k, sign * length);
        }

        return new PrincipalComponents
        {
            Variances = values,
            Coordinates = vectors,
            Loadings = loadings,
            Total = total,
            EffectiveRank = total * total / squares,
        };

        // C times a block.
        Block Multiply(Block block, CancellationToken stop) =>
            Distances(rows, mean, Combined(columns, mean, block, stop), stop);
    }

    /// <summary>The sum of the squared distances of the rows from their mean.</summary>
    /// <param name="rows">X.</param>
    public static double TotalOf(SparseMatrix rows) => TotalOf(rows.Transposed(), MeanRow(rows));

    private static double[] MeanRow(SparseMatrix rows)
    {
        double[] mean = new double[rows.ColumnCount];
        for (int i = 0; i < rows.RowCount; i++)
        {
            ReadOnlySpan<int> columns = rows.Columns(i);
            ReadOnlySpan<double> values = rows.Values(i);
            for (int at = 0; at < columns.Length; at++)
            {
                mean[columns[at]] += values[at] / rows.RowCount;
            }
        }

        return mean;
    }

    // Column by column: as squares less the squares of the mean, rows that are nearly the same would be lost to rounding.
    private static double TotalOf(SparseMatrix columns, double[] mean)
    {
        double total = 0;
        for (int j = 0; j < mean.Length; j++)
        {
            ReadOnlySpan<double> values = columns.Values(j);
            total += (columns.ColumnCount - values.Length) * mean[j] * mean[j];
            foreach (double value in values)
            {
                total += (value - mean[j]) * (value - mean[j]);
            }
        }

        return total;
    }

    /// <summary>C.</summary>
    private static double[] DotProducts(SparseMatrix rows, double[] mean, CancellationToken cancellation)
    {
        var centred = new Block(rows.ColumnCount, rows.RowCount);
        for (int i = 0; i < rows.RowCount; i++)
        {
            for (int j = 0; j < mean.Length; j++)
            {
                centred.Row(j)[i] = -mean[j];
            }

            ReadOnlySpan<int> columns = rows.Columns(i);
            ReadOnlySpan<double> values = rows.Values(i);
            for (int at = 0; at < columns.Length; at++)
            {
                centred.Row(columns[at])[i] += values[at];
            }
        }

        return centred.DotProducts(centred, cancellation);
    }

    /// <summary>(X - 1 m')'u, for each vector u of a block.</summary>
    private static Block Combined(SparseMatrix columns, double[] mean, Block vectors, CancellationToken cancellation)
    {
        double[] sums = new double[vectors.Width];
        for (int i = 0; i < vectors.Rows; i++)
        {
            AddScaled.Add(sums, 1, vectors.Row(i));
        }

        Block combined = columns.Multiply(vectors, cancellation);
        for (int j = 0; j < mean.Length; j++)
        {
            AddScaled.Add(combined.Row(j), -mean[j], sums);
        }

        return combined;
    }

    /// <summary>(X - 1 m')v, for each vector v of a block.</summary>
    private static Block Distances(SparseMatrix rows, double[] mean, Block vectors, CancellationToken cancellation)
    {
        double[] offsets = new double[vectors.Width];
        for (int j = 0; j < mean.Length; j++)
        {
            AddScaled.Add(offsets, mean[j], vectors.Row(j));
        }

        Block distances = rows.Multiply(vectors, cancellation);
        for (int i = 0; i < distances.Rows; i++)
        {
            AddScaled.Add(distances.Row(i), -1, offsets);
        }

        return distances;
    }

    /// <summary>The sum of the squared eigenvalues of C that are not among the eigenvectors given, estimated.</summary>
    private static double SquaresBeyond(
        SparseMatrix rows, SparseMatrix columns, double[] mean, Block vectors, ulong seed,
        CancellationToken cancellation)
    {
        var random = new RandomStream(seed, RandomPurpose.Eigenvectors, 1);
        var probes = new Block(rows.RowCount, Probes);
        for (int i = 0; i < probes.Rows; i++)
        {
            foreach (ref double value in probes.Row(i))
            {
                value = (2 * random.NextBelow(2)) - 1;
            }
        }

        probes.AddProduct(-1, vectors, vectors.DotProducts(probes, cancellation), cancellation);
        Block seen = Distances(rows, mean, Combined(columns, mean, probes, cancellation), cancellation);
        seen.AddProduct(-1, vectors, vectors.DotProducts(seen, cancellation), cancellation);
        double sum = 0;
        for (int i = 0; i < seen.Rows; i++)
        {
            sum += Squares(seen.Row(i));
        }

        return sum / Probes;
    }

    /// <summary>The sign of the largest number of a vector; of the first of several.</summary>
    private static int SignOf(Block block, int vector)
    {
        double largest = 0;
        for (int i = 0; i < block.Rows; i++)
        {
            double value = block.Row(i)[vector];
            largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
        }

        return largest < 0 ? -1 : 1;
    }

    private static void Scale(Block block, int vector, double factor)
    {
        for (int i = 0; i < block.Rows; i++)
        {
            block.Row(i)[vector] *= factor;
        }
    }

    private static double Squares(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return sum;
    }
}
