using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>
/// X'y for a matrix X of zeros and ones with packed columns and several y, one in each lane. The rows are taken in groups of
/// four: the 16 possible sums of a group are made once and looked up by each column's four bits ("method of the four
/// Russians"), a fourth of the additions of going row by row.
/// </summary>
internal static unsafe class ColumnSums<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, double>
    where TVector : unmanaged
{
    /// <summary>Lanes.</summary>
    public const int Lanes = 8;

    /// <summary>Numbers in the tables of the 64 rows of a word.</summary>
    public const int TableNumbers = Groups * Subsets * Lanes;

    private const int GroupRows = 4;
    private const int Groups = 64 / GroupRows;
    private const int Subsets = 1 << GroupRows;

    /// <summary>Makes the tables of 64 rows.</summary>
    /// <param name="y"><c>[64, Lanes]</c>.</param>
    /// <param name="tables">Takes them, <see cref="TableNumbers"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(double* y, double* tables)
    {
        for (int lane = 0; lane < Lanes; lane += TLanes.Width)
        {
            for (int group = 0; group < Groups; group++)
            {
                double* table = tables + group * Subsets * Lanes + lane;
                TLanes.Store(default, table);
                for (int bit = 0; bit < GroupRows; bit++)
                {
                    TVector value = TLanes.Load(y + (group * GroupRows + bit) * Lanes + lane);
                    for (int subset = 0; subset < 1 << bit; subset++)
                    {
                        TLanes.Store(
                            TLanes.Add(TLanes.Load(table + subset * Lanes), value), table + (subset + (1 << bit)) * Lanes);
                    }
                }
            }
        }
    }

    /// <summary>Adds 64 rows to the products of some columns.</summary>
    /// <param name="words">The word of the first column that has the rows.</param>
    /// <param name="stride">Words from one column to the next.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="tables">The tables of the rows.</param>
    /// <param name="products">Added to, <c>[columns, Lanes]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ulong* words, nint stride, int columns, double* tables, double* products)
    {
        for (int column = 0; column < columns; column++)
        {
            ulong bits = words[column * stride];
            for (int lane = 0; lane < Lanes; lane += TLanes.Width)
            {
                double* table = tables + lane;
                TVector sum = Eight(table, bits);
                sum = TLanes.Add(sum, Eight(table + Groups / 2 * Subsets * Lanes, bits >> 32));
                double* product = products + column * Lanes + lane;
                TLanes.Store(TLanes.Add(TLanes.Load(product), sum), product);
            }
        }
    }

    // Eight groups, the lower half of a word.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Eight(double* table, ulong bits)
    {
        const int Table = Subsets * Lanes;
        TVector a = TLanes.Add(Entry(table, bits), Entry(table + Table, bits >> 4));
        TVector b = TLanes.Add(Entry(table + 2 * Table, bits >> 8), Entry(table + 3 * Table, bits >> 12));
        TVector c = TLanes.Add(Entry(table + 4 * Table, bits >> 16), Entry(table + 5 * Table, bits >> 20));
        TVector d = TLanes.Add(Entry(table + 6 * Table, bits >> 24), Entry(table + 7 * Table, bits >> 28));
        return TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Entry(double* table, ulong bits) => TLanes.Load(table + (nint)(bits & (Subsets - 1)) * Lanes);
}
