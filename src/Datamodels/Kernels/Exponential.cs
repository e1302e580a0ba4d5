using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>
/// e^x for x at most 0: x = n ln 2 + r, a polynomial of degree 6 for e^r on |r| at most ln 2 / 2, times 2^n. Relative error
/// under 2e-7; below -87 the result is that of -87 (1.6e-38, nothing beside a largest term of 1).
/// </summary>
/// <remarks>Own code and not the framework's, so that every vector width gives the same bits at this price.</remarks>
internal static class Exponential<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of(TVector x)
    {
        x = TSimd.Max(x, TSimd.Broadcast(-87f));
        TVector n = TSimd.Round(TSimd.Multiply(x, TSimd.Broadcast(1.44269504f)));

        // ln 2 in two parts, the first short enough for n times it to be exact.
        TVector r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-0.693359375f), x);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(2.12194440e-4f), r);

        // Coefficients of Cephes expf (Moshier).
        TVector p = TSimd.Broadcast(1.9875691500e-4f);
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1.3981999507e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(8.3334519073e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(4.1665795894e-2f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1.6666665459e-1f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(5.0000001201e-1f));
        p = TSimd.MultiplyAdd(p, TSimd.Multiply(r, r), r);
        p = TSimd.Add(p, TSimd.Broadcast(1f));
        return TSimd.Multiply(p, TSimd.PowerOfTwo(n));
    }
}
