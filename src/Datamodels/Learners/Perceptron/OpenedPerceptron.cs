using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>
/// What the trainer shows of the perceptron it has trained. The parameters are, layer by layer, the weights
/// <c>[inputs, outputs]</c> and the biases <c>[outputs]</c>.
/// </summary>
internal sealed unsafe partial class PerceptronTrainer<TSimd, TVector>
{
    /// <inheritdoc/>
    public int ParameterCount
    {
        get
        {
            int count = 0;
            for (int layer = 0; layer < _shape.LayerCount; layer++)
            {
                count += (_shape.Sizes[layer] + 1) * _shape.Sizes[layer + 1];
            }

            return count;
        }
    }

    /// <inheritdoc/>
    public int RepresentationSize => _shape.Sizes[_shape.LayerCount - 1];

    /// <inheritdoc/>
    public void Logits(ExampleSet examples, int first, int count, Span<float> logits) =>
        Values(_shape.LayerCount, examples, first, count, logits);

    /// <inheritdoc/>
    public void Representations(ExampleSet examples, int first, int count, Span<float> representations) =>
        Values(_shape.LayerCount - 1, examples, first, count, representations);

    /// <inheritdoc/>
    public void Gradients(
        ExampleSet examples, int first, int count, ReadOnlySpan<float> logitGradients, Span<float> gradients)
    {
        int classes = _data.ClassCount;
        int parameters = ParameterCount;
        int top = _shape.LayerCount;
        for (int start = 0; start < count; start += _batch)
        {
            int batch = Math.Min(_batch, count - start);
            Forward(examples, first + start, batch);
            for (int i = 0; i < batch; i++)
            {
                logitGradients.Slice((start + i) * classes, classes)
                    .CopyTo(new Span<float>(_deltas[top] + (nint)i * _shape.Row(top), classes));
            }

            for (int layer = top - 1; layer > 0; layer--)
            {
                DeltasBelow(layer, batch);
            }

            for (int i = 0; i < batch; i++)
            {
                Gradient(i, gradients.Slice((start + i) * parameters, parameters));
            }
        }
    }

    /// <summary>The values at a level of the network, <c>[count, Sizes[level]]</c>.</summary>
    private void Values(int level, ExampleSet examples, int first, int count, Span<float> values)
    {
        int width = _shape.Sizes[level];
        for (int start = 0; start < count; start += _batch)
        {
            int batch = Math.Min(_batch, count - start);
            Forward(examples, first + start, batch);
            for (int i = 0; i < batch; i++)
            {
                new ReadOnlySpan<float>(_activations[level] + (nint)i * _shape.Row(level), width)
                    .CopyTo(values[((start + i) * width)..]);
            }
        }
    }

    private void Forward(ExampleSet examples, int first, int batch)
    {
        for (int i = 0; i < batch; i++)
        {
            examples.Row(first + i).CopyTo(new Span<float>(_activations[0] + (nint)i * _shape.Row(0), _shape.Sizes[0]));
        }

        Forward(batch);
    }

    /// <summary>The gradient of one example of a batch: what went into each layer times the deltas of what came out.</summary>
    private void Gradient(int example, Span<float> gradient)
    {
        int next = 0;
        for (int layer = 0; layer < _shape.LayerCount; layer++)
        {
            int outputs = _shape.Sizes[layer + 1];
            float* inputs = _activations[layer] + (nint)example * _shape.Row(layer);
            var deltas = new ReadOnlySpan<float>(_deltas[layer + 1] + (nint)example * _shape.Row(layer + 1), outputs);
            for (int input = 0; input < _shape.Sizes[layer]; input++)
            {
                foreach (float delta in deltas)
                {
                    gradient[next++] = inputs[input] * delta;
                }
            }

            // The bias sees an input of 1.
            deltas.CopyTo(gradient[next..]);
            next += outputs;
        }
    }
}
