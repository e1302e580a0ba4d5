using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>
/// C = s + A B for row-major B and C, any strides of A and a row s that each row of C begins with: the one product
/// behind the forward pass (A the activations), the weight gradients (A the activations transposed, by its strides) and the
/// gradients of activations (A the deltas).
/// </summary>
/// <remarks>
/// C is cut into blocks of RowBlock rows by two vectors, which stay in registers while the depth is walked: each step
/// loads two vectors of B and broadcasts one number of A per row. Rows that do not fill a block go one at a time. Each
/// element of C is one chain of fused multiply-adds in the order of depth, so blocking and vector width do not change its
/// bits. Compiled at full optimisation at once, as the other kernels are: a vector operation that is a call, as in code
/// that the runtime has not warmed up yet, costs a hundred times as much.
/// </remarks>
internal static unsafe class MatrixProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Hands C to the epilogue, vector by vector.</summary>
    /// <param name="a">A, <c>[rows, depth]</c>: element (i, p) is at <c>a[i * aRow + p * aStep]</c>.</param>
    /// <param name="aRow">Floats from one row of A to the next.</param>
    /// <param name="aStep">Floats from one column of A to the next.</param>
    /// <param name="b">B, <c>[depth, columns]</c>, readable up to a whole vector.</param>
    /// <param name="bRow">Floats from one row of B to the next.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C; rounded up to whole vectors.</param>
    /// <param name="start">s, <c>[columns]</c>, readable up to a whole vector; null for zeros.</param>
    /// <param name="epilogue">Takes the product.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TEpilogue>(
        float* a, nint aRow, nint aStep, float* b, nint bRow, int rows, int depth, int columns, float* start,
        ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TVector>
    {
        int width = TSimd.Width;
        int column = 0;
        for (; column + width < columns; column += 2 * width)
        {
            TVector s0 = StartAt(start, column);
            TVector s1 = StartAt(start, column + width);
            int row = 0;
            if (TSimd.RowBlock == 8)
            {
                for (; row + 8 <= rows; row += 8)
                {
                    EightByTwo(a + row * aRow, aRow, aStep, b + column, bRow, depth, s0, s1, row, column, ref epilogue);
                }
            }

            for (; row + 4 <= rows; row += 4)
            {
                FourByTwo(a + row * aRow, aRow, aStep, b + column, bRow, depth, s0, s1, row, column, ref epilogue);
            }

            for (; row < rows; row++)
            {
                OneByOne(a + row * aRow, aStep, b + column, bRow, depth, s0, row, column, ref epilogue);
                OneByOne(a + row * aRow, aStep, b + column + width, bRow, depth, s1, row, column + width, ref epilogue);
            }
        }

        if (column < columns)
        {
            TVector s0 = StartAt(start, column);
            int row = 0;
            for (; row + 8 <= rows; row += 8)
            {
                EightByOne(a + row * aRow, aRow, aStep, b + column, bRow, depth, s0, row, column, ref epilogue);
            }

            for (; row < rows; row++)
            {
                OneByOne(a + row * aRow, aStep, b + column, bRow, depth, s0, row, column, ref epilogue);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector StartAt(float* start, int column) => start == null ? default : TSimd.Load(start + column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByTwo<TEpilogue>(
        float* a, nint aRow, nint aStep, float* b, nint bRow, int depth, TVector s0, TVector s1, int row, int column,
        ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TVector>
    {
        nint row2 = 2 * aRow, row3 = 3 * aRow, row4 = 4 * aRow, row5 = 5 * aRow, row6 = 6 * aRow, row7 = 7 * aRow;
        TVector c00 = s0, c01 = s1, c10 = s0, c11 = s1, c20 = s0, c21 = s1;
        TVector c30 = s0, c31 = s1, c40 = s0, c41 = s1, c50 = s0, c51 = s1;
        TVector c60 = s0, c61 = s1, c70 = s0, c71 = s1;
        for (int p = 0; p < depth; p++)
        {
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Width);
            TVector x = TSimd.Broadcast(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Broadcast(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Broadcast(a[row2]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Broadcast(a[row3]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
            x = TSimd.Broadcast(a[row4]);
            c40 = TSimd.MultiplyAdd(x, b0, c40);
            c41 = TSimd.MultiplyAdd(x, b1, c41);
            x = TSimd.Broadcast(a[row5]);
            c50 = TSimd.MultiplyAdd(x, b0, c50);
            c51 = TSimd.MultiplyAdd(x, b1, c51);
            x = TSimd.Broadcast(a[row6]);
            c60 = TSimd.MultiplyAdd(x, b0, c60);
            c61 = TSimd.MultiplyAdd(x, b1, c61);
            x = TSimd.Broadcast(a[row7]);
            c70 = TSimd.MultiplyAdd(x, b0, c70);
            c71 = TSimd.MultiplyAdd(x, b1, c71);
            a += aStep;
            b += bRow;
        }

        int next = column + TSimd.Width;
        epilogue.Apply(c00, row, column);
        epilogue.Apply(c01, row, next);
        epilogue.Apply(c10, row + 1, column);
        epilogue.Apply(c11, row + 1, next);
        epilogue.Apply(c20, row + 2, column);
        epilogue.Apply(c21, row + 2, next);
        epilogue.Apply(c30, row + 3, column);
        epilogue.Apply(c31, row + 3, next);
        epilogue.Apply(c40, row + 4, column);
        epilogue.Apply(c41, row + 4, next);
        epilogue.Apply(c50, row + 5, column);
        epilogue.Apply(c51, row + 5, next);
        epilogue.Apply(c60, row + 6, column);
        epilogue.Apply(c61, row + 6, next);
        epilogue.Apply(c70, row + 7, column);
        epilogue.Apply(c71, row + 7, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByTwo<TEpilogue>(
        float* a, nint aRow, nint aStep, float* b, nint bRow, int depth, TVector s0, TVector s1, int row, int column,
        ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TVector>
    {
        nint row2 = 2 * aRow, row3 = 3 * aRow;
        TVector c00 = s0, c01 = s1, c10 = s0, c11 = s1;
        TVector c20 = s0, c21 = s1, c30 = s0, c31 = s1;
        for (int p = 0; p < depth; p++)
        {
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Width);
            TVector x = TSimd.Broadcast(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Broadcast(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Broadcast(a[row2]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Broadcast(a[row3]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
            a += aStep;
            b += bRow;
        }

        int next = column + TSimd.Width;
        epilogue.Apply(c00, row, column);
        epilogue.Apply(c01, row, next);
        epilogue.Apply(c10, row + 1, column);
        epilogue.Apply(c11, row + 1, next);
        epilogue.Apply(c20, row + 2, column);
        epilogue.Apply(c21, row + 2, next);
        epilogue.Apply(c30, row + 3, column);
        epilogue.Apply(c31, row + 3, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByOne<TEpilogue>(
        float* a, nint aRow, nint aStep, float* b, nint bRow, int depth, TVector s0, int row, int column,
        ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TVector>
    {
        nint row2 = 2 * aRow, row3 = 3 * aRow, row4 = 4 * aRow, row5 = 5 * aRow, row6 = 6 * aRow, row7 = 7 * aRow;
        TVector c0 = s0, c1 = s0, c2 = s0, c3 = s0, c4 = s0, c5 = s0, c6 = s0, c7 = s0;
        for (int p = 0; p < depth; p++)
        {
            TVector b0 = TSimd.Load(b);
            c0 = TSimd.MultiplyAdd(TSimd.Broadcast(a[0]), b0, c0);
            c1 = TSimd.MultiplyAdd(TSimd.Broadcast(a[aRow]), b0, c1);
            c2 = TSimd.MultiplyAdd(TSimd.Broadcast(a[row2]), b0, c2);
            c3 = TSimd.MultiplyAdd(TSimd.Broadcast(a[row3]), b0, c3);
            c4 = TSimd.MultiplyAdd(TSimd.Broadcast(a[row4]), b0, c4);
            c5 = TSimd.MultiplyAdd(TSimd.Broadcast(a[row5]), b0, c5);
            c6 = TSimd.MultiplyAdd(TSimd.Broadcast(a[row6]), b0, c6);
            c7 = TSimd.MultiplyAdd(TSimd.Broadcast(a[row7]), b0, c7);
            a += aStep;
            b += bRow;
        }

        epilogue.Apply(c0, row, column);
        epilogue.Apply(c1, row + 1, column);
        epilogue.Apply(c2, row + 2, column);
        epilogue.Apply(c3, row + 3, column);
        epilogue.Apply(c4, row + 4, column);
        epilogue.Apply(c5, row + 5, column);
        epilogue.Apply(c6, row + 6, column);
        epilogue.Apply(c7, row + 7, column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneByOne<TEpilogue>(
        float* a, nint aStep, float* b, nint bRow, int depth, TVector s0, int row, int column,
        ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TVector>
    {
        TVector c = s0;
        for (int p = 0; p < depth; p++)
        {
            c = TSimd.MultiplyAdd(TSimd.Broadcast(*a), TSimd.Load(b), c);
            a += aStep;
            b += bRow;
        }

        epilogue.Apply(c, row, column);
    }
}
