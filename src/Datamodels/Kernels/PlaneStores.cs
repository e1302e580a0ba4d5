using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>How results are written to a plane.</summary>
internal enum PlaneStore
{
    /// <summary>As they are.</summary>
    Plain,

    /// <summary>max(result, 0): the rectifier.</summary>
    Rectified,

    /// <summary>A gradient over the rectified activation it is of, 0 where that is 0: back through the rectifier.</summary>
    Gated,
}

/// <summary>A <see cref="PlaneStore"/> as it is compiled into the loop that makes the results.</summary>
internal unsafe interface IPlaneStore<TVector>
    where TVector : unmanaged
{
    /// <summary>Writes a vector of results to <paramref name="target"/>.</summary>
    static abstract void Store(TVector value, float* target);
}

/// <summary><see cref="PlaneStore.Plain"/>.</summary>
internal readonly unsafe struct PlainStore<TSimd, TVector> : IPlaneStore<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, float* target) => TSimd.Store(value, target);
}

/// <summary><see cref="PlaneStore.Rectified"/>.</summary>
internal readonly unsafe struct RectifiedStore<TSimd, TVector> : IPlaneStore<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, float* target) => TSimd.Store(TSimd.WherePositive(value, value), target);
}

/// <summary><see cref="PlaneStore.Gated"/>.</summary>
internal readonly unsafe struct GatedStore<TSimd, TVector> : IPlaneStore<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, float* target) =>
        TSimd.Store(TSimd.WherePositive(TSimd.Load(target), value), target);
}
