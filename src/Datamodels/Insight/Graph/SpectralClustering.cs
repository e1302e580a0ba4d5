namespace Datamodels.Insight;

/// <summary>
/// Spectral clustering (Ng, Jordan and Weiss 2001): with A the weights and D their row sums, the vertices are the rows of the
/// first k eigenvectors of the normalised Laplacian I - D^-1/2 A D^-1/2, scaled to length 1, and k-means clusters them.
/// </summary>
internal static class SpectralClustering
{
    // Of the largest eigenvalue, 1.
    private const double Tolerance = 1e-6;

    /// <summary>Cluster of each vertex, 0..count-1, <c>[vertices]</c>; some clusters may be empty.</summary>
    /// <param name="adjacency">A, symmetric, none below 0.</param>
    /// <param name="count">k, 1..vertices.</param>
    /// <param name="seed">Seed of eigenvectors and k-means.</param>
    /// <param name="cancellation">Stops.</param>
    public static int[] Of(SparseMatrix adjacency, int count, ulong seed, CancellationToken cancellation)
    {
        SparseMatrix walk = HalfLazyWalk(adjacency);
        (_, Block vectors) = BlockKrylov.Largest(
            adjacency.RowCount, count, walk.Multiply, seed, Tolerance, cancellation);
        for (int i = 0; i < vectors.Rows; i++)
        {
            double squares = 0;
            foreach (double value in vectors.Row(i))
            {
                squares += value * value;
            }

            foreach (ref double value in vectors.Row(i))
            {
                value = squares > 0 ? value / Math.Sqrt(squares) : 0;
            }
        }

        return KMeans.Of(vectors, count, seed, cancellation);
    }

    /// <summary>
    /// (I + D^-1/2 A D^-1/2) / 2, with the eigenvectors of the Laplacian, those of its smallest eigenvalues first, and none
    /// below 0. A vertex without edges is its own.
    /// </summary>
    private static SparseMatrix HalfLazyWalk(SparseMatrix adjacency)
    {
        double[] roots = new double[adjacency.RowCount];
        for (int i = 0; i < roots.Length; i++)
        {
            double sum = 0;
            foreach (double weight in adjacency.Values(i))
            {
                sum += weight;
            }

            roots[i] = Math.Sqrt(sum);
        }

        return SparseMatrix.OfRows(roots.Length, [.. Enumerable.Range(0, roots.Length).Select(i =>
        {
            var entries = new List<(int Column, double Value)> { (i, roots[i] > 0 ? 0.5 : 1) };
            for (int at = 0; at < adjacency.Columns(i).Length; at++)
            {
                int j = adjacency.Columns(i)[at];
                entries.Add((j, adjacency.Values(i)[at] / (2 * roots[i] * roots[j])));
            }

            entries.Sort((left, right) => left.Column.CompareTo(right.Column));
            return (entries.Select(entry => entry.Column).ToArray(), entries.Select(entry => entry.Value).ToArray());
        })]);
    }
}
