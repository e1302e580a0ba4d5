using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// Sizes of a network of dense layers and how its matrices are laid out. Layer l turns <c>Sizes[l]</c> inputs into
/// <c>Sizes[l + 1]</c> outputs; its bias is one more row of weights.
/// </summary>
internal sealed class PerceptronShape
{
    public PerceptronShape(NetworkLearner learner, int features, int classes)
    {
        Sizes = [features, .. learner.Hidden, classes];
        WeightOffsets = new int[LayerCount + 1];
        for (int layer = 0; layer < LayerCount; layer++)
        {
            WeightOffsets[layer + 1] = checked((int)(WeightOffsets[layer] + WeightsOf(Sizes[layer], Sizes[layer + 1])));
        }
    }

    /// <summary>Features, hidden widths, classes.</summary>
    public int[] Sizes { get; }

    /// <summary>Number of layers of weights.</summary>
    public int LayerCount => Sizes.Length - 1;

    /// <summary>Where each layer's weights begin, and where the last one's end.</summary>
    public int[] WeightOffsets { get; }

    /// <summary>Floats of weights in all, padding included.</summary>
    public int WeightCount => WeightOffsets[^1];

    /// <summary>Floats of the weights and biases of one layer, padding included.</summary>
    public static long WeightsOf(int inputs, int outputs) => (inputs + 1L) * KernelLayout.Pad(outputs);

    /// <summary>
    /// Floats from row to row at level <paramref name="level"/>, 0 for the features to LayerCount for the logits: of the
    /// values there, one row an example, and of the weights into it, one row an input.
    /// </summary>
    public int Row(int level) => KernelLayout.Pad(Sizes[level]);
}
