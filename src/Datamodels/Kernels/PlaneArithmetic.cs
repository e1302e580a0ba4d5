using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>What is done to activations and gradients position by position.</summary>
internal static unsafe class PlaneArithmetic<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>target = scale * source + shift.</summary>
    /// <param name="source">Whole vectors of 16, <c>[floats]</c>.</param>
    /// <param name="target">Takes the result, <c>[floats]</c>; may be the source.</param>
    /// <param name="floats">A multiple of 16.</param>
    /// <param name="scale">Factor.</param>
    /// <param name="shift">What is added.</param>
    /// <param name="store">How the result is written.</param>
    public static void Affine(float* source, float* target, nint floats, float scale, float shift, PlaneStore store)
    {
        switch (store)
        {
            case PlaneStore.Rectified:
                Affine<RectifiedStore<TSimd, TVector>>(source, target, floats, scale, shift);
                break;
            case PlaneStore.Gated:
                Affine<GatedStore<TSimd, TVector>>(source, target, floats, scale, shift);
                break;
            default:
                Affine<PlainStore<TSimd, TVector>>(source, target, floats, scale, shift);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Affine<TStore>(float* source, float* target, nint floats, float scale, float shift)
        where TStore : struct, IPlaneStore<TVector>
    {
        TVector factor = TSimd.Broadcast(scale);
        TVector term = TSimd.Broadcast(shift);
        for (nint i = 0; i < floats; i += TSimd.Width)
        {
            TStore.Store(TSimd.MultiplyAdd(factor, TSimd.Load(source + i), term), target + i);
        }
    }

    /// <summary>target = first + second; the target may be either.</summary>
    public static void Add(float* first, float* second, float* target, nint floats, PlaneStore store)
    {
        switch (store)
        {
            case PlaneStore.Rectified:
                Add<RectifiedStore<TSimd, TVector>>(first, second, target, floats);
                break;
            case PlaneStore.Gated:
                Add<GatedStore<TSimd, TVector>>(first, second, target, floats);
                break;
            default:
                Add<PlainStore<TSimd, TVector>>(first, second, target, floats);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TStore>(float* first, float* second, float* target, nint floats)
        where TStore : struct, IPlaneStore<TVector>
    {
        for (nint i = 0; i < floats; i += TSimd.Width)
        {
            TStore.Store(TSimd.Add(TSimd.Load(first + i), TSimd.Load(second + i)), target + i);
        }
    }

    /// <summary>target = target where gate is above 0, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gate(float* gate, float* target, nint floats)
    {
        for (nint i = 0; i < floats; i += TSimd.Width)
        {
            TSimd.Store(TSimd.WherePositive(TSimd.Load(gate + i), TSimd.Load(target + i)), target + i);
        }
    }

    /// <summary>Adds the sum over a plane's positions to <paramref name="sum"/>, lane by lane.</summary>
    /// <param name="plane"><c>[positions, 16]</c>.</param>
    /// <param name="positions">At least 1.</param>
    /// <param name="sum">Added to, <c>[16]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSum(float* plane, int positions, float* sum)
    {
        const int Lanes = BlockShape.Lanes;
        for (int lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            // Four chains, so that an addition need not wait for the one before it.
            TVector s0 = TSimd.Load(sum + lane), s1 = default, s2 = default, s3 = default;
            float* at = plane + lane;
            int i = 0;
            for (; i + 4 <= positions; i += 4, at += 4 * Lanes)
            {
                s0 = TSimd.Add(s0, TSimd.Load(at));
                s1 = TSimd.Add(s1, TSimd.Load(at + Lanes));
                s2 = TSimd.Add(s2, TSimd.Load(at + 2 * Lanes));
                s3 = TSimd.Add(s3, TSimd.Load(at + 3 * Lanes));
            }

            for (; i < positions; i++, at += Lanes)
            {
                s0 = TSimd.Add(s0, TSimd.Load(at));
            }

            TSimd.Store(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), sum + lane);
        }
    }
}
