using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>
/// X'y and what else a fit needs to know of the margins y, for up to eight targets at once: one float64 lane per target,
/// so a target's numbers do not depend on which others share its block. Everything is about y - <see cref="Shifts"/>,
/// so that a large common offset costs no digits. Sums run over the rows in a fixed order.
/// </summary>
/// <remarks>
/// X'y adds eight rows at a time ("method of the four Russians": the 256 possible sums of eight rows are made once and
/// looked up by each column's byte), a quarter of the additions of adding row by row. Takes 16 n * 8 bytes.
/// </remarks>
internal sealed class TargetBlock
{
    /// <summary>Targets in a block.</summary>
    public const int Width = 8;

    private const int TableSize = 256;

    private TargetBlock(double[] shifts, TargetSums[] train, TargetSums[] heldOut)
    {
        Shifts = shifts;
        Train = train;
        HeldOut = heldOut;
    }

    /// <summary>What was subtracted from each target's margins: their mean over all rows, <c>[targets]</c>.</summary>
    public double[] Shifts { get; }

    /// <summary>Sums over the rows the path is fitted on, <c>[targets]</c>.</summary>
    public TargetSums[] Train { get; }

    /// <summary>Sums over the held-out rows, <c>[targets]</c>.</summary>
    public TargetSums[] HeldOut { get; }

    /// <summary>Computes the sums.</summary>
    /// <param name="rows">All rows: first those of <paramref name="train"/>, then those of <paramref name="heldOut"/>.</param>
    /// <param name="train">Masks of the rows the path is fitted on.</param>
    /// <param name="heldOut">Masks of the held-out rows.</param>
    /// <param name="targets">Up to <see cref="Width"/> targets.</param>
    /// <param name="cancellation">Stops between words of rows.</param>
    public static TargetBlock Compute(
        RunRows rows, BitMatrix train, BitMatrix heldOut, ReadOnlySpan<int> targets, CancellationToken cancellation = default)
    {
        // Margins of the block, one row of Width lanes per model; lanes without a target stay 0.
        double[] y = new double[(long)rows.Count * Width];
        double[] shifts = new double[targets.Length];
        for (int lane = 0; lane < targets.Length; lane++)
        {
            double sum = 0;
            for (int row = 0; row < rows.Count; row++)
            {
                double margin = rows.OutputsOf(row)[targets[lane]];
                y[(row * Width) + lane] = margin;
                sum += margin;
            }

            double shift = sum / rows.Count;
            shifts[lane] = shift;
            for (int row = 0; row < rows.Count; row++)
            {
                y[(row * Width) + lane] -= shift;
            }
        }

        int split = train.RowCount * Width;
        return new TargetBlock(
            shifts,
            Sums(train, y.AsSpan(0, split), targets.Length, cancellation),
            Sums(heldOut, y.AsSpan(split), targets.Length, cancellation));
    }

    private static TargetSums[] Sums(BitMatrix matrix, ReadOnlySpan<double> y, int lanes, CancellationToken cancellation)
    {
        double[] products = Products(matrix, y, cancellation);
        var sums = new TargetSums[lanes];
        for (int lane = 0; lane < lanes; lane++)
        {
            double sum = 0;
            double squares = 0;
            for (int at = lane; at < y.Length; at += Width)
            {
                sum += y[at];
                squares += y[at] * y[at];
            }

            double[] column = new double[matrix.ColumnCount];
            for (int j = 0; j < column.Length; j++)
            {
                column[j] = products[(j * Width) + lane];
            }

            sums[lane] = new TargetSums(column, sum, squares);
        }

        return sums;
    }

    // X'y for all lanes, [n, Width].
    private static double[] Products(BitMatrix matrix, ReadOnlySpan<double> y, CancellationToken cancellation)
    {
        double[] products = new double[(long)matrix.ColumnCount * Width];
        double[] tables = new double[8 * TableSize * Width];
        for (int word = 0; word * 64 < matrix.RowCount; word++)
        {
            cancellation.ThrowIfCancellationRequested();
            FillTables(tables, y[(word * 64 * Width)..]);
            ref double table = ref MemoryMarshal.GetArrayDataReference(tables);
            for (int j = 0; j < matrix.ColumnCount; j++)
            {
                ulong bits = matrix.Column(j)[word];
                Vector512<double> sum = Entry(ref table, 0, bits) + Entry(ref table, 1, bits)
                    + (Entry(ref table, 2, bits) + Entry(ref table, 3, bits))
                    + (Entry(ref table, 4, bits) + Entry(ref table, 5, bits)
                    + (Entry(ref table, 6, bits) + Entry(ref table, 7, bits)));
                ref double product = ref products[j * Width];
                (Vector512.LoadUnsafe(ref product) + sum).StoreUnsafe(ref product);
            }
        }

        return products;
    }

    // Sums of every subset of eight rows, for each of the (up to) eight groups of eight rows of one word.
    private static void FillTables(Span<double> tables, ReadOnlySpan<double> y)
    {
        for (int group = 0; group < 8; group++)
        {
            ref double table = ref tables[group * TableSize * Width];
            Vector512<double>.Zero.StoreUnsafe(ref table);
            for (int bit = 0; bit < 8; bit++)
            {
                // A row past the last adds nothing: no column has its bit set.
                int row = (group * 8) + bit;
                Vector512<double> value = (row + 1) * Width <= y.Length
                    ? Vector512.Create(y.Slice(row * Width, Width))
                    : Vector512<double>.Zero;
                for (int subset = 0; subset < 1 << bit; subset++)
                {
                    Vector512<double> without = Vector512.LoadUnsafe(ref table, (nuint)(subset * Width));
                    (without + value).StoreUnsafe(ref table, (nuint)((subset + (1 << bit)) * Width));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Entry(ref double tables, int group, ulong bits) =>
        Vector512.LoadUnsafe(ref tables, (nuint)((group * TableSize) + (int)(byte)(bits >> (8 * group))) * Width);
}
