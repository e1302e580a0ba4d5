using Datamodels.Regression;
using Xunit;

namespace Datamodels.Tests.Regression;

public class CentredGramTests
{
    [Fact]
    public void Is_what_centred_columns_give()
    {
        var rows = DenseRows.Of(new PlantedRun(70, 300, 1).Rows, 0, 0, 300);
        CentredGram gram = rows.Gram();
        double[] means = [.. rows.Counts.Select(count => count / 300.0)];
        for (int j = 0; j < 70; j++)
        {
            for (int k = 0; k < 70; k++)
            {
                Assert.Equal(rows.X.Sum(row => (row[j] - means[j]) * (row[k] - means[k])), gram.Row(j)[k], 1e-10);
                Assert.Equal(gram.Row(j)[k], gram.Row(k)[j]);
            }
        }

        Assert.Equal(Enumerable.Range(0, 70).Average(j => gram.Row(j)[j]), gram.MeanDiagonal, 1e-10);
        Assert.Equal((300, 70, 70, true), (gram.RowCount, gram.ColumnCount, gram.VaryingCount, gram.HasEqualSizes));
        Assert.Equal(gram.Values[(3 * 70) + 5], gram.Row(3)[5]);
    }

    [Fact]
    public void Knows_constant_columns_and_sizes_that_differ()
    {
        double[][] x = [[1, 0, 1, 0], [1, 0, 0, 1], [1, 0, 0, 1]];
        CentredGram gram = new DenseRows(x, [1, 2, 4]).Gram();
        Assert.True(gram.IsConstant(0) && gram.IsConstant(1) && !gram.IsConstant(2));
        Assert.Equal((2, true), (gram.VaryingCount, gram.HasEqualSizes));
        Assert.Equal(2 / 3.0, gram.MeanDiagonal, 1e-15);
        x[1] = [1, 0, 1, 1];
        Assert.False(new DenseRows(x, [1, 2, 4]).Gram().HasEqualSizes);
    }

    [Fact]
    public void Outputs_that_are_constant_pull_at_nothing()
    {
        var rows = new DenseRows(DenseRows.Subsets(6, 3), [.. Enumerable.Repeat(0.1, 20)]);
        Assert.All(rows.Gram().Centre(rows.Sums()), q => Assert.Equal(0, q));
    }
}
