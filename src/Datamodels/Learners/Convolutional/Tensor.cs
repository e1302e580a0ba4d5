using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// What one step hands to the next, for some blocks of examples: activations on the way forward and, written over them, the
/// gradients of the loss with respect to them on the way back.
/// </summary>
internal sealed unsafe class Tensor : IDisposable
{
    private readonly NativeFloats _memory;

    /// <param name="shape">Shape of a block.</param>
    /// <param name="blocks">Blocks there is room for.</param>
    /// <param name="needsGradient">Whether a step before it learns.</param>
    public Tensor(BlockShape shape, int blocks, bool needsGradient)
    {
        Shape = shape;
        NeedsGradient = needsGradient;

        // Kernels work on up to eight channels and four positions at once, and may read (and the transposition of examples
        // write) so far past the last ones.
        _memory = new NativeFloats(
            (nint)blocks * shape.Floats + (TapPlan.RowBlock - 1) * (nint)shape.Plane + 4 * BlockShape.Lanes);
    }

    /// <summary>Shape of a block.</summary>
    public BlockShape Shape { get; }

    /// <summary>Whether anything that is learned depends on the gradient.</summary>
    public bool NeedsGradient { get; }

    /// <summary>
    /// Whether the activations are past a rectifier: whoever writes a gradient over one writes 0 where it is 0.
    /// </summary>
    public bool Rectified { get; set; }

    /// <summary>How activations are written.</summary>
    public PlaneStore ActivationStore => Rectified ? PlaneStore.Rectified : PlaneStore.Plain;

    /// <summary>How gradients are written over them.</summary>
    public PlaneStore GradientStore => Rectified ? PlaneStore.Gated : PlaneStore.Plain;

    /// <summary>The values of a block, <c>[channels, height, width, 16]</c>.</summary>
    public float* Block(int index) => _memory.Data + (nint)index * Shape.Floats;

    public void Dispose() => _memory.Dispose();
}
