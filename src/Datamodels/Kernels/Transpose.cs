using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Datamodels.Kernels;

/// <summary>Writes a matrix with rows and columns exchanged.</summary>
internal static unsafe class Transpose
{
    /// <summary><c>target[column, row] = source[row, column]</c>.</summary>
    /// <param name="source">Row-major, <c>[rows, sourceRow]</c>.</param>
    /// <param name="sourceRow">Floats from row to row of the source.</param>
    /// <param name="target">Row-major, <c>[columns, targetRow]</c>.</param>
    /// <param name="targetRow">Floats from row to row of the target.</param>
    /// <param name="rows">Rows to take.</param>
    /// <param name="columns">Columns to take.</param>
    /// <remarks>
    /// Both numbers are rounded up to whole blocks of 4 by 4: the source must be readable and the target writable so far.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, nint sourceRow, float* target, nint targetRow, int rows, int columns)
    {
        for (int row = 0; row < rows; row += 4)
        {
            for (int column = 0; column < columns; column += 4)
            {
                Block(source + row * sourceRow + column, sourceRow, target + column * targetRow + row, targetRow);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* source, nint sourceRow, float* target, nint targetRow)
    {
        if (!Sse.IsSupported)
        {
            for (int i = 0; i < 16; i++)
            {
                target[(i & 3) * targetRow + (i >> 2)] = source[(i >> 2) * sourceRow + (i & 3)];
            }

            return;
        }

        Vector128<float> r0 = Vector128.Load(source);
        Vector128<float> r1 = Vector128.Load(source + sourceRow);
        Vector128<float> r2 = Vector128.Load(source + 2 * sourceRow);
        Vector128<float> r3 = Vector128.Load(source + 3 * sourceRow);
        Vector128<float> low01 = Sse.UnpackLow(r0, r1);
        Vector128<float> low23 = Sse.UnpackLow(r2, r3);
        Vector128<float> high01 = Sse.UnpackHigh(r0, r1);
        Vector128<float> high23 = Sse.UnpackHigh(r2, r3);
        Vector128.Store(Sse.MoveLowToHigh(low01, low23), target);
        Vector128.Store(Sse.MoveHighToLow(low23, low01), target + targetRow);
        Vector128.Store(Sse.MoveLowToHigh(high01, high23), target + 2 * targetRow);
        Vector128.Store(Sse.MoveHighToLow(high23, high01), target + 3 * targetRow);
    }
}
