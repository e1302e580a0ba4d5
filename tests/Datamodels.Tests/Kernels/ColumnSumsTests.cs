using System.Numerics;
using System.Runtime.Intrinsics;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public unsafe class ColumnSumsTests
{
    private const int Lanes = 8;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 2, 3)]
    [InlineData(17, 3, 5)]
    [InlineData(200, 4, 9)]
    public void Every_width_gives_the_bits_of_the_scalar_twin_and_the_sums_of_dense_arithmetic(int columns, int count, int stride)
    {
        var random = new RandomStream(4, RandomPurpose.Subset, (ulong)columns);
        ulong[] words = new ulong[columns * stride];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = i == 0 ? ulong.MaxValue : i == stride ? 0 : random.NextUInt64();
        }

        // The last word is half full.
        double[] y = [.. Enumerable.Range(0, count * 64 * Lanes).Select(
            i => i / Lanes < (count * 64) - 29 ? Math.Sin(i) * Math.Pow(10, i % 7) : 0)];
        double[] expected = Compute<DoubleScalar, double>(words, stride, columns, count, y);
        for (int column = 0; column < columns; column++)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                double sum = column;
                double size = 0;
                for (int row = 0; row < count * 64; row++)
                {
                    double value = ((words[(column * stride) + (row / 64)] >> (row % 64)) & 1) * y[(row * Lanes) + lane];
                    sum += value;
                    size += Math.Abs(value);
                }

                Assert.Equal(sum, expected[(column * Lanes) + lane], 1e-14 * (size + column));
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            Assert.Equal(expected, Compute<Double128, Vector128<double>>(words, stride, columns, count, y));
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Assert.Equal(expected, Compute<Double256, Vector256<double>>(words, stride, columns, count, y));
        }

        if (Vector512.IsHardwareAccelerated)
        {
            Assert.Equal(expected, Compute<Double512, Vector512<double>>(words, stride, columns, count, y));
        }
    }

    // Added to products that are the numbers of their columns.
    private static double[] Compute<TLanes, TVector>(ulong[] words, int stride, int columns, int count, double[] y)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        double[] products = [.. Enumerable.Range(0, columns * Lanes).Select(i => (double)(i / Lanes))];
        double[] tables = new double[ColumnSums<TLanes, TVector>.TableNumbers];
        fixed (ulong* word = words)
        fixed (double* value = y, table = tables, product = products)
        {
            for (int i = 0; i < count; i++)
            {
                ColumnSums<TLanes, TVector>.Fill(value + (i * 64 * Lanes), table);
                ColumnSums<TLanes, TVector>.Add(word + i, stride, columns, table, product);
            }
        }

        return products;
    }
}
