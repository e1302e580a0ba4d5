using Datamodels.Kernels;

namespace Datamodels.Benchmarks;

/// <summary>The three products of a dense layer, on memory of its own.</summary>
internal sealed unsafe class DenseProducts<TSimd, TVector> : IDisposable
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly int _batch;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _inputRow;
    private readonly int _outputRow;
    private readonly NativeFloats _activations;
    private readonly NativeFloats _weights;
    private readonly NativeFloats _velocity;
    private readonly NativeFloats _transposed;
    private readonly NativeFloats _deltas;
    private readonly NativeFloats _inputDeltas;

    public DenseProducts(int batch, int inputs, int outputs)
    {
        (_batch, _inputs, _outputs) = (batch, inputs, outputs);
        (_inputRow, _outputRow) = (KernelLayout.Pad(inputs), KernelLayout.Pad(outputs));
        _activations = RandomFloats.Make((nint)batch * _inputRow);
        _weights = RandomFloats.Make((nint)(inputs + 1) * _outputRow);
        _velocity = RandomFloats.Make(_weights.Count);
        _transposed = RandomFloats.Make((nint)_outputRow * _inputRow);
        _deltas = RandomFloats.Make((nint)batch * _outputRow);
        _inputDeltas = RandomFloats.Make(_activations.Count);
    }

    public void Forward()
    {
        var store = new StoreRectified<TSimd, TVector>(_deltas.Data, _outputRow);
        MatrixProduct<TSimd, TVector>.Multiply(
            _activations.Data, _inputRow, 1, _weights.Data, _outputRow, _batch, _inputs, _outputs, _weights.Data, ref store);
    }

    public void InputGradient()
    {
        var gate = new StoreGated<TSimd, TVector>(_inputDeltas.Data, _inputRow, _activations.Data, _inputRow);
        MatrixProduct<TSimd, TVector>.Multiply(
            _deltas.Data, _outputRow, 1, _transposed.Data, _inputRow, _batch, _outputs, _inputs, null, ref gate);
    }

    public void WeightGradient()
    {
        // A rate of 0 keeps the weights where they are, however often this is called.
        var update = new MomentumUpdate<TSimd, TVector>(_weights.Data, _velocity.Data, _outputRow, 0, 0.9f, 5e-4f);
        MatrixProduct<TSimd, TVector>.Multiply(
            _activations.Data, 1, _inputRow, _deltas.Data, _outputRow, _inputs, _batch, _outputs, null, ref update);
    }

    public void Dispose()
    {
        foreach (NativeFloats floats in new[] { _activations, _weights, _velocity, _transposed, _deltas, _inputDeltas })
        {
            floats.Dispose();
        }
    }
}
