using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class TargetBlockTests
{
    [Theory]
    [InlineData(64, 64)]
    [InlineData(100, 29)]
    [InlineData(129, 127)]
    public void Sums_are_those_of_dense_arithmetic(int train, int heldOut)
    {
        RunRows rows = new PlantedRun(30, train + heldOut, targets: 11, offset: 1000).Rows;
        int[] targets = [10, 0, 4];
        TargetBlock block = TestMatrix.Sums(
            rows, TestMatrix.Pack(rows, 0, train), TestMatrix.Pack(rows, train, heldOut), targets);
        for (int lane = 0; lane < targets.Length; lane++)
        {
            Assert.Equal(PlantedRun.Margins(rows, targets[lane], 0, rows.Count).Average(), block.Shifts[lane], 1e-9);
            AssertSums(block.Train[lane], rows, targets[lane], 0, train, block.Shifts[lane]);
            AssertSums(block.HeldOut[lane], rows, targets[lane], train, heldOut, block.Shifts[lane]);
            AssertSums(block.Train[lane] + block.HeldOut[lane], rows, targets[lane], 0, rows.Count, block.Shifts[lane]);
        }
    }

    [Fact]
    public void A_targets_sums_do_not_depend_on_the_others_of_its_block()
    {
        RunRows rows = new PlantedRun(30, 200, targets: 11).Rows;
        BitMatrix train = TestMatrix.Pack(rows, 0, 150);
        BitMatrix heldOut = TestMatrix.Pack(rows, 150, 50);
        TargetBlock alone = TestMatrix.Sums(rows, train, heldOut, [6]);
        TargetBlock among = TestMatrix.Sums(rows, train, heldOut, [0, 1, 2, 6, 7, 8, 9, 10]);
        Assert.Equal(alone.Train[0].Products, among.Train[3].Products);
        Assert.Equal(alone.HeldOut[0].Products, among.HeldOut[3].Products);
        Assert.Equal((alone.Train[0].Sum, alone.Train[0].Squares), (among.Train[3].Sum, among.Train[3].Squares));
    }

    private static void AssertSums(TargetSums sums, RunRows rows, int target, int start, int count, double shift)
    {
        double[] y = [.. PlantedRun.Margins(rows, target, start, count).Select(v => v - shift)];
        double[][] x = PlantedRun.Dense(rows, start, count);
        Assert.Equal(y.Sum(), sums.Sum, 1e-9);
        Assert.Equal(y.Sum(v => v * v), sums.Squares, 1e-9);
        for (int j = 0; j < rows.TrainCount; j++)
        {
            Assert.Equal(x.Select((row, i) => row[j] * y[i]).Sum(), sums.Products[j], 1e-9);
        }
    }
}
