using Datamodels.IO;
using Xunit;

namespace Datamodels.Tests.IO;

public sealed class NpyNumbersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_is_read_exactly_and_so_is_what_is_not_finite()
    {
        Check(NpyType.Half, [(Half)1.5, Half.PositiveInfinity, Half.NaN, Half.Epsilon, -Half.MaxValue, (Half)0.1]);
        Check(NpyType.Single, [1.5f, float.PositiveInfinity, float.NaN, float.Epsilon, -float.MaxValue, 0.1f]);
        Check(NpyType.Double, [1.5, double.PositiveInfinity, double.NaN, double.Epsilon, -double.MaxValue, 0.1]);

        void Check<T>(NpyType type, T[] values)
            where T : unmanaged, System.Numerics.INumber<T>
        {
            using NpyFile file = NpyFile.Create(_folder.File($"{type}.npy"), new NpyHeader(type, [2, 3]));
            file.Write<T>(0, values);
            double[] expected = Array.ConvertAll(values, double.CreateChecked);
            Assert.Equal(expected, Read(file, 0, 2, 0, 3));
            Assert.Equal([expected[4], expected[5]], Read(file, 1, 1, 1, 2));
        }
    }

    // Rows within a block, rows that are blocks of their own, and rows of which a piece is read by itself.
    [Theory]
    [InlineData(2000, 10)]
    [InlineData(10, 30_000)]
    [InlineData(3, 300_000)]
    public void Any_part_of_a_large_file_is_read(int rows, int columns)
    {
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(i => (float)i)];
        using NpyFile file = NpyFile.Create(_folder.File("large.npy"), new NpyHeader(NpyType.Single, [rows, columns]));
        file.Write<float>(0, values);
        foreach ((int firstColumn, int columnCount) in new[] { (0, columns), (3, 2), (1, columns - 1), (columns - 1, 1) })
        {
            Assert.Equal(
                from row in Enumerable.Range(1, rows - 1)
                from column in Enumerable.Range(firstColumn, columnCount)
                select (double)values[(row * columns) + column],
                Read(file, 1, rows - 1, firstColumn, columnCount));
        }
    }

    [Fact]
    public void What_is_not_in_the_array_is_refused()
    {
        using NpyFile file = NpyFile.Create(_folder.File("small.npy"), new NpyHeader(NpyType.Single, [4, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(file, 0, 1, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(file, 0, 1, -1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(file, 3, 2, 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(file, 3, 2, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadColumns(0, 1, 0, 2, new float[3].AsSpan()));
    }

    private static double[] Read(NpyFile file, int firstRow, int rowCount, int firstColumn, int columnCount)
    {
        double[] numbers = new double[rowCount * columnCount];
        NpyNumbers.Read(file, firstRow, rowCount, firstColumn, columnCount, numbers);
        return numbers;
    }
}
