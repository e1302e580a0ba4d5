using Datamodels.Kernels;

namespace Datamodels.Benchmarks;

/// <summary>The three kernels of a convolutional layer on a block of 16 examples, on memory of its own.</summary>
internal sealed unsafe class ConvolutionKernels<TSimd, TVector> : IDisposable
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int ChannelBlock = WeightGradient<TSimd, TVector>.ChannelBlock;

    private readonly Window _window;
    private readonly BlockShape _input;
    private readonly BlockShape _output;
    private readonly TapPlan _forward;
    private readonly TapPlan _backward;
    private readonly NativeFloats _inputs;
    private readonly NativeFloats _outputs;
    private readonly NativeFloats _weights;
    private readonly NativeFloats _start;
    private readonly NativeFloats _sums;

    public ConvolutionKernels(int channels, int size, int outputs, int kernel)
    {
        _window = new Window(kernel, kernel, 1, kernel / 2);
        _input = new BlockShape(channels, size, size);
        _output = new BlockShape(outputs, size, size);
        _forward = TapPlan.Forward(_input, _output, _window);
        _backward = TapPlan.Backward(_input, _output, _window);
        _inputs = RandomFloats.Make(_input.Floats);
        _outputs = RandomFloats.Make(_output.Floats);
        int most = KernelLayout.Pad(Math.Max(channels, outputs));
        _weights = RandomFloats.Make((nint)most * most * _window.Taps);
        _start = RandomFloats.Make(most);
        _sums = RandomFloats.Make((nint)ChannelBlock * (_window.Taps + 1) * TapPlan.RowBlock * BlockShape.Lanes);
    }

    /// <summary>Multiply-adds of each of the kernels; taps outside the image are none.</summary>
    public double MultiplyAdds =>
        _forward.Runs.Sum(run => (double)run.Count * run.TapCount) * _input.Channels * _output.Channels * BlockShape.Lanes;

    public void Forward() => Correlation<TSimd, TVector>.Run(
        _forward, _inputs.Data, _outputs.Data, _weights.Data, _start.Data, PlaneStore.Rectified);

    public void InputGradient() => Correlation<TSimd, TVector>.Run(
        _backward, _outputs.Data, _inputs.Data, _weights.Data, _start.Data, PlaneStore.Plain);

    public void Gradient()
    {
        for (int output = 0; output < _output.Channels; output += TapPlan.RowBlock)
        {
            for (int input = 0; input < _input.Channels; input += ChannelBlock)
            {
                _sums.Clear();
                WeightGradient<TSimd, TVector>.Add(
                    _window, _input, _output, _inputs.Data + input * _input.Plane,
                    Math.Min(ChannelBlock, _input.Channels - input), _outputs.Data + output * _output.Plane,
                    Math.Min(TapPlan.RowBlock, _output.Channels - output), 1, _sums.Data);
            }
        }
    }

    public void Dispose()
    {
        foreach (NativeFloats floats in new[] { _inputs, _outputs, _weights, _start, _sums })
        {
            floats.Dispose();
        }
    }
}
