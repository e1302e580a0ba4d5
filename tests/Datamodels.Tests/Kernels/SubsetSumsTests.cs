using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Datamodels.Kernels;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Tests.Regression;
using Xunit;

namespace Datamodels.Tests.Kernels;

public unsafe class SubsetSumsTests
{
    // Rows of the segment, columns, lanes.
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 2, 32 }, { 5, 6, 64 }, { 63, 47, 96 }, { 64, 48, 32 }, { 65, 49, 64 }, { 129, 97, 96 }, { 513, 200, 32 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_gives_the_bits_of_the_scalar_twin_and_the_sums_of_dense_arithmetic(int rows, int columns, int lanes)
    {
        // The segment begins in the middle of the rows.
        RunRows run = new PlantedRun(columns, rows + 3, 1, planted: 0).Rows;
        BitMatrix matrix = BitMatrix.Read(run, [3, rows], TestContext.Current.CancellationToken);
        var heldOut = new HeldOutRows(matrix, 1);
        double[][] x = PlantedRun.Dense(run, 3, rows);

        // The weights of columns 48 to 95 are zeros, which are left out.
        int padded = HeldOutRows.PaddedColumns(columns);
        float[] weights = new float[padded * lanes];
        for (int i = 0; i < columns * lanes; i++)
        {
            weights[i] = i / lanes is >= 48 and < 96 || i % 7 == 0 ? 0 : (float)Math.Sin(i);
        }

        float[] margins = [.. Enumerable.Range(0, rows * lanes).Select(i => (float)Math.Cos(i))];
        float[] means = [.. Enumerable.Range(0, lanes).Select(lane => lane / 10f)];
        (float[] Sums, double[] Errors) expected = Compute<SimdScalar, float>(heldOut, weights, margins, means, lanes);
        for (int lane = 0; lane < lanes; lane++)
        {
            double squares = 0;
            for (int row = 0; row < rows; row++)
            {
                double sum = x[row].Select((value, j) => value * weights[(j * lanes) + lane]).Sum();
                Assert.Equal(sum, expected.Sums[(row * lanes) + lane], 1e-5);
                squares += Math.Pow(margins[(row * lanes) + lane] + means[lane] - sum, 2);
            }

            Assert.Equal(squares, expected.Errors[lane], 2e-6 * squares);
        }

        void AssertSame((float[] Sums, double[] Errors) actual)
        {
            Assert.True(MemoryMarshal.AsBytes<float>(expected.Sums).SequenceEqual(MemoryMarshal.AsBytes<float>(actual.Sums)));
            Assert.Equal(expected.Errors, actual.Errors);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            AssertSame(Compute<Simd128, Vector128<float>>(heldOut, weights, margins, means, lanes));
        }

        if (Vector256.IsHardwareAccelerated)
        {
            AssertSame(Compute<Simd256, Vector256<float>>(heldOut, weights, margins, means, lanes));
        }

        if (Vector512.IsHardwareAccelerated)
        {
            AssertSame(Compute<Simd512, Vector512<float>>(heldOut, weights, margins, means, lanes));
        }
    }

    private static (float[] Sums, double[] Errors) Compute<TSimd, TVector>(
        HeldOutRows rows, float[] weights, float[] margins, float[] means, int lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        float[] sums = new float[rows.RowCount * lanes];
        double[] errors = new double[lanes];
        float[] part = new float[rows.RowCount * TSimd.Width];
        float[] tables = new float[SubsetSums.TableFloats];
        fixed (ulong* bits = rows.Subsets)
        fixed (float* w = weights, y = margins, mean = means, to = part, table = tables)
        fixed (double* error = errors)
        {
            for (int lane = 0; lane < lanes; lane += TSimd.Width)
            {
                Array.Clear(part);
                SubsetSums<TSimd, TVector>.Add(bits, rows.WordCount, rows.RowCount, w + lane, lanes, to, table);
                SubsetSums<TSimd, TVector>.SquaredErrors(y + lane, lanes, to, mean + lane, rows.RowCount, error + lane);
                for (int i = 0; i < part.Length; i++)
                {
                    sums[(i / TSimd.Width * lanes) + lane + (i % TSimd.Width)] = part[i];
                }
            }
        }

        return (sums, errors);
    }
}
