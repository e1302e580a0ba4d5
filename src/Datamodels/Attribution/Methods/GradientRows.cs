using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;

namespace Datamodels.Attribution;

/// <summary>
/// Gradients of some examples with respect to all parameters of a network, a row each: as many as 64 MiB hold, 16 to 256.
/// </summary>
internal sealed unsafe class GradientRows : IDisposable
{
    private readonly ITrainedNetwork _network;
    private readonly NativeFloats _memory;

    /// <param name="network">The network.</param>
    public GradientRows(ITrainedNetwork network)
    {
        _network = network;
        Capacity = Math.Clamp((1 << 24) / Length, 16, 256) & ~3;

        // Products read whole blocks of four by four.
        _memory = new NativeFloats(((nint)Capacity * Length) + 4);
    }

    /// <summary>Most rows.</summary>
    public int Capacity { get; }

    /// <summary>Numbers of a row: the parameters of the network.</summary>
    public int Length => _network.ParameterCount;

    /// <summary>The rows, <c>[Capacity, Length]</c>.</summary>
    public float* Data => _memory.Data;

    /// <summary>Takes the gradients of Σ_c g_c z_c of up to <see cref="Capacity"/> examples.</summary>
    /// <param name="examples">Where they are from.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="logitGradients">g of all examples, <c>[examples, classes]</c>.</param>
    /// <returns>How many rows there are now.</returns>
    public int Load(ExampleSet examples, int first, ReadOnlySpan<float> logitGradients)
    {
        int count = Math.Min(Capacity, examples.Count - first);
        int classes = logitGradients.Length / examples.Count;
        _network.Gradients(
            examples, first, count, logitGradients.Slice(first * classes, count * classes),
            new Span<float>(Data, count * Length));
        return count;
    }

    public void Dispose() => _memory.Dispose();
}
