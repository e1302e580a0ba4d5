using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>How a vector of results is written to a plane; compiled into the loop that makes it.</summary>
internal unsafe interface IPlaneStore<TVector>
    where TVector : unmanaged
{
    /// <summary>Writes a vector of results to <paramref name="target"/>.</summary>
    static abstract void Store(TVector value, float* target);
}

/// <summary>Writes the results as they are.</summary>
internal readonly unsafe struct PlainStore<TSimd, TVector> : IPlaneStore<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, float* target) => TSimd.Store(value, target);
}

/// <summary>Writes max(result, 0): the rectifier.</summary>
internal readonly unsafe struct RectifiedStore<TSimd, TVector> : IPlaneStore<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, float* target) => TSimd.Store(TSimd.WherePositive(value, value), target);
}

/// <summary>
/// Writes a gradient over the rectified activation that it is of: 0 where that is 0. The way back through the rectifier.
/// </summary>
internal readonly unsafe struct GatedStore<TSimd, TVector> : IPlaneStore<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, float* target) =>
        TSimd.Store(TSimd.WherePositive(TSimd.Load(target), value), target);
}
