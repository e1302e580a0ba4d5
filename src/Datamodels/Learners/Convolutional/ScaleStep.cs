using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// Everything times a number: a layer of its own, and, times 1, a rectifier that follows no layer it can be part of.
/// </summary>
internal sealed unsafe class ScaleStep<TSimd, TVector>(Tensor input, Tensor output, float factor) : NetworkStep(input, output)
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public override void Forward(Pass pass)
    {
        nint floats = (nint)pass.Blocks * Input.Shape.Floats;
        if (Output.Rectified)
        {
            PlaneArithmetic<TSimd, TVector>.Affine<RectifiedStore<TSimd, TVector>>(
                Input.Block(0), Output.Block(0), floats, factor, 0);
        }
        else
        {
            PlaneArithmetic<TSimd, TVector>.Affine<PlainStore<TSimd, TVector>>(
                Input.Block(0), Output.Block(0), floats, factor, 0);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass)
    {
        if (!Input.NeedsGradient)
        {
            return;
        }

        nint floats = (nint)pass.Blocks * Input.Shape.Floats;
        if (Input.Rectified)
        {
            PlaneArithmetic<TSimd, TVector>.Affine<GatedStore<TSimd, TVector>>(
                Output.Block(0), Input.Block(0), floats, factor, 0);
        }
        else
        {
            PlaneArithmetic<TSimd, TVector>.Affine<PlainStore<TSimd, TVector>>(
                Output.Block(0), Input.Block(0), floats, factor, 0);
        }
    }
}
