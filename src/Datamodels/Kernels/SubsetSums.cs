using System.Numerics;
using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>How <see cref="SubsetSums{TSimd, TVector}"/> takes the columns.</summary>
internal static class SubsetSums
{
    /// <summary>Columns in a group: a byte of a word.</summary>
    public const int GroupColumns = 6;

    /// <summary>Groups taken at once: their tables fill two thirds of a first-level cache of 48 KB.</summary>
    public const int Groups = 8;

    /// <summary>Columns that a word holds.</summary>
    public const int WordColumns = Groups * GroupColumns;

    /// <summary>Subsets of a group's columns.</summary>
    public const int Subsets = 1 << GroupColumns;

    /// <summary>Floats of the tables for the widest vector.</summary>
    public const int TableFloats = Groups * Subsets * KernelLayout.Alignment;
}

/// <summary>
/// X W for a matrix X of zeros and ones and weights with one problem in each lane. The columns are taken in groups of six: the
/// 64 possible sums of a group's weights are made once and looked up by each row's six bits ("method of the four Russians"),
/// six times fewer additions than there are columns.
/// </summary>
internal static unsafe class SubsetSums<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>sums += X W for one vector of lanes.</summary>
    /// <param name="bits">
    /// Bits of each row in 48 columns, six in each byte of a word, <c>[words, rows]</c>.
    /// </param>
    /// <param name="words">Words: columns / 48, rounded up.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="weights">W, <c>[48 words, lanes]</c>.</param>
    /// <param name="lanes">Floats from one row of W to the next.</param>
    /// <param name="sums">Added to, <c>[rows, Width]</c>.</param>
    /// <param name="tables">Room for <see cref="SubsetSums.TableFloats"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ulong* bits, int words, int rows, float* weights, int lanes, float* sums, float* tables)
    {
        nint table = SubsetSums.Subsets * TSimd.Width;
        for (int word = 0; word < words; word++)
        {
            bool empty = true;
            for (int group = 0; group < SubsetSums.Groups; group++)
            {
                nint column = ((nint)word * SubsetSums.Groups + group) * SubsetSums.GroupColumns;
                empty &= Fill(weights + column * lanes, lanes, tables + group * table);
            }

            if (empty)
            {
                continue;
            }

            // A byte, shifted so that it counts in vectors of the table.
            int shift = BitOperations.Log2((uint)TSimd.Width);
            ulong mask = (SubsetSums.Subsets - 1UL) << shift;
            ulong* subsets = bits + (nint)word * rows;
            float* sum = sums;
            for (nint row = 0; row < rows; row++)
            {
                ulong subset = subsets[row];
                TVector a = TSimd.Load(tables + ((subset << shift) & mask));
                a = TSimd.Add(a, TSimd.Load(tables + table + ((subset >> (8 - shift)) & mask)));
                TVector b = TSimd.Load(tables + 2 * table + ((subset >> (16 - shift)) & mask));
                b = TSimd.Add(b, TSimd.Load(tables + 3 * table + ((subset >> (24 - shift)) & mask)));
                TVector c = TSimd.Load(tables + 4 * table + ((subset >> (32 - shift)) & mask));
                c = TSimd.Add(c, TSimd.Load(tables + 5 * table + ((subset >> (40 - shift)) & mask)));
                TVector d = TSimd.Load(tables + 6 * table + ((subset >> (48 - shift)) & mask));
                d = TSimd.Add(d, TSimd.Load(tables + 7 * table + ((subset >> (56 - shift)) & mask)));
                TSimd.Store(TSimd.Add(TSimd.Load(sum), TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d))), sum);
                sum += TSimd.Width;
            }
        }
    }

    /// <summary>totals = sums over the rows of (margins + means - predictions)^2 for one vector of lanes.</summary>
    /// <param name="margins"><c>[rows, lanes]</c>.</param>
    /// <param name="lanes">Floats from one row of the margins to the next.</param>
    /// <param name="predictions"><c>[rows, Width]</c>.</param>
    /// <param name="means"><c>[Width]</c>.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="totals">Takes the sums, <c>[Width]</c>: blocks of rows in float32, sums of blocks in float64.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SquaredErrors(float* margins, nint lanes, float* predictions, float* means, int rows, double* totals)
    {
        const int Block = 64;
        float* sums = stackalloc float[KernelLayout.Alignment];
        TVector mean = TSimd.Load(means);
        new Span<double>(totals, TSimd.Width).Clear();
        for (int first = 0; first < rows; first += Block)
        {
            TVector sum = TSimd.Broadcast(0);
            int end = Math.Min(first + Block, rows);
            for (nint row = first; row < end; row++)
            {
                TVector error = TSimd.Subtract(
                    TSimd.Add(TSimd.Load(margins + row * lanes), mean), TSimd.Load(predictions + row * TSimd.Width));
                sum = TSimd.MultiplyAdd(error, error, sum);
            }

            TSimd.Store(sum, sums);
            for (int lane = 0; lane < TSimd.Width; lane++)
            {
                totals[lane] += sums[lane];
            }
        }
    }

    // The sum of every subset of six weights; returns whether all of them are 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fill(float* weights, nint lanes, float* table)
    {
        bool empty = true;
        TSimd.Store(TSimd.Broadcast(0), table);
        for (int bit = 0; bit < SubsetSums.GroupColumns; bit++)
        {
            TVector weight = TSimd.Load(weights + bit * lanes);
            empty &= TSimd.IsZero(weight);
            float* without = table;
            float* with = table + (TSimd.Width << bit);
            for (int subset = 0; subset < 1 << bit; subset++)
            {
                TSimd.Store(TSimd.Add(TSimd.Load(without), weight), with);
                without += TSimd.Width;
                with += TSimd.Width;
            }
        }

        return empty;
    }
}
