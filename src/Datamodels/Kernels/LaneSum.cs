using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>Adds up the lanes of vectors, in one fixed tree whatever the vector width.</summary>
internal static unsafe class LaneSum<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>totals[i] = sum of the 16 lanes of vectors[i].</summary>
    /// <param name="vectors"><c>[count, 16]</c>, readable up to a multiple of 16 vectors.</param>
    /// <param name="count">Number of vectors.</param>
    /// <param name="totals">Takes the sums, <c>[count]</c>.</param>
    /// <remarks>Sixteen vectors at a time are transposed, so that adding lanes is adding vectors.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Total(float* vectors, int count, float* totals)
    {
        const int Lanes = BlockShape.Lanes;
        float* square = stackalloc float[Lanes * Lanes];
        for (int i = 0; i < count; i += Lanes)
        {
            Transpose.Copy(vectors + i * Lanes, Lanes, square, Lanes, Lanes, Lanes);
            for (int half = Lanes / 2; half > 0; half /= 2)
            {
                for (float* at = square; at < square + half * Lanes; at += TSimd.Width)
                {
                    TSimd.Store(TSimd.Add(TSimd.Load(at), TSimd.Load(at + half * Lanes)), at);
                }
            }

            new ReadOnlySpan<float>(square, Math.Min(Lanes, count - i)).CopyTo(new Span<float>(totals + i, Lanes));
        }
    }
}
