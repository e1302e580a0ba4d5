using System.Runtime.Intrinsics;
using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// X'y and the other sums over the rows for up to eight targets at once: one float64 lane for each target, so a target's
/// numbers do not depend on which others share its block. Sums run over the rows in a fixed order.
/// </summary>
internal static class TargetBlock
{
    /// <summary>Targets in a block.</summary>
    public const int Width = 8;

    // Columns whose products and words fit a second-level cache; fewer would have the tables made more often.
    private const int ColumnsAtOnce = 2048;

    /// <summary>Sums up.</summary>
    /// <param name="matrix">X.</param>
    /// <param name="margins">y of up to <see cref="Width"/> targets, each <c>[m]</c>.</param>
    /// <param name="cancellation">Stops within milliseconds.</param>
    /// <returns><c>[targets][segments]</c>.</returns>
    public static TargetSums[][] Sum(BitMatrix matrix, double[][] margins, CancellationToken cancellation = default)
    {
        TargetSums[][] sums = Array.ConvertAll(margins, _ => new TargetSums[matrix.Segments.Count]);
        for (int segment = 0; segment < matrix.Segments.Count; segment++)
        {
            RowSegment rows = matrix.Segments[segment];
            double[] products = Products(matrix, rows, margins, cancellation);
            for (int lane = 0; lane < margins.Length; lane++)
            {
                double sum = 0;
                double squares = 0;
                foreach (double y in margins[lane].AsSpan(rows.FirstRow, rows.RowCount))
                {
                    sum += y;
                    squares += y * y;
                }

                double[] column = new double[matrix.ColumnCount];
                for (int j = 0; j < column.Length; j++)
                {
                    column[j] = products[(j * Width) + lane];
                }

                sums[lane][segment] = new TargetSums(column, sum, squares);
            }
        }

        return sums;
    }

    // X'y for all lanes, [n, Width].
    private static double[] Products(
        BitMatrix matrix, RowSegment rows, double[][] margins, CancellationToken cancellation)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return Products<Double512, Vector512<double>>(matrix, rows, margins, cancellation);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return Products<Double256, Vector256<double>>(matrix, rows, margins, cancellation);
        }

        return Vector128.IsHardwareAccelerated
            ? Products<Double128, Vector128<double>>(matrix, rows, margins, cancellation)
            : Products<DoubleScalar, double>(matrix, rows, margins, cancellation);
    }

    private static unsafe double[] Products<TLanes, TVector>(
        BitMatrix matrix, RowSegment rows, double[][] margins, CancellationToken cancellation)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        double[] products = new double[(long)matrix.ColumnCount * Width];
        double[] y = new double[64 * Width];

        // On cache lines, of which a vector would otherwise take two.
        using var tables = new NativeFloats(ColumnSums<TLanes, TVector>.TableNumbers * sizeof(double) / sizeof(float));
        double* table = (double*)tables.Data;
        fixed (double* product = products, value = y)
        {
            for (int first = 0; first < matrix.ColumnCount; first += ColumnsAtOnce)
            {
                int columns = Math.Min(ColumnsAtOnce, matrix.ColumnCount - first);
                for (int word = 0; word * 64 < rows.RowCount; word++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Gather(y, margins, rows, word * 64);
                    ColumnSums<TLanes, TVector>.Fill(value, table);
                    ColumnSums<TLanes, TVector>.Add(
                        matrix.ColumnPointer(first) + rows.FirstWord + word, matrix.Stride, columns, table,
                        product + ((nint)first * Width));
                }
            }
        }

        return products;
    }

    // The margins of 64 rows, [64, Width]; 0 past the last row and in lanes without a target.
    private static void Gather(double[] y, double[][] margins, RowSegment rows, int row)
    {
        Array.Clear(y);
        int count = Math.Min(64, rows.RowCount - row);
        for (int lane = 0; lane < margins.Length; lane++)
        {
            ReadOnlySpan<double> from = margins[lane].AsSpan(rows.FirstRow + row, count);
            for (int i = 0; i < from.Length; i++)
            {
                y[(i * Width) + lane] = from[i];
            }
        }
    }
}
