using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>Batch normalisation of one plane of one block (Ioffe and Szegedy 2015), the lanes still apart.</summary>
internal static unsafe class Normalization<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Lanes = BlockShape.Lanes;

    /// <summary>Mean of each lane over the plane, and sum of squared deviations from it.</summary>
    /// <param name="plane"><c>[positions, 16]</c>.</param>
    /// <param name="positions">At least 1.</param>
    /// <param name="mean">Takes the means, <c>[16]</c>.</param>
    /// <param name="squares">Takes the sums of squared deviations, <c>[16]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Moments(float* plane, int positions, float* mean, float* squares)
    {
        new Span<float>(mean, Lanes).Clear();
        PlaneArithmetic<TSimd, TVector>.AddSum(plane, positions, mean);
        TVector share = TSimd.Broadcast(1f / positions);
        for (int lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            TVector m = TSimd.Multiply(TSimd.Load(mean + lane), share);
            TSimd.Store(m, mean + lane);

            // Four chains, as in the sum.
            TVector s0 = default, s1 = default, s2 = default, s3 = default;
            float* at = plane + lane;
            int i = 0;
            for (; i + 4 <= positions; i += 4, at += 4 * Lanes)
            {
                s0 = AddSquare(at, m, s0);
                s1 = AddSquare(at + Lanes, m, s1);
                s2 = AddSquare(at + 2 * Lanes, m, s2);
                s3 = AddSquare(at + 3 * Lanes, m, s3);
            }

            for (; i < positions; i++, at += Lanes)
            {
                s0 = AddSquare(at, m, s0);
            }

            TSimd.Store(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), squares + lane);
        }
    }

    /// <summary>Sums over the plane of the output's gradient d, and of d times the input's deviation from the mean.</summary>
    /// <param name="deltas">d, <c>[positions, 16]</c>.</param>
    /// <param name="plane">The input, <c>[positions, 16]</c>.</param>
    /// <param name="positions">At least 1.</param>
    /// <param name="mean">Mean of the batch.</param>
    /// <param name="sum">Takes the sums of d, <c>[16]</c>.</param>
    /// <param name="products">Takes the sums of d times the deviation, <c>[16]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GradientSums(float* deltas, float* plane, int positions, float mean, float* sum, float* products)
    {
        TVector m = TSimd.Broadcast(mean);
        for (int lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            TVector s0 = default, s1 = default, p0 = default, p1 = default;
            float* d = deltas + lane;
            float* x = plane + lane;
            int i = 0;
            for (; i + 2 <= positions; i += 2, d += 2 * Lanes, x += 2 * Lanes)
            {
                TVector d0 = TSimd.Load(d);
                TVector d1 = TSimd.Load(d + Lanes);
                s0 = TSimd.Add(s0, d0);
                s1 = TSimd.Add(s1, d1);
                p0 = TSimd.MultiplyAdd(d0, TSimd.Subtract(TSimd.Load(x), m), p0);
                p1 = TSimd.MultiplyAdd(d1, TSimd.Subtract(TSimd.Load(x + Lanes), m), p1);
            }

            if (i < positions)
            {
                TVector d0 = TSimd.Load(d);
                s0 = TSimd.Add(s0, d0);
                p0 = TSimd.MultiplyAdd(d0, TSimd.Subtract(TSimd.Load(x), m), p0);
            }

            TSimd.Store(TSimd.Add(s0, s1), sum + lane);
            TSimd.Store(TSimd.Add(p0, p1), products + lane);
        }
    }

    /// <summary>
    /// The gradient of the input, written over it: live (a (d - meanDelta) + b (x - mean)), where live is 1 for examples and 0
    /// for the lanes past the last one, which the batch's sums would otherwise leak into.
    /// </summary>
    /// <param name="deltas">d, <c>[positions, 16]</c>.</param>
    /// <param name="plane">The input x; takes its gradient, <c>[positions, 16]</c>.</param>
    /// <param name="positions">At least 1.</param>
    /// <param name="a">Factor of the gradient.</param>
    /// <param name="meanDelta">Mean of d over the batch.</param>
    /// <param name="b">Factor of the deviation.</param>
    /// <param name="mean">Mean of x over the batch.</param>
    /// <param name="live">1 or 0 for each lane, <c>[16]</c>.</param>
    /// <param name="store">How the gradient is written.</param>
    public static void Gradient(
        float* deltas, float* plane, int positions, float a, float meanDelta, float b, float mean, float* live, PlaneStore store)
    {
        switch (store)
        {
            case PlaneStore.Rectified:
                Gradient<RectifiedStore<TSimd, TVector>>(deltas, plane, positions, a, meanDelta, b, mean, live);
                break;
            case PlaneStore.Gated:
                Gradient<GatedStore<TSimd, TVector>>(deltas, plane, positions, a, meanDelta, b, mean, live);
                break;
            default:
                Gradient<PlainStore<TSimd, TVector>>(deltas, plane, positions, a, meanDelta, b, mean, live);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gradient<TStore>(
        float* deltas, float* plane, int positions, float a, float meanDelta, float b, float mean, float* live)
        where TStore : struct, IPlaneStore<TVector>
    {
        TVector factor = TSimd.Broadcast(a);
        TVector deltaMean = TSimd.Broadcast(meanDelta);
        TVector slope = TSimd.Broadcast(b);
        TVector inputMean = TSimd.Broadcast(mean);
        for (int lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            TVector mask = TSimd.Load(live + lane);
            float* d = deltas + lane;
            float* x = plane + lane;
            for (int i = 0; i < positions; i++, d += Lanes, x += Lanes)
            {
                TVector deviation = TSimd.Multiply(slope, TSimd.Subtract(TSimd.Load(x), inputMean));
                TVector value = TSimd.MultiplyAdd(factor, TSimd.Subtract(TSimd.Load(d), deltaMean), deviation);
                TStore.Store(TSimd.Multiply(mask, value), x);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector AddSquare(float* at, TVector mean, TVector sum)
    {
        TVector deviation = TSimd.Subtract(TSimd.Load(at), mean);
        return TSimd.MultiplyAdd(deviation, deviation, sum);
    }
}
