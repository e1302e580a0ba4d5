using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>Adds the product to what is there: sums over products.</summary>
internal readonly unsafe struct AddToSums<TSimd, TVector>(float* c, nint cRow) : IEpilogue<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(TVector product, int row, int column)
    {
        float* at = c + row * cRow + column;
        TSimd.Store(TSimd.Add(TSimd.Load(at), product), at);
    }
}
