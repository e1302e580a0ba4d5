using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

public class TargetMarginsTests
{
    [Theory]
    [InlineData(64, 64)]
    [InlineData(100, 29)]
    [InlineData(129, 127)]
    public void Sums_are_those_of_dense_arithmetic(int train, int heldOut)
    {
        RunRows rows = new PlantedRun(30, train + heldOut, targets: 11, offset: 1000).Rows;
        int[] targets = [10, 0, 4];
        TargetMargins[] margins = Read(rows, targets, train, heldOut);
        for (int i = 0; i < targets.Length; i++)
        {
            double[] y = PlantedRun.Margins(rows, targets[i], 0, rows.Count);
            Assert.Equal(targets[i], margins[i].Target);
            Assert.Equal(y.Average(), margins[i].Shift, 1e-9);
            Assert.Equal(y.Select(v => v - margins[i].Shift), margins[i].Values);
            AssertSums(margins[i].Segments[0], rows, targets[i], 0, train, margins[i].Shift);
            AssertSums(margins[i].Segments[1], rows, targets[i], train, heldOut, margins[i].Shift);
            AssertSums(margins[i].SumsWithout(1), rows, targets[i], 0, train, margins[i].Shift);
            AssertSums(margins[i].SumsWithout(-1), rows, targets[i], 0, rows.Count, margins[i].Shift);
        }
    }

    [Fact]
    public void A_targets_sums_do_not_depend_on_the_others_of_its_block()
    {
        RunRows rows = new PlantedRun(30, 200, targets: 11).Rows;
        TargetMargins alone = Read(rows, [6], 150, 50)[0];
        TargetMargins among = Read(rows, [0, 1, 2, 6, 7, 8, 9, 10], 150, 50)[3];
        for (int segment = 0; segment < 2; segment++)
        {
            Assert.Equal(alone.Segments[segment].Products, among.Segments[segment].Products);
            Assert.Equal(
                (alone.Segments[segment].Sum, alone.Segments[segment].Squares),
                (among.Segments[segment].Sum, among.Segments[segment].Squares));
        }
    }

    private static TargetMargins[] Read(RunRows rows, int[] targets, params int[] segments)
    {
        BitMatrix matrix = BitMatrix.Read(rows, segments, TestContext.Current.CancellationToken);
        TargetMargins[] margins = TargetMargins.Read(rows, targets, TestContext.Current.CancellationToken);
        TargetMargins.Sum(margins, matrix, 1, TestContext.Current.CancellationToken);
        return margins;
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
