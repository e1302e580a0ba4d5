using System.Runtime.CompilerServices;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// A network of layers as the steps that compute it, with its weights. Examples go through in blocks of 16, one in each
/// lane. Without batch normalisation one block after the other goes forward and back, and only one block's activations are
/// held, which then fit a near cache; with it, all blocks of a batch go from step to step together.
/// </summary>
internal sealed unsafe class ConvolutionalNetwork<TSimd, TVector> : IDisposable
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly List<NetworkStep> _steps = [];
    private readonly List<Tensor> _tensors = [];
    private readonly NativeFloats _weights;
    private readonly NativeFloats _gradients;
    private readonly NativeFloats _velocity;
    private readonly bool _wholeBatch;
    private readonly int _blocks;
    private readonly int _classes;

    /// <param name="layers">Layers that fit the image and the classes.</param>
    /// <param name="image">Shape of an image.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="batch">Most examples in a batch.</param>
    public ConvolutionalNetwork(EquatableList<Layer> layers, BlockShape image, int classes, int batch)
    {
        _classes = classes;
        _wholeBatch = LayerShapes.HasBatchNorm(layers);
        _blocks = _wholeBatch ? (batch + BlockShape.Lanes - 1) / BlockShape.Lanes : 1;
        Input = NewTensor(image, needsGradient: false);
        Logits = Append(layers, Input);

        _weights = new NativeFloats(_steps.Sum(step => step.WeightCount));
        _gradients = new NativeFloats(_weights.Count);
        _velocity = new NativeFloats(_weights.Count);
        nint offset = 0;
        var parameters = new List<int>();
        foreach (NetworkStep step in _steps)
        {
            step.Bind(_weights.Data + offset, _gradients.Data + offset);
            parameters.AddRange(step.Parameters.Select(place => (int)offset + place));
            offset += step.WeightCount;
        }

        Parameters = [.. parameters];
    }

    /// <summary>The images that go in.</summary>
    public Tensor Input { get; }

    /// <summary>The logits that come out, <c>[classes, 1, 1, 16]</c> in each block.</summary>
    public Tensor Logits { get; }

    /// <summary>The operations, in the order in which they are done.</summary>
    public IReadOnlyList<NetworkStep> Steps => _steps;

    /// <summary>All weights, <c>[weights]</c>: those of each step in turn.</summary>
    public Span<float> Weights => new(_weights.Data, (int)_weights.Count);

    /// <summary>Gradients of all weights after <see cref="Backward"/>, <c>[weights]</c>.</summary>
    public ReadOnlySpan<float> Gradients => new(_gradients.Data, (int)_gradients.Count);

    /// <summary>Where each number that is learned is among the weights, step by step, <c>[parameters]</c>.</summary>
    public int[] Parameters { get; }

    /// <summary>Most examples that go in at once: a batch, or a block.</summary>
    public int PassExamples => _blocks * BlockShape.Lanes;

    /// <summary>First weights from a seed; each step draws from a stream of its own.</summary>
    public void Initialize(ulong seed)
    {
        _weights.Clear();
        _velocity.Clear();
        for (int i = 0; i < _steps.Count; i++)
        {
            _steps[i].Initialize(new RandomStream(seed, RandomPurpose.Initialization, (ulong)i));
        }
    }

    /// <summary>From <see cref="Input"/> to <see cref="Logits"/>.</summary>
    public void Forward(Pass pass)
    {
        foreach (NetworkStep step in _steps)
        {
            step.Forward(pass);
        }
    }

    /// <summary>From the gradient of the logits, in their place, to the gradients of the weights.</summary>
    public void Backward(Pass pass)
    {
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            _steps[i].Backward(pass);
        }
    }

    /// <summary>Puts the gradient of the batch's mean cross-entropy in the place of the logits.</summary>
    /// <param name="pass">The examples.</param>
    /// <param name="labels">Class of each example of the pass.</param>
    /// <param name="batch">Examples in the whole batch.</param>
    /// <param name="smoothing">Label smoothing.</param>
    public void LossGradient(Pass pass, ReadOnlySpan<int> labels, int batch, float smoothing)
    {
        const int Lanes = BlockShape.Lanes;
        float share = 1f / batch;
        for (int block = 0; block < pass.Blocks; block++)
        {
            float* logits = Logits.Block(block);
            CrossEntropy<TSimd, TVector>.ByClass(logits, Lanes, Lanes, _classes, smoothing, share);
            int live = pass.ExamplesIn(block);
            for (int lane = 0; lane < live; lane++)
            {
                logits[labels[block * Lanes + lane] * Lanes + lane] -= (1 - smoothing) * share;
            }

            // Lanes past the last example have no part in any gradient.
            for (int c = 0; c < _classes && live < Lanes; c++)
            {
                new Span<float>(logits + c * Lanes + live, Lanes - live).Clear();
            }
        }
    }

    /// <summary>One step of gradient descent with momentum and weight decay on every weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(float rate, float momentum, float decay)
    {
        var update = new MomentumUpdate<TSimd, TVector>(_weights.Data, _velocity.Data, 0, rate, momentum, decay);
        for (int i = 0; i < _weights.Count; i += TSimd.Width)
        {
            update.Apply(TSimd.Load(_gradients.Data + i), 0, i);
        }
    }

    public void Dispose()
    {
        _weights.Dispose();
        _gradients.Dispose();
        _velocity.Dispose();
        _steps.ForEach(step => step.Dispose());
        _tensors.ForEach(tensor => tensor.Dispose());
    }

    private Tensor NewTensor(BlockShape shape, bool needsGradient)
    {
        var tensor = new Tensor(shape, _blocks, needsGradient);
        _tensors.Add(tensor);
        return tensor;
    }

    private Tensor Append(EquatableList<Layer> layers, Tensor input)
    {
        Tensor current = input;
        for (int i = 0; i < layers.Count; i++)
        {
            // A rectifier is part of the layer before it, whose output nothing else has read yet; but for pooling, which
            // writes what it has read.
            if (layers[i] is ReluLayer && i > 0 && layers[i - 1] is not (MaxPoolLayer or GlobalPoolLayer))
            {
                current.Rectified = true;
                continue;
            }

            bool normalized = i + 1 < layers.Count && layers[i + 1] is BatchNormLayer;
            current = Append(layers[i], current, normalized);
        }

        return current;
    }

    private Tensor Append(Layer layer, Tensor input, bool normalized)
    {
        bool learns = layer is ConvolutionLayer or DenseLayer or BatchNormLayer or ResidualLayer;
        Tensor output = NewTensor(layer.OutputOf(input.Shape, _classes)!.Value, input.NeedsGradient || learns);
        if (layer is ResidualLayer residual)
        {
            _steps.Add(new ForkStep<TSimd, TVector>(input, output));
            Tensor branch = Append(residual.Branch, input);
            _steps.Add(new JoinStep<TSimd, TVector>(input, branch, output));
            return output;
        }

        var whole = new Window(input.Shape.Height, input.Shape.Width, 1, 0);
        _steps.Add(layer switch
        {
            ConvolutionLayer convolution => new ConvolutionStep<TSimd, TVector>(
                input, output, convolution.Window, !normalized, _wholeBatch),
            DenseLayer dense => new ConvolutionStep<TSimd, TVector>(
                input, output, whole, dense.Bias && !normalized, _wholeBatch),
            BatchNormLayer => new BatchNormStep<TSimd, TVector>(input, output, _blocks),
            MaxPoolLayer pool => new MaxPoolStep<TSimd, TVector>(input, output, new Window(pool.Size, pool.Size, pool.Size, 0)),
            GlobalPoolLayer { Kind: PoolKind.Max } => new MaxPoolStep<TSimd, TVector>(input, output, whole),
            GlobalPoolLayer => new MeanPoolStep<TSimd, TVector>(input, output),
            ScaleLayer scale => new ScaleStep<TSimd, TVector>(input, output, (float)scale.Factor),
            ReluLayer => Rectifier(input, output),
            _ => throw new InvalidOperationException($"The layer '{layer}' has no step."),
        });
        return output;
    }

    private static ScaleStep<TSimd, TVector> Rectifier(Tensor input, Tensor output)
    {
        output.Rectified = true;
        return new ScaleStep<TSimd, TVector>(input, output, 1);
    }
}
