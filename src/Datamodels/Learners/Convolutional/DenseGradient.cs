using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// The gradient of a dense layer's weights: inputs times the output's gradient, summed over examples. Each pair of an input
/// and an output meets once in a block, so that examples are the depth of a product of matrices here, and outputs the lanes.
/// </summary>
internal sealed unsafe class DenseGradient<TSimd, TVector> : IDisposable
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Lanes = BlockShape.Lanes;

    private readonly Tensor _input;
    private readonly Tensor _output;
    private readonly NativeFloats _deltas;
    private readonly NativeFloats _sums;

    /// <param name="input">Input of the layer.</param>
    /// <param name="output">Output of the layer, one position.</param>
    public DenseGradient(Tensor input, Tensor output)
    {
        _input = input;
        _output = output;
        _deltas = new NativeFloats((nint)Lanes * Row);
        _sums = new NativeFloats((nint)Lines * Row);
    }

    private int Row => KernelLayout.Pad(_output.Shape.Channels);

    // Positions of all planes, with the unused ones between planes.
    private int Lines => _input.Shape.Floats / Lanes;

    /// <summary>Adds the examples of a pass.</summary>
    public void Add(Pass pass)
    {
        if (pass.First)
        {
            _sums.Clear();
        }

        for (int block = 0; block < pass.Blocks; block++)
        {
            Transpose.Copy(_output.Block(block), Lanes, _deltas.Data, Row, _output.Shape.Channels, Lanes);
            var add = new AddToSums<TSimd, TVector>(_sums.Data, Row);
            MatrixProduct<TSimd, TVector>.Multiply(
                _input.Block(block), Lanes, 1, _deltas.Data, Row, Lines, Lanes, _output.Shape.Channels, null, ref add);
        }
    }

    /// <summary>The sum for one weight.</summary>
    /// <param name="output">The output.</param>
    /// <param name="channel">Channel of the input.</param>
    /// <param name="position">Position in the channel's plane.</param>
    public float Of(int output, int channel, int position) =>
        _sums.Data[(channel * (_input.Shape.Plane / Lanes) + position) * Row + output];

    public void Dispose()
    {
        _deltas.Dispose();
        _sums.Dispose();
    }
}
