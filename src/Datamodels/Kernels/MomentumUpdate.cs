using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>
/// One step of stochastic gradient descent on the weights that the product is the gradient g of, while g is still in a
/// register: v = momentum v + g + decay w, then w = w - rate v (Sutskever et al. 2013, as PyTorch has it).
/// </summary>
internal readonly unsafe struct MomentumUpdate<TSimd, TVector>(
    float* weights, float* velocity, nint weightRow, float rate, float momentum, float decay) : IEpilogue<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly TVector _negativeRate = TSimd.Broadcast(-rate);
    private readonly TVector _momentum = TSimd.Broadcast(momentum);
    private readonly TVector _decay = TSimd.Broadcast(decay);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(TVector product, int row, int column)
    {
        nint at = row * weightRow + column;
        TVector w = TSimd.Load(weights + at);
        TVector v = TSimd.MultiplyAdd(_momentum, TSimd.Load(velocity + at), TSimd.MultiplyAdd(_decay, w, product));
        TSimd.Store(v, velocity + at);
        TSimd.Store(TSimd.MultiplyAdd(_negativeRate, v, w), weights + at);
    }
}
