using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class GramTests
{
    [Theory]
    [InlineData(5, 40, 1)]
    [InlineData(33, 200, 2)]
    [InlineData(70, 1100, 3)]
    public void Counts_rows_with_a_one_in_both_columns(int train, int models, int threads)
    {
        RunRows rows = new PlantedRun(train, models, targets: 1).Rows;
        AssertIsGram(TestMatrix.Count(TestMatrix.Pack(rows, 0, models), threads), rows, 0, models);
    }

    [Fact]
    public void A_column_longer_than_a_chunk_is_counted_whole()
    {
        const int Models = 70_000;
        var run = new PlantedRun(3, Models, targets: 1, alpha: 0.7);
        AssertIsGram(TestMatrix.Count(TestMatrix.Pack(run.Rows, 0, Models), 1), run.Rows, 0, Models);
    }

    [Fact]
    public void Grams_of_disjoint_rows_add()
    {
        RunRows rows = new PlantedRun(20, 300, targets: 1).Rows;
        Gram first = TestMatrix.Count(TestMatrix.Pack(rows, 0, 211), 1);
        Gram second = TestMatrix.Count(TestMatrix.Pack(rows, 211, 89), 1);
        AssertIsGram(second.Absorb(first), rows, 0, 300);
        AssertIsGram(first, rows, 0, 211);
    }

    [Fact]
    public void Products_with_weights_are_those_of_dense_arithmetic()
    {
        RunRows rows = new PlantedRun(37, 150, targets: 1).Rows;
        Gram gram = TestMatrix.Count(TestMatrix.Pack(rows, 0, 150), 1);
        double[] weights = new double[37];
        foreach (int j in (int[])[0, 3, 4, 17, 20, 21, 36])
        {
            weights[j] = Math.Sin(j + 1);
        }

        double[] predictions = [.. PlantedRun.Dense(rows, 0, 150).Select(row => DenseLasso.Predict(row, weights, 0))];
        double[] product = new double[37];
        gram.Multiply(weights, product);
        for (int j = 0; j < 37; j++)
        {
            Assert.Equal(PlantedRun.Dense(rows, 0, 150).Select((row, i) => row[j] * predictions[i]).Sum(), product[j], 1e-9);
        }

        Assert.Equal(predictions.Sum(p => p * p), gram.Square(weights), 1e-9);
    }

    [Fact]
    public void Fixed_size_masks_leave_the_centred_matrix_one_null_direction()
    {
        RunRows rows = new PlantedRun(24, 100, targets: 1).Rows;
        Gram gram = TestMatrix.Count(TestMatrix.Pack(rows, 0, 100), 1);
        for (int j = 0; j < 24; j++)
        {
            double centred = 0;
            for (int k = 0; k < 24; k++)
            {
                centred += gram.Row(j)[k] - ((double)gram.Counts[j] * gram.Counts[k] / 100);
            }

            Assert.Equal(0, centred, 1e-9);
        }
    }

    private static void AssertIsGram(Gram gram, RunRows rows, int start, int count)
    {
        int n = rows.TrainCount;
        int[,] expected = new int[n, n];
        for (int row = start; row < start + count; row++)
        {
            int[] examples = rows.MaskOf(row).ToExamples();
            foreach (int j in examples)
            {
                foreach (int k in examples)
                {
                    expected[j, k]++;
                }
            }
        }

        Assert.Equal((count, n), (gram.RowCount, gram.ColumnCount));
        for (int j = 0; j < n; j++)
        {
            Assert.Equal(expected[j, j], gram.Counts[j]);
            for (int k = 0; k < n; k++)
            {
                Assert.Equal(expected[j, k], gram.Row(j)[k]);
            }
        }
    }
}
