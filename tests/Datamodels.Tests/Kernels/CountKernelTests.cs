using System.Runtime.Intrinsics.X86;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public class CountKernelTests
{
    public static TheoryData<int> Lengths => [0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_path_adds_a_scaled_row_to_the_same_bits(int length)
    {
        (double[] sum, int[] counts) = Numbers(length, 0);
        double[] expected = (double[])sum.Clone();
        ScaledCounts.AddScalar(expected, -0.37, counts);
        double[] actual = (double[])sum.Clone();
        ScaledCounts.Add(actual, -0.37, counts);
        Assert.Equal(expected, actual);
        if (Avx512F.IsSupported)
        {
            double[] vector = (double[])sum.Clone();
            int done = (int)ScaledCounts.AddAvx512(vector, -0.37, counts);
            Assert.Equal(length / 8 * 8, done);
            Assert.Equal(expected[..done], vector[..done]);
        }

        if (Fma.IsSupported)
        {
            double[] vector = (double[])sum.Clone();
            int done = (int)ScaledCounts.AddAvx(vector, -0.37, counts);
            Assert.Equal(length / 4 * 4, done);
            Assert.Equal(expected[..done], vector[..done]);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Four_rows_at_once_are_four_rows_in_turn(int length)
    {
        double[] scales = [0.1, -2.5, 3.75, -0.001];
        (double[] expected, _) = Numbers(length, 0);
        double[] actual = (double[])expected.Clone();
        int[][] rows = [.. Enumerable.Range(1, 4).Select(seed => Numbers(length, seed).Counts)];
        for (int i = 0; i < 4; i++)
        {
            ScaledCounts.AddScalar(expected, scales[i], rows[i]);
        }

        ScaledCounts.AddFour(actual, scales, rows[0], rows[1], rows[2], rows[3]);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_path_gives_the_bits_of_the_scalar_dot_product(int length)
    {
        (double[] weights, int[] counts) = Numbers(length, 0);
        double expected = CountDot.DotScalar(weights, counts);
        Assert.Equal(weights.Zip(counts, (w, c) => w * c).Sum(), expected, 1e-6);
        Assert.Equal(expected, CountDot.Dot(weights, counts));
        if (Avx512F.IsSupported)
        {
            Assert.Equal(expected, CountDot.DotAvx512(weights, counts));
        }

        if (Fma.IsSupported)
        {
            Assert.Equal(expected, CountDot.DotAvx(weights, counts));
        }
    }

    private static (double[] Values, int[] Counts) Numbers(int length, int seed)
    {
        var random = new RandomStream((ulong)seed, RandomPurpose.Subset, (ulong)length);
        double[] values = new double[length];
        int[] counts = new int[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = random.NextSingle() - 0.5;
            counts[i] = random.NextBelow(300_000) - 1000;
        }

        return (values, counts);
    }
}
