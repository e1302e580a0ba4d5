using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>Writes the product as it is: logits.</summary>
internal readonly unsafe struct StoreProduct<TSimd, TVector>(float* c, nint cRow) : IEpilogue<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(TVector product, int row, int column) => TSimd.Store(product, c + row * cRow + column);
}

/// <summary>Writes max(product, 0): the activations of a hidden layer.</summary>
internal readonly unsafe struct StoreRectified<TSimd, TVector>(float* c, nint cRow) : IEpilogue<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(TVector product, int row, int column) =>
        TSimd.Store(TSimd.WherePositive(product, product), c + row * cRow + column);
}

/// <summary>Writes the product where the activation it belongs to is above 0, else 0: back through the rectifier.</summary>
internal readonly unsafe struct StoreGated<TSimd, TVector>(float* c, nint cRow, float* gate, nint gateRow) : IEpilogue<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(TVector product, int row, int column) =>
        TSimd.Store(
            TSimd.WherePositive(TSimd.Load(gate + row * gateRow + column), product), c + row * cRow + column);
}
