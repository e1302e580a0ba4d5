using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public class LaneProductTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(4, 8)]
    [InlineData(7, 1)]
    [InlineData(9, 33)]
    public void Gives_the_bits_of_one_chain_for_each_number(int rows, int columns)
    {
        double[] matrix = Numbers(rows * columns);
        double[] lanes = Numbers(columns * LaneProduct.Width);
        double[] product = new double[rows * LaneProduct.Width];
        LaneProduct.Multiply(matrix, lanes, product);
        for (int i = 0; i < rows; i++)
        {
            for (int lane = 0; lane < LaneProduct.Width; lane++)
            {
                double sum = 0;
                for (int j = 0; j < columns; j++)
                {
                    sum = Math.FusedMultiplyAdd(matrix[(i * columns) + j], lanes[(j * LaneProduct.Width) + lane], sum);
                }

                Assert.Equal(sum, product[(i * LaneProduct.Width) + lane]);
            }
        }
    }

    [Fact]
    public void Refuses_a_matrix_of_another_shape() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LaneProduct.Multiply(new double[5], new double[16], new double[16]));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(29)]
    public void A_multiple_is_added_with_one_rounding(int count)
    {
        double[] sums = Numbers(count);
        double[] values = Numbers(count + 1)[1..];
        double[] expected = [.. sums.Zip(values, (sum, value) => Math.FusedMultiplyAdd(1 / 3.0, value, sum))];
        AddScaled.Add(sums, 1 / 3.0, values);
        Assert.Equal(expected, sums);
    }

    private static double[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(i => Math.Sin(i * i))];
}
