using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>
/// What the trainer shows of the convolutional network it has trained. The parameters are those of each step in turn: of a
/// convolution or dense layer the weights <c>[outputs, inputs, taps]</c> and the biases, of batch normalisation the factors
/// and the terms. Where outputs are the mean of those of an image and of its mirror image, so is all that is shown.
/// </summary>
internal sealed unsafe partial class ConvolutionalTrainer<TSimd, TVector>
{
    /// <inheritdoc/>
    public int ParameterCount => Network.Parameters.Length;

    /// <inheritdoc/>
    public int RepresentationSize => Network.Steps[LastDense()].Input.Shape.Values;

    /// <inheritdoc/>
    public void Logits(ExampleSet examples, int first, int count, Span<float> logits)
    {
        logits.Clear();
        Evaluate(example => examples.Row(first + example), count, Network.Logits, logits, CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Representations(ExampleSet examples, int first, int count, Span<float> representations)
    {
        representations.Clear();
        int last = LastDense();
        Evaluate(
            example => examples.Row(first + example), count, Network.Steps[last].Input, representations, CancellationToken.None);

        // Logits are linear in it still where they are scaled.
        float factor = Network.Steps.Skip(last).OfType<ScaleStep<TSimd, TVector>>()
            .Aggregate(1f, (all, step) => all * step.Factor);
        for (int i = 0; i < representations.Length && factor != 1; i++)
        {
            representations[i] *= factor;
        }
    }

    /// <inheritdoc/>
    /// <remarks>One example at a time, since a pass adds the gradients of its examples up.</remarks>
    public void Gradients(
        ExampleSet examples, int first, int count, ReadOnlySpan<float> logitGradients, Span<float> gradients)
    {
        int classes = _data.ClassCount;
        gradients.Clear();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> wanted = logitGradients.Slice(i * classes, classes);
            Span<float> gradient = gradients.Slice(i * ParameterCount, ParameterCount);
            float share = _learner.FlipAtTest ? 0.5f : 1;
            AddGradient(examples.Row(first + i), mirrored: false, wanted, share, gradient);
            if (_learner.FlipAtTest)
            {
                AddGradient(examples.Row(first + i), mirrored: true, wanted, share, gradient);
            }
        }
    }

    private void AddGradient(
        ReadOnlySpan<float> image, bool mirrored, ReadOnlySpan<float> wanted, float share, Span<float> gradient)
    {
        var pass = new Pass(Examples: 1, Training: false, First: true, Last: true);
        LoadRow(lane: 0, image, mirrored);
        LoadBlock(block: 0, examples: 1);
        Network.Forward(pass);
        float* logits = Network.Logits.Block(0);
        for (int c = 0; c < wanted.Length; c++)
        {
            // The other lanes have no part in it.
            new Span<float>(logits + c * Lanes, Lanes).Clear();
            logits[c * Lanes] = wanted[c];
        }

        Network.Backward(pass);
        for (int k = 0; k < gradient.Length; k++)
        {
            gradient[k] += share * Network.Gradients[Network.Parameters[k]];
        }
    }

    /// <summary>Number of the step that is the last dense layer.</summary>
    /// <exception cref="DatamodelException"><c>RepresentationMissing</c>: there is none.</exception>
    private int LastDense()
    {
        int last = Network.Steps.Count - 1;
        while (last >= 0 && Network.Steps[last] is not ConvolutionStep<TSimd, TVector> { IsDense: true })
        {
            last--;
        }

        return last >= 0
            ? last
            : throw new DatamodelException(
                "RepresentationMissing", ErrorKind.InvalidArgument,
                $"The {_learner} has no dense layer, whose inputs are the representation of an example; end its layers with "
                + "'dense'.");
    }
}
