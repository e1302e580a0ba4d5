using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Datamodels.Kernels;

/// <summary>
/// C += A B for matrices that lie in rows, of any size: <see cref="MatrixProduct{TSimd, TVector}"/> over blocks of the depth,
/// each short enough that what is read of B stays in a near cache. The bits do not depend on the vector width.
/// </summary>
internal static unsafe class RowProducts
{
    /// <summary>Depth of a block; part of the result, since each block is summed by itself.</summary>
    private const int DepthBlock = 512;

    /// <summary>C += A B.</summary>
    /// <param name="a">A, <c>[rows, depth]</c>: element (i, p) is at <c>a[i * aRow + p * aStep]</c>.</param>
    /// <param name="aRow">Floats from one row of A to the next.</param>
    /// <param name="aStep">Floats from one column of A to the next.</param>
    /// <param name="b">B, <c>[depth, columns]</c>, readable up to whole cache lines.</param>
    /// <param name="bRow">Floats from one row of B to the next.</param>
    /// <param name="c">C, <c>[rows, columns]</c>, writable up to whole cache lines.</param>
    /// <param name="cRow">Floats from one row of C to the next.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    public static void Add(
        float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int rows, int depth, int columns)
    {
        for (int start = 0; start < depth; start += DepthBlock)
        {
            AddBlock(
                a + start * aStep, aRow, aStep, b + start * bRow, bRow, c, cRow, rows, Math.Min(DepthBlock, depth - start),
                columns);
        }
    }

    /// <summary>C += A B' for rows of A and of B: the inner products of all pairs of rows.</summary>
    /// <param name="a">A, <c>[rows, depth]</c>.</param>
    /// <param name="aRow">Floats from one row of A to the next.</param>
    /// <param name="b">B, <c>[columns, depth]</c>; readable up to whole blocks of 4 rows by 4 columns.</param>
    /// <param name="bRow">Floats from one row of B to the next.</param>
    /// <param name="c">C, <c>[rows, columns]</c>, writable up to whole cache lines.</param>
    /// <param name="cRow">Floats from one row of C to the next.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="depth">Columns of A and B.</param>
    /// <param name="columns">Rows of B, columns of C.</param>
    public static void AddInner(
        float* a, nint aRow, float* b, nint bRow, float* c, nint cRow, int rows, int depth, int columns)
    {
        int across = KernelLayout.Pad(columns);
        using var transposed = new NativeFloats((nint)(DepthBlock + 3) * across);
        for (int start = 0; start < depth; start += DepthBlock)
        {
            int length = Math.Min(DepthBlock, depth - start);
            Transpose.Copy(b + start, bRow, transposed.Data, across, columns, length);
            AddBlock(a + start, aRow, 1, transposed.Data, across, c, cRow, rows, length, columns);
        }
    }

    private static void AddBlock(
        float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int rows, int depth, int columns)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddBlock<Simd512, Vector512<float>>(a, aRow, aStep, b, bRow, c, cRow, rows, depth, columns);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            AddBlock<Simd256, Vector256<float>>(a, aRow, aStep, b, bRow, c, cRow, rows, depth, columns);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            AddBlock<Simd128, Vector128<float>>(a, aRow, aStep, b, bRow, c, cRow, rows, depth, columns);
        }
        else
        {
            AddBlock<SimdScalar, float>(a, aRow, aStep, b, bRow, c, cRow, rows, depth, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBlock<TSimd, TVector>(
        float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, int rows, int depth, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        var add = new AddToSums<TSimd, TVector>(c, cRow);
        MatrixProduct<TSimd, TVector>.Multiply(a, aRow, aStep, b, bRow, rows, depth, columns, null, ref add);
    }
}
