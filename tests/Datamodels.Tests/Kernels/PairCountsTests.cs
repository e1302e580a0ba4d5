using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public unsafe class PairCountsTests
{
    private const int Left = 8;
    private const int Right = 12;
    private const int CountStride = Right + 3;

    // All remainders of a round of sixteen vectors, of either width, and the longest.
    public static TheoryData<int> Words =>
        [.. Enumerable.Range(0, 36).Select(line => 8 * line), 64 * 8, 100 * 8, PairCounts.MostWords];

    private delegate void Adder(
        ulong* left, int leftCount, ulong* right, int rightCount, nint stride, int words, int* counts, nint countStride);

    [Theory]
    [MemberData(nameof(Words))]
    public void Every_path_adds_the_ones_both_have(int words)
    {
        var random = new RandomStream(5, RandomPurpose.Subset, (ulong)words);
        ulong[] left = Fill(Left, words + 8, ref random);
        ulong[] right = Fill(Right, words + 8, ref random);
        int[] expected = new int[Left * CountStride];
        expected.AsSpan().Fill(1000);
        for (int j = 0; j < Left; j++)
        {
            for (int k = 0; k < Right; k++)
            {
                for (int i = 0; i < words; i++)
                {
                    expected[(j * CountStride) + k] +=
                        BitOperations.PopCount(left[(j * (words + 8)) + i] & right[(k * (words + 8)) + i]);
                }
            }
        }

        AssertAllAdd(expected, left, right, words);
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void All_ones_give_the_number_of_bits(int words)
    {
        ulong[] left = new ulong[Left * (words + 8)];
        ulong[] right = new ulong[Right * (words + 8)];
        left.AsSpan().Fill(ulong.MaxValue);
        right.AsSpan().Fill(ulong.MaxValue);
        int[] expected = [.. Enumerable.Range(0, Left * CountStride).Select(
            i => i % CountStride < Right ? 1000 + (64 * words) : 1000)];
        AssertAllAdd(expected, left, right, words);
    }

    private static void AssertAllAdd(int[] expected, ulong[] left, ulong[] right, int words)
    {
        Assert.Equal(expected, Run(PairCounts.Add, left, right, words));
        Assert.Equal(expected, Run(PairCounts.AddScalar, left, right, words));
        if (Avx2.IsSupported)
        {
            Assert.Equal(expected, Run(PairCounts.Add<Bits256, Vector256<ulong>>, left, right, words));
        }

        if (Avx512BW.IsSupported)
        {
            Assert.Equal(expected, Run(PairCounts.Add<Bits512, Vector512<ulong>>, left, right, words));
        }
    }

    private static int[] Run(Adder add, ulong[] left, ulong[] right, int words)
    {
        int[] counts = new int[Left * CountStride];
        counts.AsSpan().Fill(1000);
        fixed (ulong* leftWords = left, rightWords = right)
        fixed (int* sums = counts)
        {
            add(leftWords, Left, rightWords, Right, words + 8, words, sums, CountStride);
        }

        return counts;
    }

    private static ulong[] Fill(int strings, int stride, ref RandomStream random)
    {
        ulong[] words = new ulong[strings * stride];
        foreach (ref ulong word in words.AsSpan())
        {
            word = random.NextUInt64();
        }

        // One string of each is empty, one full.
        words.AsSpan(stride, stride).Clear();
        words.AsSpan(2 * stride, stride).Fill(ulong.MaxValue);
        return words;
    }
}
