using Datamodels.Kernels;

namespace Datamodels.Insight;

/// <summary>A sparse matrix, row by row. Takes 12 bytes for each entry and 4 for each row.</summary>
/// <param name="columnCount">Number of columns.</param>
/// <param name="starts">Where each row begins, and where the last one ends, <c>[rows + 1]</c>.</param>
/// <param name="columns">Column of each entry, ascending in a row, <c>[entries]</c>.</param>
/// <param name="values">The entries, <c>[entries]</c>.</param>
internal sealed class SparseMatrix(int columnCount, int[] starts, int[] columns, double[] values)
{
    /// <summary>Number of rows.</summary>
    public int RowCount => starts.Length - 1;

    /// <summary>Number of columns.</summary>
    public int ColumnCount => columnCount;

    /// <summary>Makes a matrix of rows, each of them columns, ascending, and their values.</summary>
    public static SparseMatrix OfRows(int columnCount, IReadOnlyList<(int[] Columns, double[] Values)> rows)
    {
        int[] starts = new int[rows.Count + 1];
        for (int i = 0; i < rows.Count; i++)
        {
            starts[i + 1] = checked(starts[i] + rows[i].Columns.Length);
        }

        int[] columns = new int[starts[^1]];
        double[] values = new double[starts[^1]];
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].Columns.CopyTo(columns, starts[i]);
            rows[i].Values.CopyTo(values, starts[i]);
        }

        return new SparseMatrix(columnCount, starts, columns, values);
    }

    /// <summary>The columns of the entries of a row, ascending.</summary>
    public ReadOnlySpan<int> Columns(int row) => columns.AsSpan(starts[row]..starts[row + 1]);

    /// <summary>The entries of a row.</summary>
    public Span<double> Values(int row) => values.AsSpan(starts[row]..starts[row + 1]);

    /// <summary>The transpose; columns ascend in it too.</summary>
    public SparseMatrix Transposed()
    {
        int[] next = new int[columnCount + 1];
        foreach (int column in columns)
        {
            next[column + 1]++;
        }

        for (int j = 0; j < columnCount; j++)
        {
            next[j + 1] += next[j];
        }

        int[] begins = [.. next];
        int[] rows = new int[columns.Length];
        double[] entries = new double[columns.Length];
        for (int i = 0; i < RowCount; i++)
        {
            for (int at = starts[i]; at < starts[i + 1]; at++)
            {
                int to = next[columns[at]]++;
                rows[to] = i;
                entries[to] = values[at];
            }
        }

        return new SparseMatrix(RowCount, begins, rows, entries);
    }

    /// <summary>The product with a block of vectors; each number is one chain of additions, in the order of columns.</summary>
    public Block Multiply(Block block, CancellationToken cancellation)
    {
        var product = new Block(RowCount, block.Width);
        Block.ForRows(RowCount, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int at = starts[i]; at < starts[i + 1]; at++)
                {
                    AddScaled.Add(product.Row(i), values[at], block.Row(columns[at]));
                }
            }
        }, cancellation);
        return product;
    }
}
