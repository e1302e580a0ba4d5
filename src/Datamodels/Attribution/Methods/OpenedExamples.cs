using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;

namespace Datamodels.Attribution;

/// <summary>What one trained network says of a set of examples.</summary>
internal sealed class OpenedExamples
{
    private readonly int _classes;

    /// <param name="network">The network; used as long as it is open.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="DatamodelException"><c>TrainingDiverged</c>: a logit is not a finite number.</exception>
    public OpenedExamples(ITrainedNetwork network, ExampleSet examples, int classes)
    {
        Network = network;
        Examples = examples;
        _classes = classes;
        Logits = new float[examples.Count * classes];
        network.Logits(examples, 0, examples.Count, Logits);
        new TrainingOutput(0, Logits).RequireFinite("A model that was opened");
    }

    /// <summary>The network.</summary>
    public ITrainedNetwork Network { get; }

    /// <summary>The examples.</summary>
    public ExampleSet Examples { get; }

    /// <summary>Number of examples.</summary>
    public int Count => Examples.Count;

    /// <summary>z, <c>[count, classes]</c>.</summary>
    public float[] Logits { get; }

    /// <summary>p, the softmax of z, <c>[count, classes]</c>.</summary>
    public double[] Probabilities() => LogitGradients.Probabilities(Logits, _classes);

    /// <summary>
    /// What the last dense layer multiplies: the representation and a 1 for the bias, a row of whole cache lines for each
    /// example, and room for the three rows past the last that products read.
    /// </summary>
    public unsafe NativeFloats LastInputs()
    {
        int width = Network.RepresentationSize;
        int row = KernelLayout.Pad(width + 1);
        float[] values = new float[Count * width];
        Network.Representations(Examples, 0, Count, values);
        var rows = new NativeFloats((nint)(Count + 3) * row);
        for (int i = 0; i < Count; i++)
        {
            values.AsSpan(i * width, width).CopyTo(new Span<float>(rows.Data + ((nint)i * row), width));
            rows.Data[((nint)i * row) + width] = 1;
        }

        return rows;
    }
}
