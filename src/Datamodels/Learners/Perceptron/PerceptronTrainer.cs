using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Subsets;

namespace Datamodels.Learners;

/// <summary>
/// Softmax regression and perceptrons by mini-batch gradient descent. Everything a step touches (the batch, weights,
/// velocities, activations, deltas) lies in one block of memory, which for small networks fits the first-level cache.
/// </summary>
internal sealed unsafe partial class PerceptronTrainer<TSimd, TVector> : INetworkTrainer
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly TrainingData _data;
    private readonly NetworkLearner _learner;
    private readonly PerceptronShape _shape;
    private readonly PaddedFeatures _train;
    private readonly PaddedFeatures _targets;
    private readonly int _batch;
    private readonly NativeFloats _memory;
    private readonly float* _weights;
    private readonly float* _velocity;
    private readonly float*[] _transposed;
    private readonly float*[] _activations;
    private readonly float*[] _deltas;
    private readonly float* _logitColumns;
    private readonly int* _batchLabels;
    private readonly SubsetExamples _examples;

    /// <param name="data">The training set.</param>
    /// <param name="learner">Validated settings.</param>
    /// <param name="train">The training features, padded; shared by all trainers.</param>
    /// <param name="targets">The features of the targets, padded.</param>
    public PerceptronTrainer(TrainingData data, NetworkLearner learner, PaddedFeatures train, PaddedFeatures targets)
    {
        _data = data;
        _learner = learner;
        _train = train;
        _targets = targets;
        _shape = new PerceptronShape(learner, data.FeatureCount, data.ClassCount);
        _batch = Math.Min(learner.BatchSize, data.TrainCount);
        _examples = new SubsetExamples(data);

        // Rows of a batch, and classes, in whole blocks of what transposition takes at a time.
        nint rows = KernelLayout.Pad(_batch);
        nint logitColumns = KernelLayout.Pad(data.ClassCount) * rows;
        nint floats = 2 * (nint)_shape.WeightCount + logitColumns + rows;
        for (int level = 0; level <= _shape.LayerCount; level++)
        {
            floats += rows * _shape.Row(level) + DeltaCount(level) + TransposedCount(level);
        }

        _memory = new NativeFloats(floats);
        float* next = _memory.Data;
        _weights = Take(ref next, _shape.WeightCount);
        _velocity = Take(ref next, _shape.WeightCount);
        _logitColumns = Take(ref next, logitColumns);
        _batchLabels = (int*)Take(ref next, rows);
        _activations = new float*[_shape.LayerCount + 1];
        _deltas = new float*[_shape.LayerCount + 1];
        _transposed = new float*[_shape.LayerCount + 1];
        for (int level = 0; level <= _shape.LayerCount; level++)
        {
            _activations[level] = Take(ref next, rows * _shape.Row(level));
            _deltas[level] = Take(ref next, DeltaCount(level));
            _transposed[level] = Take(ref next, TransposedCount(level));
        }
    }

    /// <summary>The weights of the last model trained, laid out by <see cref="PerceptronShape"/>.</summary>
    internal ReadOnlySpan<float> Weights => new(_weights, _shape.WeightCount);

    public void Dispose() => _memory.Dispose();

    /// <summary>Trains the task's model and returns its logits on the targets, <c>[targets, classes]</c>.</summary>
    public float[] Train(TrainingTask task, CancellationToken cancellation)
    {
        Learn(task, _ => { }, cancellation);
        return TargetLogits();
    }

    public void Learn(TrainingTask task, Action<int> epochDone, CancellationToken cancellation)
    {
        _examples.Select(task);
        Initialize(task.Seed);
        int batch = Math.Min(_batch, _examples.Count);
        int steps = _examples.Count / batch;
        for (int epoch = 0; epoch < _learner.Epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<int> order = _examples.OrderOf(epoch);
            for (int step = 0; step < steps; step++)
            {
                LoadBatch(order.Slice(step * batch, batch));
                Forward(batch);
                OutputGradient(batch);
                Backward(batch, TriangularSchedule.Rate(_learner, epoch * steps + step, steps));
            }

            epochDone(epoch + 1);
        }
    }

    private static float* Take(ref float* next, nint floats)
    {
        float* block = next;
        next += floats;
        return block;
    }

    /// <summary>Floats of the deltas of a level, <c>[Pad(batch), Row]</c>; the features have none.</summary>
    private nint DeltaCount(int level) => level > 0 ? (nint)KernelLayout.Pad(_batch) * _shape.Row(level) : 0;

    /// <summary>Floats of the transposed weights out of a hidden level, <c>[Pad(Sizes[level + 1]), Row]</c>.</summary>
    private nint TransposedCount(int level) =>
        level > 0 && level < _shape.LayerCount
            ? (nint)KernelLayout.Pad(_shape.Sizes[level + 1]) * _shape.Row(level)
            : 0;

    /// <summary>Weights uniform on ±sqrt(6 / inputs) (He et al. 2015), biases 0, velocities 0.</summary>
    private void Initialize(ulong seed)
    {
        NativeMemory.Clear(_weights, 2 * (nuint)_shape.WeightCount * sizeof(float));
        for (int layer = 0; layer < _shape.LayerCount; layer++)
        {
            var random = new RandomStream(seed, RandomPurpose.Initialization, (ulong)layer);
            float bound = (float)Math.Sqrt(6.0 / _shape.Sizes[layer]);
            for (int row = 0; row < _shape.Sizes[layer]; row++)
            {
                float* weights = _weights + _shape.WeightOffsets[layer] + (nint)row * _shape.Row(layer + 1);
                for (int column = 0; column < _shape.Sizes[layer + 1]; column++)
                {
                    weights[column] = (2 * random.NextSingle() - 1) * bound;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadBatch(ReadOnlySpan<int> examples)
    {
        int row = _train.Row;
        float* target = _activations[0];
        for (int i = 0; i < examples.Length; i++, target += row)
        {
            float* source = _train.Example(examples[i]);
            for (int k = 0; k < row; k += TSimd.Width)
            {
                TSimd.Store(TSimd.Load(source + k), target + k);
            }

            _batchLabels[i] = _examples.LabelOf(examples[i]);
        }
    }

    /// <summary>From <c>_activations[0]</c> to the logits, <c>_activations[LayerCount]</c>.</summary>
    private void Forward(int batch)
    {
        int last = _shape.LayerCount - 1;
        for (int layer = 0; layer <= last; layer++)
        {
            int inputs = _shape.Sizes[layer];
            int outputs = _shape.Sizes[layer + 1];
            nint inputRow = _shape.Row(layer);
            nint outputRow = _shape.Row(layer + 1);
            float* weights = _weights + _shape.WeightOffsets[layer];
            float* bias = weights + inputs * outputRow;
            float* output = _activations[layer + 1];
            if (layer == last)
            {
                var store = new StoreProduct<TSimd, TVector>(output, outputRow);
                MatrixProduct<TSimd, TVector>.Multiply(
                    _activations[layer], inputRow, 1, weights, outputRow, batch, inputs, outputs, bias, ref store);
            }
            else
            {
                var store = new StoreRectified<TSimd, TVector>(output, outputRow);
                MatrixProduct<TSimd, TVector>.Multiply(
                    _activations[layer], inputRow, 1, weights, outputRow, batch, inputs, outputs, bias, ref store);
            }
        }
    }

    private void OutputGradient(int batch)
    {
        int level = _shape.LayerCount;
        CrossEntropy<TSimd, TVector>.Gradient(
            _activations[level], _deltas[level], _batchLabels, batch, _data.ClassCount, _shape.Row(level),
            (float)_learner.LabelSmoothing, _logitColumns);
    }

    /// <summary>From the logits' gradient down, each layer's deltas before its weights change.</summary>
    private void Backward(int batch, float rate)
    {
        for (int layer = _shape.LayerCount - 1; layer >= 0; layer--)
        {
            int inputs = _shape.Sizes[layer];
            int outputs = _shape.Sizes[layer + 1];
            nint inputRow = _shape.Row(layer);
            nint outputRow = _shape.Row(layer + 1);
            float* weights = _weights + _shape.WeightOffsets[layer];
            if (layer > 0)
            {
                DeltasBelow(layer, batch);
            }

            float* velocity = _velocity + _shape.WeightOffsets[layer];
            MomentumUpdate<TSimd, TVector> UpdateAt(nint offset) => new(
                weights + offset, velocity + offset, outputRow, rate, (float)_learner.Momentum, (float)_learner.WeightDecay);
            var update = UpdateAt(0);
            MatrixProduct<TSimd, TVector>.Multiply(
                _activations[layer], 1, inputRow, _deltas[layer + 1], outputRow, inputs, batch, outputs, null, ref update);

            // The bias sees an input of 1 in every example.
            float one = 1;
            var updateBias = UpdateAt(inputs * outputRow);
            MatrixProduct<TSimd, TVector>.Multiply(
                &one, 0, 0, _deltas[layer + 1], outputRow, 1, batch, outputs, null, ref updateBias);
        }
    }

    /// <summary>The deltas of level <paramref name="layer"/>, above 0, from those of the level above.</summary>
    private void DeltasBelow(int layer, int batch)
    {
        int inputs = _shape.Sizes[layer];
        int outputs = _shape.Sizes[layer + 1];
        nint inputRow = _shape.Row(layer);
        nint outputRow = _shape.Row(layer + 1);
        Transpose.Copy(
            _weights + _shape.WeightOffsets[layer], outputRow, _transposed[layer], inputRow, inputs, outputs);
        var gate = new StoreGated<TSimd, TVector>(_deltas[layer], inputRow, _activations[layer], inputRow);
        MatrixProduct<TSimd, TVector>.Multiply(
            _deltas[layer + 1], outputRow, 1, _transposed[layer], inputRow, batch, outputs, inputs, null, ref gate);
    }

    /// <summary>Logits on every target, <c>[targets, classes]</c>.</summary>
    private float[] TargetLogits()
    {
        int classes = _data.ClassCount;
        float[] logits = new float[_targets.Count * classes];
        int level = _shape.LayerCount;
        nint row = _shape.Row(level);
        for (int start = 0; start < _targets.Count; start += _batch)
        {
            int batch = Math.Min(_batch, _targets.Count - start);
            nuint bytes = (nuint)batch * (nuint)_targets.Row * sizeof(float);
            NativeMemory.Copy(_targets.Example(start), _activations[0], bytes);
            Forward(batch);
            for (int i = 0; i < batch; i++)
            {
                new ReadOnlySpan<float>(_activations[level] + i * row, classes).CopyTo(logits.AsSpan((start + i) * classes));
            }
        }

        return logits;
    }
}
