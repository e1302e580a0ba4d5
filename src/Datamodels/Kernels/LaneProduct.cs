using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Datamodels.Kernels;

/// <summary>
/// The product of a dense matrix with eight vectors at once, which lie side by side: one float64 lane for each.
/// </summary>
internal static class LaneProduct
{
    /// <summary>Vectors at once.</summary>
    public const int Width = 8;

    // Rows at once: their sums stay in registers, and each part of the vectors is loaded once for all of them.
    private const int Block = 4;

    /// <summary>
    /// product[i, l] = sum over j of matrix[i, j] * lanes[j, l], each sum a chain of fused multiply-adds in the order of j.
    /// </summary>
    /// <param name="matrix">Row-major, <c>[rows, columns]</c>.</param>
    /// <param name="lanes">The vectors, <c>[columns, Width]</c>.</param>
    /// <param name="product">Receives the products, <c>[rows, Width]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> lanes, Span<double> product)
    {
        int columns = lanes.Length / Width;
        int rows = product.Length / Width;
        ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Length, rows * columns, nameof(matrix));
        ref double lane = ref MemoryMarshal.GetReference(lanes);
        int row = 0;
        for (; row + Block <= rows; row += Block)
        {
            ref double first = ref Unsafe.Add(ref MemoryMarshal.GetReference(matrix), row * columns);
            ref double second = ref Unsafe.Add(ref first, columns);
            ref double third = ref Unsafe.Add(ref second, columns);
            ref double fourth = ref Unsafe.Add(ref third, columns);
            Vector512<double> sum0 = default;
            Vector512<double> sum1 = default;
            Vector512<double> sum2 = default;
            Vector512<double> sum3 = default;
            for (int j = 0; j < columns; j++)
            {
                Vector512<double> vector = Vector512.LoadUnsafe(ref lane, (nuint)(j * Width));
                sum0 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref first, j)), vector, sum0);
                sum1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref second, j)), vector, sum1);
                sum2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref third, j)), vector, sum2);
                sum3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref fourth, j)), vector, sum3);
            }

            sum0.CopyTo(product[(row * Width)..]);
            sum1.CopyTo(product[((row + 1) * Width)..]);
            sum2.CopyTo(product[((row + 2) * Width)..]);
            sum3.CopyTo(product[((row + 3) * Width)..]);
        }

        for (; row < rows; row++)
        {
            Vector512<double> sum = default;
            for (int j = 0; j < columns; j++)
            {
                sum = Vector512.FusedMultiplyAdd(
                    Vector512.Create(matrix[(row * columns) + j]), Vector512.LoadUnsafe(ref lane, (nuint)(j * Width)), sum);
            }

            sum.CopyTo(product[(row * Width)..]);
        }
    }
}
