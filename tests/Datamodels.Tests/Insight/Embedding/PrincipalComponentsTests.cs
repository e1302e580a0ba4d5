using Datamodels.Insight;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Insight;

public class PrincipalComponentsTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(PrincipalComponents.ExactRows + 200)]
    public void Few_rows_and_many_give_what_the_covariance_of_the_columns_says(int rowCount)
    {
        const int n = 40;
        double[][] rows = Rows(rowCount, n);
        EigenPairs truth = EigenPairs.Of(n, Covariance(rows), TestContext.Current.CancellationToken);
        PrincipalComponents found = Components(rows, 5);

        Assert.Equal(truth.Values.Sum(), found.Total, 1e-9 * found.Total);
        double rank = Math.Pow(truth.Values.Sum(), 2) / truth.Values.Sum(value => value * value);
        Assert.Equal(rank, found.EffectiveRank, rowCount <= PrincipalComponents.ExactRows ? 1e-9 * rank : 0.02 * rank);
        double[] mean = [.. Enumerable.Range(0, n).Select(j => rows.Average(row => row[j]))];
        for (int k = 0; k < 5; k++)
        {
            Assert.Equal(truth.Values[k], found.Variances[k], 1e-9 * found.Total);
            double[] direction = truth.Vectors[(k * n)..((k + 1) * n)];
            double largest = direction.MaxBy(Math.Abs);
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(Math.Sign(largest) * direction[j], found.Loadings.Row(j)[k], 1e-5);
            }

            for (int i = 0; i < rowCount; i += 37)
            {
                double coordinate = Enumerable.Range(0, n).Sum(j => (rows[i][j] - mean[j]) * found.Loadings.Row(j)[k]);
                Assert.Equal(coordinate, found.Coordinates.Row(i)[k], 1e-7);
            }
        }
    }

    [Fact]
    public void A_component_without_variance_has_no_direction()
    {
        // Three points on a line have one component.
        PrincipalComponents found = Components([[1, 0, 0], [2, 0, 0], [3, 0, 0]], 2);
        Assert.Equal(2, found.Variances[0], 1e-12);
        Assert.Equal(0, found.Variances[1]);
        Assert.Equal(-1, found.Coordinates.Row(0)[0], 1e-12);
        Assert.Equal(1, found.Loadings.Row(0)[0], 1e-12);
        Assert.Equal(0, found.Coordinates.Row(0)[1]);
        Assert.Equal(0, found.Loadings.Row(0)[1]);
        Assert.Equal(1, found.EffectiveRank, 1e-12);
    }

    private static PrincipalComponents Components(double[][] rows, int count)
    {
        var matrix = SparseMatrix.OfRows(rows[0].Length, [.. rows.Select(row =>
        {
            int[] nonzero = [.. Enumerable.Range(0, row.Length).Where(j => row[j] != 0)];
            return (nonzero, Array.ConvertAll(nonzero, j => row[j]));
        })]);
        return PrincipalComponents.Of(matrix, count, seed: 3, TestContext.Current.CancellationToken);
    }

    /// <summary>Sparse rows, the columns on scales of their own, so that no two eigenvalues are near each other.</summary>
    private static double[][] Rows(int count, int n)
    {
        var random = new RandomStream(9, RandomPurpose.Targets, 0);
        double[][] rows = new double[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new double[n];
            for (int j = 0; j < n; j++)
            {
                rows[i][j] = random.NextBelow(3) == 0 ? Math.Pow(0.8, j) * (random.NextSingle() + 0.3) : 0;
            }
        }

        return rows;
    }

    private static double[] Covariance(double[][] rows)
    {
        int n = rows[0].Length;
        double[] mean = [.. Enumerable.Range(0, n).Select(j => rows.Average(row => row[j]))];
        double[] covariance = new double[n * n];
        for (int p = 0; p < n; p++)
        {
            for (int q = 0; q < n; q++)
            {
                covariance[(p * n) + q] = rows.Sum(row => (row[p] - mean[p]) * (row[q] - mean[q]));
            }
        }

        return covariance;
    }
}
