using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public unsafe class TransposeTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(5, 3)]
    [InlineData(16, 10)]
    [InlineData(31, 33)]
    public void Rows_become_columns(int rows, int columns)
    {
        int stride = KernelLayout.Pad(columns);
        int across = KernelLayout.Pad(rows);
        float[] source = [.. Enumerable.Range(0, across * stride).Select(i => (float)i)];
        float[] target = new float[stride * across];
        fixed (float* from = source, to = target)
        {
            Transpose.Copy(from, stride, to, across, rows, columns);
        }

        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                Assert.Equal(source[i * stride + j], target[j * across + i]);
            }
        }
    }
}
