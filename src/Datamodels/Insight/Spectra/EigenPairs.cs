using System.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Datamodels.Insight;

/// <summary>The eigenvalues of a dense symmetric matrix, descending, and its eigenvectors.</summary>
/// <param name="Values">Eigenvalues, <c>[n]</c>.</param>
/// <param name="Vectors">Row-major, <c>[n, n]</c>: row k is eigenvector k, of length 1.</param>
internal sealed record EigenPairs(double[] Values, double[] Vectors)
{
    /// <summary>Decomposes on one thread, in about 10 n^3 operations.</summary>
    /// <param name="n">Number of rows.</param>
    /// <param name="matrix">The matrix, <c>[n, n]</c>; not to be used any more.</param>
    /// <param name="cancellation">Stops waiting for it.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>
    /// The decomposition, which takes seconds from n = 1000 on, cannot be interrupted. A caller that is stopped leaves it
    /// behind instead: it reads and writes only arrays of its own, and ends by itself.
    /// </remarks>
    public static EigenPairs Of(int n, double[] matrix, CancellationToken cancellation) =>
        Task.Run(() => Decomposed(n, matrix), cancellation).WaitAsync(cancellation).GetAwaiter().GetResult();

    private static EigenPairs Decomposed(int n, double[] matrix)
    {
        double[] vectors = new double[n * n];
        var values = new Complex[n];
        ManagedLinearAlgebraProvider.Instance.EigenDecomp(true, n, matrix, vectors, values, new double[n * n]);
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(k => values[k].Real)];
        double[] sorted = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            vectors.AsSpan(order[k] * n, n).CopyTo(sorted.AsSpan(k * n, n));
        }

        return new EigenPairs([.. order.Select(k => values[k].Real)], sorted);
    }
}
