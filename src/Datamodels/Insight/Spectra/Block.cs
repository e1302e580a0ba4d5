using Datamodels.Kernels;

namespace Datamodels.Insight;

/// <summary>
/// Some vectors side by side, <c>[rows, width]</c>, row-major. Threads take rows in pieces that do not depend on how many
/// threads there are, and what pieces give is added up in their order: results are the same to the bit.
/// </summary>
/// <param name="rows">Length of each vector.</param>
/// <param name="width">Number of vectors.</param>
internal sealed class Block(int rows, int width)
{
    private const int PieceRows = 1024;

    private readonly double[] _values = new double[checked(rows * width)];

    /// <summary>Length of each vector.</summary>
    public int Rows => rows;

    /// <summary>Number of vectors.</summary>
    public int Width => width;

    /// <summary>One number of each vector, <c>[width]</c>.</summary>
    public Span<double> Row(int row) => _values.AsSpan(row * width, width);

    /// <summary>
    /// Does the rows <c>first..end-1</c> of each piece, several pieces at once. A piece of wide rows may take seconds, so that
    /// the work looks at <paramref name="cancellation"/> at each row too.
    /// </summary>
    public static void ForRows(int rows, Action<int, int> work, CancellationToken cancellation) =>
        Parallel.For(
            0, (rows + PieceRows - 1) / PieceRows, new ParallelOptions { CancellationToken = cancellation },
            piece => work(piece * PieceRows, Math.Min(rows, (piece + 1) * PieceRows)));

    /// <summary>A'B: the dot products of these vectors with those of another block, <c>[width, other.width]</c>.</summary>
    public double[] DotProducts(Block other, CancellationToken cancellation)
    {
        double[][] parts = new double[(rows + PieceRows - 1) / PieceRows][];
        ForRows(rows, (first, end) =>
        {
            double[] part = new double[width * other.Width];
            for (int i = first; i < end; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<double> left = Row(i);
                ReadOnlySpan<double> right = other.Row(i);
                for (int p = 0; p < left.Length; p++)
                {
                    AddScaled.Add(part.AsSpan(p * right.Length, right.Length), left[p], right);
                }
            }

            parts[first / PieceRows] = part;
        }, cancellation);
        double[] sum = parts[0];
        foreach (double[] part in parts.AsSpan(1))
        {
            AddScaled.Add(sum, 1, part);
        }

        return sum;
    }

    /// <summary>Adds <paramref name="scale"/> B C, with C row-major, <c>[other.width, width]</c>.</summary>
    public void AddProduct(double scale, Block other, double[] coefficients, CancellationToken cancellation) =>
        ForRows(rows, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<double> row = other.Row(i);
                for (int p = 0; p < row.Length; p++)
                {
                    AddScaled.Add(Row(i), scale * row[p], coefficients.AsSpan(p * width, width));
                }
            }
        }, cancellation);
}
