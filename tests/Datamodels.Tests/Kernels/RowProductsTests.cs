using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public unsafe class RowProductsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 17, 5)]
    [InlineData(9, 512, 16)]
    [InlineData(8, 513, 17)]
    [InlineData(21, 1300, 35)]
    public void They_add_the_product_to_what_is_there(int rows, int depth, int columns)
    {
        int across = KernelLayout.Pad(columns);
        using var a = new NativeFloats((nint)rows * depth);
        using var b = new NativeFloats((nint)depth * across);
        using var bRows = new NativeFloats(((nint)(columns + 3) * depth) + 4);
        using var product = new NativeFloats((nint)rows * across);
        using var inner = new NativeFloats((nint)rows * across);
        for (int i = 0; i < rows * depth; i++)
        {
            a.Data[i] = MathF.Sin(i);
        }

        for (int p = 0; p < depth; p++)
        {
            for (int j = 0; j < columns; j++)
            {
                b.Data[(p * across) + j] = bRows.Data[(j * depth) + p] = MathF.Cos((p * 31) + j);
            }
        }

        new Span<float>(product.Data, rows * across).Fill(2);
        new Span<float>(inner.Data, rows * across).Fill(2);
        RowProducts.Add(a.Data, depth, 1, b.Data, across, product.Data, across, rows, depth, columns);
        RowProducts.AddInner(a.Data, depth, bRows.Data, depth, inner.Data, across, rows, depth, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double expected = 2;
                for (int p = 0; p < depth; p++)
                {
                    expected += (double)a.Data[(i * depth) + p] * b.Data[(p * across) + j];
                }

                Assert.Equal(expected, product.Data[(i * across) + j], 1e-3);
                Assert.Equal(product.Data[(i * across) + j], inner.Data[(i * across) + j]);
            }
        }
    }
}
