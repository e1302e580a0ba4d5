using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>
/// Target[o] = start[o] + sum over channels c and taps of weight[o, c, tap] times source[c] at the tap's position: the
/// convolution itself and, by another <see cref="TapPlan"/>, the gradient of its input. Examples are in the lanes, weights
/// are broadcast.
/// </summary>
/// <remarks>
/// Eight target channels (four where there are 16 registers) by three neighbouring positions stay in registers while
/// channels and taps are walked: each tap loads three vectors, broadcasts a weight per channel and does 24 (12)
/// multiply-adds. Positions that do not make a triple go one at a time. Each sum is one chain of fused multiply-adds over
/// channels and, within them, taps, so blocking and vector width do not change its bits.
/// </remarks>
internal static unsafe class Correlation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Does one block of examples.</summary>
    /// <param name="plan">Shapes, and which taps make which position.</param>
    /// <param name="source">The source planes, laid out by <c>plan.Source</c>.</param>
    /// <param name="target">Takes the target planes, laid out by <c>plan.Target</c>.</param>
    /// <param name="weights">
    /// <c>[ceil(target channels / 8), source channels, taps, 8]</c>: the weights of eight target channels side by side.
    /// </param>
    /// <param name="start">What each target channel's sums begin with, <c>[target channels rounded up to 8]</c>.</param>
    /// <param name="store">How the sums are written.</param>
    public static void Run(TapPlan plan, float* source, float* target, float* weights, float* start, PlaneStore store)
    {
        switch (store)
        {
            case PlaneStore.Rectified:
                Run<RectifiedStore<TSimd, TVector>>(plan, source, target, weights, start);
                break;
            case PlaneStore.Gated:
                Run<GatedStore<TSimd, TVector>>(plan, source, target, weights, start);
                break;
            default:
                Run<PlainStore<TSimd, TVector>>(plan, source, target, weights, start);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TStore>(TapPlan plan, float* source, float* target, float* weights, float* start)
        where TStore : struct, IPlaneStore<TVector>
    {
        int channels = plan.Source.Channels;
        nint sourcePlane = plan.Source.Plane;
        nint targetPlane = plan.Target.Plane;
        nint weightStep = plan.Taps * TapPlan.RowBlock;
        fixed (TapRun* runs = plan.Runs)
        fixed (Tap* taps = plan.TapList)
        {
            for (int first = 0; first < plan.Target.Channels; first += TSimd.RowBlock)
            {
                // Where eight channels are done as two times four, the second four follow the first in the same block.
                float* w = weights + first / TapPlan.RowBlock * channels * weightStep + first % TapPlan.RowBlock;
                float* planes = target + first * targetPlane;
                int rows = plan.Target.Channels - first;
                for (int lane = 0; lane < BlockShape.Lanes; lane += TSimd.Width)
                {
                    for (int i = 0; i < plan.Runs.Length; i++)
                    {
                        TapRun* run = runs + i;
                        float* s = source + run->Source + lane;
                        float* t = planes + run->Target + lane;
                        Tap* list = taps + run->FirstTap;
                        if (TSimd.RowBlock == 8 && rows > 4)
                        {
                            int p = 0;
                            for (; p + 3 <= run->Count; p += 3, s += 3 * run->SourceStep, t += 3 * run->TargetStep)
                            {
                                EightByThree<TStore>(
                                    s, run->SourceStep, sourcePlane, channels, list, run->TapCount, w, weightStep,
                                    start + first, t, run->TargetStep, targetPlane, rows);
                            }

                            for (; p < run->Count; p++, s += run->SourceStep, t += run->TargetStep)
                            {
                                EightByOne<TStore>(
                                    s, sourcePlane, channels, list, run->TapCount, w, weightStep, start + first, t, targetPlane,
                                    rows);
                            }
                        }
                        else
                        {
                            int p = 0;
                            for (; p + 3 <= run->Count; p += 3, s += 3 * run->SourceStep, t += 3 * run->TargetStep)
                            {
                                FourByThree<TStore>(
                                    s, run->SourceStep, sourcePlane, channels, list, run->TapCount, w, weightStep,
                                    start + first, t, run->TargetStep, targetPlane, rows);
                            }

                            for (; p < run->Count; p++, s += run->SourceStep, t += run->TargetStep)
                            {
                                FourByOne<TStore>(
                                    s, sourcePlane, channels, list, run->TapCount, w, weightStep, start + first, t, targetPlane,
                                    rows);
                            }
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByThree<TStore>(
        float* source, nint sourceStep, nint sourcePlane, int channels, Tap* taps, int tapCount, float* weights,
        nint weightStep, float* start, float* target, nint targetStep, nint targetPlane, int rows)
        where TStore : struct, IPlaneStore<TVector>
    {
        TVector c00 = TSimd.Broadcast(start[0]), c01 = c00, c02 = c00;
        TVector c10 = TSimd.Broadcast(start[1]), c11 = c10, c12 = c10;
        TVector c20 = TSimd.Broadcast(start[2]), c21 = c20, c22 = c20;
        TVector c30 = TSimd.Broadcast(start[3]), c31 = c30, c32 = c30;
        TVector c40 = TSimd.Broadcast(start[4]), c41 = c40, c42 = c40;
        TVector c50 = TSimd.Broadcast(start[5]), c51 = c50, c52 = c50;
        TVector c60 = TSimd.Broadcast(start[6]), c61 = c60, c62 = c60;
        TVector c70 = TSimd.Broadcast(start[7]), c71 = c70, c72 = c70;
        nint twoSteps = 2 * sourceStep;
        for (int channel = 0; channel < channels; channel++)
        {
            for (Tap* tap = taps; tap < taps + tapCount; tap++)
            {
                float* s = source + tap->Source;
                float* w = weights + tap->Weight;
                TVector s0 = TSimd.Load(s);
                TVector s1 = TSimd.Load(s + sourceStep);
                TVector s2 = TSimd.Load(s + twoSteps);
                TVector x = TSimd.Broadcast(w[0]);
                c00 = TSimd.MultiplyAdd(x, s0, c00);
                c01 = TSimd.MultiplyAdd(x, s1, c01);
                c02 = TSimd.MultiplyAdd(x, s2, c02);
                x = TSimd.Broadcast(w[1]);
                c10 = TSimd.MultiplyAdd(x, s0, c10);
                c11 = TSimd.MultiplyAdd(x, s1, c11);
                c12 = TSimd.MultiplyAdd(x, s2, c12);
                x = TSimd.Broadcast(w[2]);
                c20 = TSimd.MultiplyAdd(x, s0, c20);
                c21 = TSimd.MultiplyAdd(x, s1, c21);
                c22 = TSimd.MultiplyAdd(x, s2, c22);
                x = TSimd.Broadcast(w[3]);
                c30 = TSimd.MultiplyAdd(x, s0, c30);
                c31 = TSimd.MultiplyAdd(x, s1, c31);
                c32 = TSimd.MultiplyAdd(x, s2, c32);
                x = TSimd.Broadcast(w[4]);
                c40 = TSimd.MultiplyAdd(x, s0, c40);
                c41 = TSimd.MultiplyAdd(x, s1, c41);
                c42 = TSimd.MultiplyAdd(x, s2, c42);
                x = TSimd.Broadcast(w[5]);
                c50 = TSimd.MultiplyAdd(x, s0, c50);
                c51 = TSimd.MultiplyAdd(x, s1, c51);
                c52 = TSimd.MultiplyAdd(x, s2, c52);
                x = TSimd.Broadcast(w[6]);
                c60 = TSimd.MultiplyAdd(x, s0, c60);
                c61 = TSimd.MultiplyAdd(x, s1, c61);
                c62 = TSimd.MultiplyAdd(x, s2, c62);
                x = TSimd.Broadcast(w[7]);
                c70 = TSimd.MultiplyAdd(x, s0, c70);
                c71 = TSimd.MultiplyAdd(x, s1, c71);
                c72 = TSimd.MultiplyAdd(x, s2, c72);
            }

            source += sourcePlane;
            weights += weightStep;
        }

        StoreThree<TStore>(c00, c01, c02, target, targetStep);
        if (rows > 1)
        {
            StoreThree<TStore>(c10, c11, c12, target + targetPlane, targetStep);
        }

        if (rows > 2)
        {
            StoreThree<TStore>(c20, c21, c22, target + 2 * targetPlane, targetStep);
        }

        if (rows > 3)
        {
            StoreThree<TStore>(c30, c31, c32, target + 3 * targetPlane, targetStep);
        }

        if (rows > 4)
        {
            StoreThree<TStore>(c40, c41, c42, target + 4 * targetPlane, targetStep);
        }

        if (rows > 5)
        {
            StoreThree<TStore>(c50, c51, c52, target + 5 * targetPlane, targetStep);
        }

        if (rows > 6)
        {
            StoreThree<TStore>(c60, c61, c62, target + 6 * targetPlane, targetStep);
        }

        if (rows > 7)
        {
            StoreThree<TStore>(c70, c71, c72, target + 7 * targetPlane, targetStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByOne<TStore>(
        float* source, nint sourcePlane, int channels, Tap* taps, int tapCount, float* weights, nint weightStep,
        float* start, float* target, nint targetPlane, int rows)
        where TStore : struct, IPlaneStore<TVector>
    {
        TVector c0 = TSimd.Broadcast(start[0]);
        TVector c1 = TSimd.Broadcast(start[1]);
        TVector c2 = TSimd.Broadcast(start[2]);
        TVector c3 = TSimd.Broadcast(start[3]);
        TVector c4 = TSimd.Broadcast(start[4]);
        TVector c5 = TSimd.Broadcast(start[5]);
        TVector c6 = TSimd.Broadcast(start[6]);
        TVector c7 = TSimd.Broadcast(start[7]);
        for (int channel = 0; channel < channels; channel++)
        {
            for (Tap* tap = taps; tap < taps + tapCount; tap++)
            {
                float* s = source + tap->Source;
                float* w = weights + tap->Weight;
                TVector s0 = TSimd.Load(s);
                c0 = TSimd.MultiplyAdd(TSimd.Broadcast(w[0]), s0, c0);
                c1 = TSimd.MultiplyAdd(TSimd.Broadcast(w[1]), s0, c1);
                c2 = TSimd.MultiplyAdd(TSimd.Broadcast(w[2]), s0, c2);
                c3 = TSimd.MultiplyAdd(TSimd.Broadcast(w[3]), s0, c3);
                c4 = TSimd.MultiplyAdd(TSimd.Broadcast(w[4]), s0, c4);
                c5 = TSimd.MultiplyAdd(TSimd.Broadcast(w[5]), s0, c5);
                c6 = TSimd.MultiplyAdd(TSimd.Broadcast(w[6]), s0, c6);
                c7 = TSimd.MultiplyAdd(TSimd.Broadcast(w[7]), s0, c7);
            }

            source += sourcePlane;
            weights += weightStep;
        }

        TStore.Store(c0, target);
        if (rows > 1)
        {
            TStore.Store(c1, target + targetPlane);
        }

        if (rows > 2)
        {
            TStore.Store(c2, target + 2 * targetPlane);
        }

        if (rows > 3)
        {
            TStore.Store(c3, target + 3 * targetPlane);
        }

        if (rows > 4)
        {
            TStore.Store(c4, target + 4 * targetPlane);
        }

        if (rows > 5)
        {
            TStore.Store(c5, target + 5 * targetPlane);
        }

        if (rows > 6)
        {
            TStore.Store(c6, target + 6 * targetPlane);
        }

        if (rows > 7)
        {
            TStore.Store(c7, target + 7 * targetPlane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByThree<TStore>(
        float* source, nint sourceStep, nint sourcePlane, int channels, Tap* taps, int tapCount, float* weights,
        nint weightStep, float* start, float* target, nint targetStep, nint targetPlane, int rows)
        where TStore : struct, IPlaneStore<TVector>
    {
        TVector c00 = TSimd.Broadcast(start[0]), c01 = c00, c02 = c00;
        TVector c10 = TSimd.Broadcast(start[1]), c11 = c10, c12 = c10;
        TVector c20 = TSimd.Broadcast(start[2]), c21 = c20, c22 = c20;
        TVector c30 = TSimd.Broadcast(start[3]), c31 = c30, c32 = c30;
        nint twoSteps = 2 * sourceStep;
        for (int channel = 0; channel < channels; channel++)
        {
            for (Tap* tap = taps; tap < taps + tapCount; tap++)
            {
                float* s = source + tap->Source;
                float* w = weights + tap->Weight;
                TVector s0 = TSimd.Load(s);
                TVector s1 = TSimd.Load(s + sourceStep);
                TVector s2 = TSimd.Load(s + twoSteps);
                TVector x = TSimd.Broadcast(w[0]);
                c00 = TSimd.MultiplyAdd(x, s0, c00);
                c01 = TSimd.MultiplyAdd(x, s1, c01);
                c02 = TSimd.MultiplyAdd(x, s2, c02);
                x = TSimd.Broadcast(w[1]);
                c10 = TSimd.MultiplyAdd(x, s0, c10);
                c11 = TSimd.MultiplyAdd(x, s1, c11);
                c12 = TSimd.MultiplyAdd(x, s2, c12);
                x = TSimd.Broadcast(w[2]);
                c20 = TSimd.MultiplyAdd(x, s0, c20);
                c21 = TSimd.MultiplyAdd(x, s1, c21);
                c22 = TSimd.MultiplyAdd(x, s2, c22);
                x = TSimd.Broadcast(w[3]);
                c30 = TSimd.MultiplyAdd(x, s0, c30);
                c31 = TSimd.MultiplyAdd(x, s1, c31);
                c32 = TSimd.MultiplyAdd(x, s2, c32);
            }

            source += sourcePlane;
            weights += weightStep;
        }

        StoreThree<TStore>(c00, c01, c02, target, targetStep);
        if (rows > 1)
        {
            StoreThree<TStore>(c10, c11, c12, target + targetPlane, targetStep);
        }

        if (rows > 2)
        {
            StoreThree<TStore>(c20, c21, c22, target + 2 * targetPlane, targetStep);
        }

        if (rows > 3)
        {
            StoreThree<TStore>(c30, c31, c32, target + 3 * targetPlane, targetStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByOne<TStore>(
        float* source, nint sourcePlane, int channels, Tap* taps, int tapCount, float* weights, nint weightStep,
        float* start, float* target, nint targetPlane, int rows)
        where TStore : struct, IPlaneStore<TVector>
    {
        TVector c0 = TSimd.Broadcast(start[0]);
        TVector c1 = TSimd.Broadcast(start[1]);
        TVector c2 = TSimd.Broadcast(start[2]);
        TVector c3 = TSimd.Broadcast(start[3]);
        for (int channel = 0; channel < channels; channel++)
        {
            for (Tap* tap = taps; tap < taps + tapCount; tap++)
            {
                float* s = source + tap->Source;
                float* w = weights + tap->Weight;
                TVector s0 = TSimd.Load(s);
                c0 = TSimd.MultiplyAdd(TSimd.Broadcast(w[0]), s0, c0);
                c1 = TSimd.MultiplyAdd(TSimd.Broadcast(w[1]), s0, c1);
                c2 = TSimd.MultiplyAdd(TSimd.Broadcast(w[2]), s0, c2);
                c3 = TSimd.MultiplyAdd(TSimd.Broadcast(w[3]), s0, c3);
            }

            source += sourcePlane;
            weights += weightStep;
        }

        TStore.Store(c0, target);
        if (rows > 1)
        {
            TStore.Store(c1, target + targetPlane);
        }

        if (rows > 2)
        {
            TStore.Store(c2, target + 2 * targetPlane);
        }

        if (rows > 3)
        {
            TStore.Store(c3, target + 3 * targetPlane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreThree<TStore>(TVector v0, TVector v1, TVector v2, float* target, nint step)
        where TStore : struct, IPlaneStore<TVector>
    {
        TStore.Store(v0, target);
        TStore.Store(v1, target + step);
        TStore.Store(v2, target + 2 * step);
    }
}
