using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>The largest value of each window; the whole plane for global pooling.</summary>
internal sealed unsafe class MaxPoolStep<TSimd, TVector>(Tensor input, Tensor output, Window window)
    : NetworkStep(input, output)
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public override void Forward(Pass pass)
    {
        for (int block = 0; block < pass.Blocks; block++)
        {
            Pooling<TSimd, TVector>.Max(Input.Shape, Input.Block(block), Output.Shape, Output.Block(block), window);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass)
    {
        if (!Input.NeedsGradient)
        {
            return;
        }

        for (int block = 0; block < pass.Blocks; block++)
        {
            Pooling<TSimd, TVector>.MaxGradient(
                Input.Shape, Input.Block(block), Output.Shape, Output.Block(block), window, Input.GradientStore);
        }
    }
}

/// <summary>The mean of each plane.</summary>
internal sealed unsafe class MeanPoolStep<TSimd, TVector>(Tensor input, Tensor output) : NetworkStep(input, output)
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public override void Forward(Pass pass)
    {
        for (int block = 0; block < pass.Blocks; block++)
        {
            Pooling<TSimd, TVector>.Mean(Input.Shape, Input.Block(block), Output.Shape, Output.Block(block));
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass)
    {
        if (!Input.NeedsGradient)
        {
            return;
        }

        for (int block = 0; block < pass.Blocks; block++)
        {
            Pooling<TSimd, TVector>.MeanGradient(
                Input.Shape, Input.Block(block), Output.Shape, Output.Block(block), Input.GradientStore);
        }
    }
}
