using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Datamodels.Kernels;

/// <summary>
/// Counts, for all pairs of some bit strings with some others, the positions at which both have a one: a tile of the Gram
/// matrix of 0/1 columns. Every path is exact, so all give the same numbers.
/// </summary>
internal static unsafe class PairCounts
{
    /// <summary>Strings come in groups of this many, left and right.</summary>
    public const int Group = 4;

    /// <summary>Most words of a string in one call: the vector paths count in bytes.</summary>
    public const int MostWords = 1984;

    /// <summary>Adds the number of ones that left string j and right string k share to counts[j, k].</summary>
    /// <param name="left">The first word of the first left string, best on a cache line.</param>
    /// <param name="leftCount">Left strings, a multiple of <see cref="Group"/>.</param>
    /// <param name="right">The first word of the first right string, best on a cache line.</param>
    /// <param name="rightCount">Right strings, a multiple of <see cref="Group"/>.</param>
    /// <param name="stride">Words from one string to the next.</param>
    /// <param name="words">Words of a string, a multiple of 8, at most <see cref="MostWords"/>.</param>
    /// <param name="counts">The sums, row-major, <c>[leftCount, rightCount]</c>.</param>
    /// <param name="countStride">Numbers from one row of <paramref name="counts"/> to the next.</param>
    public static void Add(
        ulong* left, int leftCount, ulong* right, int rightCount, nint stride, int words, int* counts, nint countStride)
    {
        if (Avx512BW.IsSupported)
        {
            Add<Bits512, Vector512<ulong>>(left, leftCount, right, rightCount, stride, words, counts, countStride);
        }
        else if (Avx2.IsSupported)
        {
            Add<Bits256, Vector256<ulong>>(left, leftCount, right, rightCount, stride, words, counts, countStride);
        }
        else
        {
            AddScalar(left, leftCount, right, rightCount, stride, words, counts, countStride);
        }
    }

    /// <summary>With vectors; four left strings stay in the first-level cache for all of the right ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add<TBits, TVector>(
        ulong* left, int leftCount, ulong* right, int rightCount, nint stride, int words, int* counts, nint countStride)
        where TBits : struct, IBits<TVector>
        where TVector : unmanaged
    {
        var counter = new CarrySaveCounts<TBits, TVector>.State();
        for (int j = 0; j < leftCount; j += Group)
        {
            for (int k = 0; k < rightCount; k += 2)
            {
                for (int i = j; i < j + Group; i += 2)
                {
                    CarrySaveCounts<TBits, TVector>.AddFour(
                        left + (i * stride), right + (k * stride), stride, words, counts + (i * countStride) + k, countStride,
                        &counter);
                }
            }
        }
    }

    /// <summary>The twin of the vector paths: one word of one pair at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScalar(
        ulong* left, int leftCount, ulong* right, int rightCount, nint stride, int words, int* counts, nint countStride)
    {
        for (int j = 0; j < leftCount; j++)
        {
            for (int k = 0; k < rightCount; k++)
            {
                ulong* x = left + (j * stride);
                ulong* y = right + (k * stride);
                int count = 0;
                for (int i = 0; i < words; i++)
                {
                    count += BitOperations.PopCount(x[i] & y[i]);
                }

                counts[(j * countStride) + k] += count;
            }
        }
    }
}
