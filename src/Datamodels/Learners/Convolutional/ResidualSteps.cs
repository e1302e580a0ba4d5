using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>Where a residual branch ends: its output is the branch's plus what went into the branch.</summary>
/// <param name="trunk">What went into the branch.</param>
/// <param name="branch">What came out of it; the input of this step.</param>
/// <param name="output">The sum.</param>
internal sealed unsafe class JoinStep<TSimd, TVector>(Tensor trunk, Tensor branch, Tensor output) : NetworkStep(branch, output)
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public override void Forward(Pass pass)
    {
        nint floats = (nint)pass.Blocks * Output.Shape.Floats;
        PlaneArithmetic<TSimd, TVector>.Add(trunk.Block(0), Input.Block(0), Output.Block(0), floats, Output.ActivationStore);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The gradient goes to the branch as it is. The trunk's share waits in the output until the fork adds it to the branch's,
    /// since the branch still needs the trunk's activations; their gate is applied to it now, while they are there.
    /// </remarks>
    public override void Backward(Pass pass)
    {
        nint floats = (nint)pass.Blocks * Output.Shape.Floats;
        if (Input.NeedsGradient)
        {
            PlaneArithmetic<TSimd, TVector>.Affine(Output.Block(0), Input.Block(0), floats, 1, 0, Input.GradientStore);
        }

        if (trunk.NeedsGradient && trunk.Rectified)
        {
            PlaneArithmetic<TSimd, TVector>.Gate(trunk.Block(0), Output.Block(0), floats);
        }
    }
}

/// <summary>Where a residual branch begins: nothing on the way forward; back, the two shares of the gradient are added.</summary>
/// <param name="trunk">What goes into the branch.</param>
/// <param name="sum">The output of the residual layer, which keeps the trunk's share.</param>
internal sealed unsafe class ForkStep<TSimd, TVector>(Tensor trunk, Tensor sum) : NetworkStep(trunk, sum)
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public override void Forward(Pass pass)
    {
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass)
    {
        if (Input.NeedsGradient)
        {
            PlaneArithmetic<TSimd, TVector>.Add(
                Input.Block(0), Output.Block(0), Input.Block(0), (nint)pass.Blocks * Input.Shape.Floats, PlaneStore.Plain);
        }
    }
}
