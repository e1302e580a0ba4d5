using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>The examples that go through a network together.</summary>
/// <param name="Examples">How many there are, in the lanes of <see cref="Blocks"/> blocks; the last may be incomplete.</param>
/// <param name="Training">Whether weights are being learned, or outputs taken.</param>
/// <param name="First">Whether these are the first of their batch.</param>
/// <param name="Last">Whether these are the last of their batch.</param>
internal readonly record struct Pass(int Examples, bool Training, bool First, bool Last)
{
    /// <summary>Blocks of 16 examples.</summary>
    public int Blocks => (Examples + BlockShape.Lanes - 1) / BlockShape.Lanes;

    /// <summary>Examples in one of the blocks.</summary>
    public int ExamplesIn(int block) => Math.Min(BlockShape.Lanes, Examples - block * BlockShape.Lanes);
}

/// <summary>
/// One operation of a network, from a tensor to a tensor. On the way back it finds the gradient in its output and, where it
/// is needed, leaves that of its input over the input.
/// </summary>
internal abstract unsafe class NetworkStep(Tensor input, Tensor output) : IDisposable
{
    /// <summary>What goes in.</summary>
    public Tensor Input => input;

    /// <summary>What comes out.</summary>
    public Tensor Output => output;

    /// <summary>Number of weights, each group rounded up to whole cache lines.</summary>
    public virtual int WeightCount => 0;

    /// <summary>Where each number that is learned is among the weights: without those that fill groups up.</summary>
    public virtual IEnumerable<int> Parameters => [];

    /// <summary>The weights, <c>[WeightCount]</c>.</summary>
    public float* Weights { get; private set; }

    /// <summary>The gradient of the weights after the last pass of a batch, <c>[WeightCount]</c>.</summary>
    public float* Gradients { get; private set; }

    /// <summary>Says where the weights and their gradients are.</summary>
    public void Bind(float* weights, float* gradients)
    {
        Weights = weights;
        Gradients = gradients;
    }

    /// <summary>Gives the weights, which are 0, their first values.</summary>
    public virtual void Initialize(RandomStream random)
    {
    }

    /// <summary>Makes the output of the input.</summary>
    public abstract void Forward(Pass pass);

    /// <summary>Adds to the gradients of the weights and makes the gradient of the input.</summary>
    public abstract void Backward(Pass pass);

    /// <summary>Frees what the step holds beside its tensors.</summary>
    public virtual void Dispose()
    {
    }
}
