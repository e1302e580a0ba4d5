using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// A convolution, or a dense layer, which is a convolution whose kernel is as large as the image. Weights are laid out
/// <c>[ceil(outputs / 8), inputs, taps, 8]</c>, then the biases, <c>[outputs rounded up to 16]</c>.
/// </summary>
internal sealed unsafe class ConvolutionStep<TSimd, TVector> : NetworkStep
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Lanes = BlockShape.Lanes;
    private const int RowBlock = TapPlan.RowBlock;
    private const int ChannelBlock = WeightGradient<TSimd, TVector>.ChannelBlock;

    private readonly Window _window;
    private readonly bool _hasBias;
    private readonly TapPlan _forward;
    private readonly TapPlan _backward;
    private readonly NativeFloats _transposed;
    private readonly NativeFloats _zeros;
    private readonly DenseGradient<TSimd, TVector>? _dense;
    private readonly NativeFloats _sums;
    private readonly NativeFloats _biasSums;

    // From one tile's sums to the next's: 0 where a tile is done for the whole batch before the next is begun.
    private readonly nint _sumStep;

    /// <param name="input">What goes in.</param>
    /// <param name="output">What comes out.</param>
    /// <param name="window">The kernel.</param>
    /// <param name="hasBias">Whether each output channel has a bias.</param>
    /// <param name="wholeBatch">Whether each pass is a whole batch.</param>
    public ConvolutionStep(Tensor input, Tensor output, Window window, bool hasBias, bool wholeBatch)
        : base(input, output)
    {
        _window = window;
        _hasBias = hasBias;
        _forward = TapPlan.Forward(input.Shape, output.Shape, window);
        _backward = TapPlan.Backward(input.Shape, output.Shape, window);
        int inputs = input.Shape.Channels;
        int outputs = output.Shape.Channels;
        _transposed = new NativeFloats(input.NeedsGradient ? (nint)Blocks(inputs) * outputs * window.Taps * RowBlock : 0);
        _zeros = new NativeFloats(Math.Max(KernelLayout.Pad(inputs), KernelLayout.Pad(outputs)));
        bool isDense = window.Taps == input.Shape.Positions && window.Padding == 0;
        _dense = isDense ? new DenseGradient<TSimd, TVector>(input, output) : null;
        nint tile = (nint)window.Taps * RowBlock * Lanes;
        nint tiles = _dense is not null ? 0 : wholeBatch ? ChannelBlock : (nint)Blocks(outputs) * inputs;
        _sumStep = wholeBatch ? 0 : tile;
        _sums = new NativeFloats(tiles * tile + RowBlock * Lanes);
        _biasSums = new NativeFloats((nint)KernelLayout.Pad(outputs) * Lanes);
    }

    /// <summary>Whether it is a dense layer: each output sees the whole image.</summary>
    public bool IsDense => _dense is not null;

    private int BiasOffset => Blocks(Output.Shape.Channels) * Input.Shape.Channels * _window.Taps * RowBlock;

    /// <inheritdoc/>
    public override int WeightCount => KernelLayout.Pad(BiasOffset) + (_hasBias ? KernelLayout.Pad(Output.Shape.Channels) : 0);

    /// <inheritdoc/>
    public override IEnumerable<int> Parameters
    {
        get
        {
            for (int output = 0; output < Output.Shape.Channels; output++)
            {
                for (int input = 0; input < Input.Shape.Channels; input++)
                {
                    for (int tap = 0; tap < _window.Taps; tap++)
                    {
                        yield return At(output, input, tap);
                    }
                }
            }

            for (int output = 0; output < Output.Shape.Channels && _hasBias; output++)
            {
                yield return BiasAt(output);
            }
        }
    }

    /// <summary>Where a weight is.</summary>
    /// <param name="output">Output channel.</param>
    /// <param name="input">Input channel.</param>
    /// <param name="tap">Row of the kernel times its width plus column.</param>
    public int At(int output, int input, int tap) =>
        ((output / RowBlock * Input.Shape.Channels + input) * _window.Taps + tap) * RowBlock + output % RowBlock;

    /// <summary>Where the bias of an output channel is.</summary>
    public int BiasAt(int output) => KernelLayout.Pad(BiasOffset) + output;

    /// <summary>Weights uniform on ±sqrt(6 / inputs of an output) (He et al. 2015); biases stay 0.</summary>
    public override void Initialize(RandomStream random)
    {
        float bound = (float)Math.Sqrt(6.0 / (Input.Shape.Channels * _window.Taps));
        for (int output = 0; output < Output.Shape.Channels; output++)
        {
            for (int input = 0; input < Input.Shape.Channels; input++)
            {
                for (int tap = 0; tap < _window.Taps; tap++)
                {
                    Weights[At(output, input, tap)] = (2 * random.NextSingle() - 1) * bound;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Forward(Pass pass)
    {
        float* start = _hasBias ? Weights + BiasAt(0) : _zeros.Data;
        for (int block = 0; block < pass.Blocks; block++)
        {
            Correlation<TSimd, TVector>.Run(
                _forward, Input.Block(block), Output.Block(block), Weights, start, Output.ActivationStore);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass)
    {
        // The weights' gradient needs the input, which its own gradient takes the place of.
        if (_dense is not null)
        {
            AddDenseGradient(_dense, pass);
        }
        else
        {
            AddWeightGradient(pass);
        }

        if (_hasBias)
        {
            AddBiasGradient(pass);
        }

        if (Input.NeedsGradient)
        {
            InputGradient(pass);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _transposed.Dispose();
        _zeros.Dispose();
        _dense?.Dispose();
        _sums.Dispose();
        _biasSums.Dispose();
    }

    private static int Blocks(int channels) => (channels + RowBlock - 1) / RowBlock;

    private void AddDenseGradient(DenseGradient<TSimd, TVector> dense, Pass pass)
    {
        dense.Add(pass);
        for (int output = 0; output < Output.Shape.Channels && pass.Last; output++)
        {
            for (int input = 0; input < Input.Shape.Channels; input++)
            {
                for (int tap = 0; tap < _window.Taps; tap++)
                {
                    Gradients[At(output, input, tap)] = dense.Of(output, input, tap);
                }
            }
        }
    }

    private void AddWeightGradient(Pass pass)
    {
        int inputs = Input.Shape.Channels;
        int taps = _window.Taps;
        for (int output = 0; output < Output.Shape.Channels; output += RowBlock)
        {
            int rows = Math.Min(RowBlock, Output.Shape.Channels - output);
            for (int input = 0; input < inputs; input += ChannelBlock)
            {
                int channels = Math.Min(ChannelBlock, inputs - input);
                int count = channels * taps * RowBlock;
                float* sums = _sums.Data + (output / RowBlock * inputs + input) * _sumStep;
                if (pass.First)
                {
                    new Span<float>(sums, count * Lanes).Clear();
                }

                WeightGradient<TSimd, TVector>.Add(
                    _window, Input.Shape, Output.Shape, Input.Block(0) + input * Input.Shape.Plane, channels,
                    Output.Block(0) + output * Output.Shape.Plane, rows, pass.Blocks, sums);
                if (pass.Last)
                {
                    float* gradients = Gradients + At(output, input, 0);
                    LaneSum<TSimd, TVector>.Total(sums, count, gradients);
                    ClearUnused(gradients, count, rows);
                }
            }
        }
    }

    // The weights past the last output channel have no gradient, and stay 0.
    private static void ClearUnused(float* gradients, int count, int rows)
    {
        for (int i = 0; i < count; i += RowBlock)
        {
            new Span<float>(gradients + i + rows, RowBlock - rows).Clear();
        }
    }

    private void AddBiasGradient(Pass pass)
    {
        if (pass.First)
        {
            _biasSums.Clear();
        }

        for (int block = 0; block < pass.Blocks; block++)
        {
            for (int output = 0; output < Output.Shape.Channels; output++)
            {
                PlaneArithmetic<TSimd, TVector>.AddSum(
                    Output.Block(block) + output * Output.Shape.Plane, Output.Shape.Positions, _biasSums.Data + output * Lanes);
            }
        }

        if (pass.Last)
        {
            LaneSum<TSimd, TVector>.Total(_biasSums.Data, Output.Shape.Channels, Gradients + BiasAt(0));
        }
    }

    private void InputGradient(Pass pass)
    {
        if (pass.First)
        {
            TransposeWeights();
        }

        for (int block = 0; block < pass.Blocks; block++)
        {
            Correlation<TSimd, TVector>.Run(
                _backward, Output.Block(block), Input.Block(block), _transposed.Data, _zeros.Data, Input.GradientStore);
        }
    }

    // To [ceil(inputs / 8), outputs, taps, 8]: what the input's gradient is made with.
    private void TransposeWeights()
    {
        int taps = _window.Taps;
        int outputs = Output.Shape.Channels;
        for (int input = 0; input < Input.Shape.Channels; input++)
        {
            for (int output = 0; output < outputs; output++)
            {
                float* source = Weights + At(output, input, 0);
                float* target = _transposed.Data + (input / RowBlock * outputs + output) * taps * RowBlock + input % RowBlock;
                for (int tap = 0; tap < taps; tap++)
                {
                    target[tap * RowBlock] = source[tap * RowBlock];
                }
            }
        }
    }
}
