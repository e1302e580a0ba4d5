using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// Convolutional networks by mini-batch gradient descent. All memory is allocated once: the weights three times over, and the
/// activations of one block of 16 examples or, with batch normalisation, of a batch.
/// </summary>
internal sealed unsafe partial class ConvolutionalTrainer<TSimd, TVector> : INetworkTrainer
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Lanes = BlockShape.Lanes;

    private delegate ReadOnlySpan<float> ImageSource(int example);

    private readonly TrainingData _data;
    private readonly NetworkLearner _learner;
    private readonly PaddedFeatures _train;
    private readonly PaddedFeatures _targets;
    private readonly BlockShape _image;
    private readonly Augmentation _augmentation;
    private readonly int _batch;
    private readonly NativeFloats _rows;
    private readonly SubsetExamples _examples;
    private readonly int[] _passLabels;

    /// <param name="data">The training set.</param>
    /// <param name="learner">Settings, validated for the data.</param>
    /// <param name="train">The training features, padded; shared by all trainers.</param>
    /// <param name="targets">The features of the targets, padded.</param>
    public ConvolutionalTrainer(TrainingData data, NetworkLearner learner, PaddedFeatures train, PaddedFeatures targets)
    {
        _data = data;
        _learner = learner;
        _train = train;
        _targets = targets;
        ImageShape image = data.ImageShape!.Value;
        _image = new BlockShape(image.Channels, image.Height, image.Width);
        _augmentation = new Augmentation(learner, image);
        _batch = Math.Min(learner.BatchSize, data.TrainCount);
        Network = new ConvolutionalNetwork<TSimd, TVector>(learner.Layers, _image, data.ClassCount, _batch);
        _rows = new NativeFloats((nint)Lanes * train.Row + Lanes);
        _examples = new SubsetExamples(data);
        _passLabels = new int[Network.PassExamples];
    }

    /// <summary>The network, with the weights of the last model trained.</summary>
    internal ConvolutionalNetwork<TSimd, TVector> Network { get; }

    public void Dispose()
    {
        Network.Dispose();
        _rows.Dispose();
    }

    /// <summary>Trains the task's model and returns its logits on the targets, <c>[targets, classes]</c>.</summary>
    public float[] Train(TrainingTask task, CancellationToken cancellation)
    {
        Learn(task, _ => { }, cancellation);
        float[] logits = new float[_targets.Count * _data.ClassCount];
        int values = _image.Values;
        Evaluate(
            example => new ReadOnlySpan<float>(_targets.Example(example), values), _targets.Count, Network.Logits, logits,
            cancellation);
        return logits;
    }

    public void Learn(TrainingTask task, Action<int> epochDone, CancellationToken cancellation)
    {
        _examples.Select(task);
        Network.Initialize(task.Seed);
        int batch = Math.Min(_batch, _examples.Count);
        int steps = _examples.Count / batch;
        for (int epoch = 0; epoch < _learner.Epochs; epoch++)
        {
            ReadOnlySpan<int> order = _examples.OrderOf(epoch);
            for (int step = 0; step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                Gradients(order, step * batch, batch, task.Seed, epoch);
                float rate = TriangularSchedule.Rate(_learner, epoch * steps + step, steps);
                Network.Update(rate, (float)_learner.Momentum, (float)_learner.WeightDecay);
            }

            epochDone(epoch + 1);
        }
    }

    /// <summary>The gradient of one batch, some blocks at a time.</summary>
    private void Gradients(ReadOnlySpan<int> order, int start, int batch, ulong seed, int epoch)
    {
        for (int done = 0; done < batch;)
        {
            int count = Math.Min(Network.PassExamples, batch - done);
            var pass = new Pass(count, Training: true, First: done == 0, Last: done + count == batch);
            for (int block = 0; block < pass.Blocks; block++)
            {
                for (int lane = 0; lane < pass.ExamplesIn(block); lane++)
                {
                    int position = start + done + block * Lanes + lane;
                    int example = order[position];
                    _passLabels[block * Lanes + lane] = _examples.LabelOf(example);
                    Span<float> row = Row(lane);
                    if (_augmentation.IsOn)
                    {
                        _augmentation.Apply(Image(_train, example), row, seed, epoch, position);
                    }
                    else
                    {
                        Image(_train, example).CopyTo(row);
                    }
                }

                LoadBlock(block, pass.ExamplesIn(block));
            }

            Network.Forward(pass);
            Network.LossGradient(pass, _passLabels, batch, (float)_learner.LabelSmoothing);
            Network.Backward(pass);
            done += count;
        }
    }

    /// <summary>
    /// What a step hands on of each example, as outputs are taken: where that is asked for, the mean of the image and of its
    /// mirror image.
    /// </summary>
    /// <param name="imageOf">The image of an example.</param>
    /// <param name="count">Number of examples.</param>
    /// <param name="tensor">What is handed on.</param>
    /// <param name="values">Takes it, <c>[count, values]</c>; 0 before.</param>
    /// <param name="cancellation">Stops.</param>
    private void Evaluate(
        ImageSource imageOf, int count, Tensor tensor, Span<float> values, CancellationToken cancellation)
    {
        float share = _learner.FlipAtTest ? 0.5f : 1;
        AddValues(imageOf, count, tensor, values, share, mirrored: false, cancellation);
        if (_learner.FlipAtTest)
        {
            AddValues(imageOf, count, tensor, values, share, mirrored: true, cancellation);
        }
    }

    /// <summary>Adds what is handed on times <paramref name="share"/>.</summary>
    private void AddValues(
        ImageSource imageOf, int count, Tensor tensor, Span<float> values, float share, bool mirrored,
        CancellationToken cancellation)
    {
        int width = tensor.Shape.Values;
        for (int start = 0; start < count; start += Network.PassExamples)
        {
            cancellation.ThrowIfCancellationRequested();
            var pass = new Pass(Math.Min(Network.PassExamples, count - start), Training: false, First: true, Last: true);
            for (int block = 0; block < pass.Blocks; block++)
            {
                for (int lane = 0; lane < pass.ExamplesIn(block); lane++)
                {
                    LoadRow(lane, imageOf(start + block * Lanes + lane), mirrored);
                }

                LoadBlock(block, pass.ExamplesIn(block));
            }

            Network.Forward(pass);
            for (int i = 0; i < pass.Examples; i++)
            {
                float* lane = tensor.Block(i / Lanes) + i % Lanes;
                Span<float> row = values.Slice((start + i) * width, width);
                for (int v = 0; v < width; v++)
                {
                    int place = v / tensor.Shape.Positions * tensor.Shape.Plane + v % tensor.Shape.Positions * Lanes;
                    row[v] += share * lane[place];
                }
            }
        }
    }

    private void LoadRow(int lane, ReadOnlySpan<float> image, bool mirrored)
    {
        if (mirrored)
        {
            _augmentation.Mirror(image, Row(lane));
        }
        else
        {
            image.CopyTo(Row(lane));
        }
    }

    private ReadOnlySpan<float> Image(PaddedFeatures features, int example) => new(features.Example(example), _image.Values);

    private Span<float> Row(int lane) => new(_rows.Data + (nint)lane * _train.Row, _image.Values);

    /// <summary>From rows, an example each, to a block with an example in each lane; 0 in the lanes past the last one.</summary>
    private void LoadBlock(int block, int examples)
    {
        for (int lane = examples; lane < Lanes; lane++)
        {
            Row(lane).Clear();
        }

        // A transposition writes whole blocks of four positions: what it writes past a plane is overwritten by the next.
        for (int channel = 0; channel < _image.Channels; channel++)
        {
            Transpose.Copy(
                _rows.Data + channel * _image.Positions, _train.Row, Network.Input.Block(block) + channel * _image.Plane, Lanes,
                Lanes, _image.Positions);
        }
    }
}
