using System.Runtime.Intrinsics;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public unsafe class MatrixProductTests
{
    // Rows around the blocks of 4 and 8, columns around one and two vectors of 4, 8 and 16, depths from nothing up.
    public static TheoryData<int, int, int> Sizes()
    {
        var sizes = new TheoryData<int, int, int>();
        foreach (int rows in new[] { 1, 3, 4, 7, 8, 9, 15, 33 })
        {
            foreach (int columns in new[] { 1, 4, 5, 8, 10, 15, 16, 17, 31, 32, 33, 48, 50 })
            {
                sizes.Add(rows, columns, 1 + (rows * columns % 19));
            }
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_width_gives_the_bits_of_the_scalar_twin_and_the_value_of_the_definition(int rows, int columns, int depth)
    {
        foreach (bool transposed in new[] { false, true })
        {
            float[] a = Numbers(rows * depth, 1);
            int stride = KernelLayout.Pad(columns);
            float[] b = Numbers(depth * stride, 2);
            float[]? start = rows % 2 == 0 ? null : Numbers(stride, 3);
            float[] scalar = Product<SimdScalar, float>(a, b, start, rows, depth, columns, transposed);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double expected = start is null ? 0 : start[j];
                    double size = Math.Abs(expected);
                    for (int p = 0; p < depth; p++)
                    {
                        double term = (double)(transposed ? a[p * rows + i] : a[i * depth + p]) * b[p * stride + j];
                        expected += term;
                        size += Math.Abs(term);
                    }

                    Assert.InRange(scalar[i * stride + j], expected - 1e-6 * size - 1e-30, expected + 1e-6 * size + 1e-30);
                }
            }

            AssertSameColumns(
                scalar, Product<Simd128, Vector128<float>>(a, b, start, rows, depth, columns, transposed), rows, columns);
            AssertSameColumns(
                scalar, Product<Simd256, Vector256<float>>(a, b, start, rows, depth, columns, transposed), rows, columns);
            AssertSameColumns(
                scalar, Product<Simd512, Vector512<float>>(a, b, start, rows, depth, columns, transposed), rows, columns);
        }
    }

    private static float[] Product<TSimd, TVector>(
        float[] a, float[] b, float[]? start, int rows, int depth, int columns, bool transposed)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int stride = KernelLayout.Pad(columns);
        float[] c = new float[rows * stride];
        fixed (float* pa = a, pb = b, pc = c, ps = start)
        {
            var store = new StoreProduct<TSimd, TVector>(pc, stride);
            MatrixProduct<TSimd, TVector>.Multiply(
                pa, transposed ? 1 : depth, transposed ? rows : 1, pb, stride, rows, depth, columns, ps,
                ref store);
        }

        return c;
    }

    private static void AssertSameColumns(float[] expected, float[] actual, int rows, int columns)
    {
        int stride = KernelLayout.Pad(columns);
        for (int i = 0; i < rows; i++)
        {
            Assert.Equal(expected.AsSpan(i * stride, columns), actual.AsSpan(i * stride, columns));
        }
    }

    private static float[] Numbers(int count, ulong seed)
    {
        var random = new RandomStream(seed, RandomPurpose.Initialization, 0);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = random.NextSingle() - 0.5f;
        }

        return numbers;
    }
}
