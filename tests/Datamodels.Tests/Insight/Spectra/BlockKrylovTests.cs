using Datamodels.Insight;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Insight;

public class BlockKrylovTests
{
    [Fact]
    public void Eigenvalues_that_are_double_are_found_twice()
    {
        // A ring: 1/2 + cos(2 pi j / n) / 2, each but the first twice.
        const int n = 60;
        SparseMatrix ring = Rows(n, i => [(i, 0.5), ((i + 1) % n, 0.25), ((i + n - 1) % n, 0.25)]);
        (double[] values, Block vectors) = Largest(ring, 9);
        double[] expected = [.. Enumerable.Range(0, 9).Select(k => 0.5 + (0.5 * Math.Cos(2 * Math.PI * ((k + 1) / 2) / n)))];
        for (int k = 0; k < 9; k++)
        {
            Assert.Equal(expected[k], values[k], 1e-12);
        }

        AssertEigenvectors(ring, values, vectors);
    }

    [Fact]
    public void Each_of_many_equal_eigenvalues_has_its_eigenvector()
    {
        // Twelve groups of five that all see the mean of their group, and nothing of the others.
        SparseMatrix groups = Rows(60, i => [.. Enumerable.Range(0, 5).Select(j => ((i / 5 * 5) + j, 0.2))]);
        (double[] values, Block vectors) = Largest(groups, 14);
        Assert.All(values[..12], value => Assert.Equal(1, value, 1e-12));
        Assert.All(values[12..], value => Assert.Equal(0, value, 1e-12));
        AssertEigenvectors(groups, values, vectors);
    }

    [Fact]
    public void A_large_matrix_takes_several_rounds_and_gives_the_same_each_time()
    {
        // A path with ends: cos^2(pi j / 2n) for the j-th eigenvalue, very close to each other.
        const int n = 600;
        SparseMatrix path = Rows(n, i => i == 0 || i == n - 1
            ? [(i, 0.75), (i == 0 ? 1 : n - 2, 0.25)]
            : [(i - 1, 0.25), (i, 0.5), (i + 1, 0.25)]);
        (double[] values, Block vectors) = Largest(path, 3, tolerance: 1e-7);
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(Math.Pow(Math.Cos(Math.PI * j / 2 / n), 2), values[j], 1e-7);
        }

        (double[] again, Block vectorsAgain) = Largest(path, 3, tolerance: 1e-7);
        Assert.Equal(values, again);
        Assert.Equal(vectors.Row(17).ToArray(), vectorsAgain.Row(17).ToArray());
    }

    [Fact]
    public void All_eigenvectors_of_a_small_matrix_can_be_had()
    {
        SparseMatrix diagonal = Rows(4, i => [(i, 4.0 - i)]);
        (double[] values, Block vectors) = Largest(diagonal, 4);
        for (int k = 0; k < 4; k++)
        {
            Assert.Equal(4 - k, values[k], 1e-12);
            Assert.Equal(1, Math.Abs(vectors.Row(k)[k]), 1e-12);
        }
    }

    [Fact]
    public void A_matrix_of_zeros_has_eigenvalues_of_zero()
    {
        (double[] values, Block vectors) = Largest(Rows(30, _ => []), 3);
        Assert.Equal([0, 0, 0], values);
        Assert.Equal(1, vectors.DotProducts(vectors, TestContext.Current.CancellationToken)[0], 1e-12);
    }

    [Fact]
    public void Cancellation_stops_the_search()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        SparseMatrix matrix = Rows(30, i => [(i, i)]);
        Assert.Throws<OperationCanceledException>(
            () => BlockKrylov.Largest(30, 3, matrix.Multiply, seed: 0, tolerance: 1e-9, stopped.Token));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(2)]
    public void A_long_search_stops_within_a_second(double seconds)
    {
        const int n = 3000;
        SparseMatrix ring = Rows(n, i => [(i, 0.5), ((i + 1) % n, 0.25), ((i + n - 1) % n, 0.25)]);
        Cancelled.After(TimeSpan.FromSeconds(seconds), stop => BlockKrylov.Largest(
            n, 700, ring.Multiply, seed: 0, tolerance: 1e-9, stop));
    }

    [Fact]
    public void A_decomposition_that_cannot_be_interrupted_is_left_behind()
    {
        const int n = 1400;
        double[] matrix = new double[n * n];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = 1.0 / (1 + (i / n) + (i % n));
        }

        Cancelled.After(TimeSpan.FromSeconds(0.2), stop => EigenPairs.Of(n, matrix, stop));
    }

    private static (double[] Values, Block Vectors) Largest(SparseMatrix matrix, int count, double tolerance = 1e-10) =>
        BlockKrylov.Largest(
            matrix.RowCount, count, matrix.Multiply, seed: 5, tolerance, TestContext.Current.CancellationToken);

    private static SparseMatrix Rows(int n, Func<int, (int Column, double Value)[]> row) => SparseMatrix.OfRows(
        n, [.. Enumerable.Range(0, n).Select(i =>
        {
            (int Column, double Value)[] entries = [.. row(i).OrderBy(entry => entry.Column)];
            return (entries.Select(entry => entry.Column).ToArray(), entries.Select(entry => entry.Value).ToArray());
        })]);

    private static void AssertEigenvectors(SparseMatrix matrix, double[] values, Block vectors)
    {
        Block images = matrix.Multiply(vectors, TestContext.Current.CancellationToken);
        for (int i = 0; i < vectors.Rows; i++)
        {
            for (int k = 0; k < values.Length; k++)
            {
                Assert.Equal(values[k] * vectors.Row(i)[k], images.Row(i)[k], 1e-9);
            }
        }

        double[] dots = vectors.DotProducts(vectors, TestContext.Current.CancellationToken);
        for (int p = 0; p < values.Length; p++)
        {
            for (int q = 0; q < values.Length; q++)
            {
                Assert.Equal(p == q ? 1 : 0, dots[(p * values.Length) + q], 1e-12);
            }
        }
    }
}
