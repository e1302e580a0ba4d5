using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// Everything times a number: a layer of its own, and, times 1, a rectifier that follows no layer it can be part of.
/// </summary>
internal sealed unsafe class ScaleStep<TSimd, TVector>(Tensor input, Tensor output, float factor) : NetworkStep(input, output)
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The number.</summary>
    public float Factor { get; } = factor;

    /// <inheritdoc/>
    public override void Forward(Pass pass)
    {
        nint floats = (nint)pass.Blocks * Input.Shape.Floats;
        PlaneArithmetic<TSimd, TVector>.Affine(Input.Block(0), Output.Block(0), floats, Factor, 0, Output.ActivationStore);
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass)
    {
        if (!Input.NeedsGradient)
        {
            return;
        }

        nint floats = (nint)pass.Blocks * Input.Shape.Floats;
        PlaneArithmetic<TSimd, TVector>.Affine(Output.Block(0), Input.Block(0), floats, Factor, 0, Input.GradientStore);
    }
}
