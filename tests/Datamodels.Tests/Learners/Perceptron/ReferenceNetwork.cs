using Datamodels.Data;
using Datamodels.Learners;

namespace Datamodels.Tests.Learners;

/// <summary>The network and its loss in float64, straight from the definitions, for finite differences.</summary>
internal sealed class ReferenceNetwork
{
    private readonly PerceptronShape _shape;
    private readonly double _smoothing;

    public ReferenceNetwork(PerceptronShape shape, ReadOnlySpan<float> weights, double smoothing)
    {
        _shape = shape;
        _smoothing = smoothing;
        Weights = [.. weights.ToArray().Select(w => (double)w)];
    }

    public double[] Weights { get; }

    /// <summary>Mean cross-entropy over the examples, as the learner smooths it.</summary>
    public double Loss(ExampleSet set, int[] examples)
    {
        double total = 0;
        foreach (int example in examples)
        {
            double[] logits = Logits(set.Row(example));
            double largest = logits.Max();
            double logSum = largest + Math.Log(logits.Sum(z => Math.Exp(z - largest)));
            for (int c = 0; c < logits.Length; c++)
            {
                double wanted = _smoothing / logits.Length + (c == set.Labels[example] ? 1 - _smoothing : 0);
                total += wanted * (logSum - logits[c]);
            }
        }

        return total / examples.Length;
    }

    public double[] Logits(ReadOnlySpan<float> features)
    {
        double[] values = [.. features.ToArray().Select(x => (double)x)];
        for (int layer = 0; layer < _shape.LayerCount; layer++)
        {
            double[] next = new double[_shape.Sizes[layer + 1]];
            for (int j = 0; j < next.Length; j++)
            {
                next[j] = Weights[At(layer, values.Length, j)];
                for (int i = 0; i < values.Length; i++)
                {
                    next[j] += values[i] * Weights[At(layer, i, j)];
                }

                if (layer + 1 < _shape.LayerCount)
                {
                    next[j] = Math.Max(next[j], 0);
                }
            }

            values = next;
        }

        return values;
    }

    /// <summary>Where the weight from input i to output j of a layer is; the bias is input Sizes[layer].</summary>
    public int At(int layer, int i, int j) => _shape.WeightOffsets[layer] + i * _shape.Row(layer + 1) + j;
}
