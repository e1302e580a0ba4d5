using System.Runtime.Intrinsics;
using Datamodels.Data;
using Datamodels.Kernels;
using Datamodels.Learners;

namespace Datamodels.Tests.Learners;

/// <summary>
/// A convolutional network and its loss in float64, straight from the definitions, with the weights of a
/// <see cref="ConvolutionalNetwork{TSimd, TVector}"/>: for finite differences.
/// </summary>
internal sealed class ReferenceLayers
{
    private readonly EquatableList<Layer> _layers;
    private readonly BlockShape _image;
    private readonly int _classes;
    private readonly double _smoothing;
    private readonly int[] _starts;
    private readonly IReadOnlyList<NetworkStep> _steps;
    private int _step;

    public ReferenceLayers(
        ConvolutionalNetwork<Simd256, Vector256<float>> network, NetworkLearner learner, TrainingData data)
    {
        _layers = learner.Layers;
        ImageShape image = data.ImageShape!.Value;
        _image = new BlockShape(image.Channels, image.Height, image.Width);
        _classes = data.ClassCount;
        _smoothing = learner.LabelSmoothing;
        _steps = network.Steps;
        _starts = [.. _steps.Select((_, i) => _steps.Take(i).Sum(step => step.WeightCount))];
        Weights = [.. network.Weights.ToArray().Select(w => (double)w)];
        Used = new bool[Weights.Length];
    }

    public double[] Weights { get; }

    /// <summary>Which weights have been used: the layout has room for more.</summary>
    public bool[] Used { get; }

    /// <summary>Whether batch normalisation takes running moments instead of those of the batch.</summary>
    public bool Evaluates { get; init; }

    /// <summary>Mean cross-entropy over the examples as one batch, as the learner smooths it.</summary>
    public double Loss(ExampleSet set, int[] examples)
    {
        double[][] logits = Logits(set, examples);
        double total = 0;
        for (int i = 0; i < examples.Length; i++)
        {
            double largest = logits[i].Max();
            double logSum = largest + Math.Log(logits[i].Sum(z => Math.Exp(z - largest)));
            for (int c = 0; c < _classes; c++)
            {
                double wanted = _smoothing / _classes + (c == set.Labels[examples[i]] ? 1 - _smoothing : 0);
                total += wanted * (logSum - logits[i][c]);
            }
        }

        return total / examples.Length;
    }

    /// <summary>Logits of the examples as one batch, <c>[examples][classes]</c>.</summary>
    public double[][] Logits(ExampleSet set, int[] examples)
    {
        _step = 0;
        double[][] values = [.. examples.Select(e => set.Row(e).ToArray().Select(x => (double)x).ToArray())];
        return Through(_layers, values, _image).Values;
    }

    private (double[][] Values, BlockShape Shape) Through(EquatableList<Layer> layers, double[][] values, BlockShape shape)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            bool normalized = i + 1 < layers.Count && layers[i + 1] is BatchNormLayer;
            bool fused = layers[i] is ReluLayer && i > 0 && layers[i - 1] is not (MaxPoolLayer or GlobalPoolLayer);
            int step = fused ? -1 : _step++;
            BlockShape next = layers[i].OutputOf(shape, _classes)!.Value;
            double[][] inputs = values;
            BlockShape from = shape;
            values = layers[i] switch
            {
                ConvolutionLayer c => Each(values, x => Convolve(x, from, next, c.Window, step, !normalized)),
                DenseLayer d => Each(
                    values, x => Convolve(x, from, next, new Window(from.Height, from.Width, 1, 0), step, d.Bias && !normalized)),
                BatchNormLayer => Normalize(values, from, step),
                ReluLayer => Each(values, x => [.. x.Select(v => Math.Max(v, 0))]),
                MaxPoolLayer p => Each(values, x => Pool(x, from, next, p.Size, p.Size, window => window.Max())),
                GlobalPoolLayer { Kind: PoolKind.Max } => Each(
                    values, x => Pool(x, from, next, from.Height, from.Width, window => window.Max())),
                GlobalPoolLayer => Each(values, x => Pool(x, from, next, from.Height, from.Width, window => window.Average())),
                ScaleLayer s => Each(values, x => [.. x.Select(v => v * s.Factor)]),
                ResidualLayer r =>
                    [.. Through(r.Branch, values, from).Values.Zip(inputs, (x, y) => x.Zip(y, (a, b) => a + b).ToArray())],
                var other => throw new InvalidOperationException(other.ToString()),
            };
            if (layers[i] is ResidualLayer)
            {
                // The step that joins.
                _step++;
            }

            shape = next;
        }

        return (values, shape);
    }

    private static double[][] Each(double[][] values, Func<double[], double[]> map) => [.. values.Select(map)];

    private double Weight(int index)
    {
        Used[index] = true;
        return Weights[index];
    }

    private double[] Convolve(double[] x, BlockShape from, BlockShape to, Window window, int index, bool bias)
    {
        var step = (ConvolutionStep<Simd256, Vector256<float>>)_steps[index];
        double[] result = new double[to.Values];
        for (int o = 0; o < to.Channels; o++)
        {
            for (int y = 0; y < to.Height; y++)
            {
                for (int z = 0; z < to.Width; z++)
                {
                    double sum = bias ? Weight(_starts[index] + step.BiasAt(o)) : 0;
                    for (int c = 0; c < from.Channels; c++)
                    {
                        for (int tap = 0; tap < window.Taps; tap++)
                        {
                            int row = y * window.Stride + tap / window.Width - window.Padding;
                            int column = z * window.Stride + tap % window.Width - window.Padding;
                            if (row >= 0 && row < from.Height && column >= 0 && column < from.Width)
                            {
                                sum += Weight(_starts[index] + step.At(o, c, tap))
                                    * x[(c * from.Height + row) * from.Width + column];
                            }
                        }
                    }

                    result[(o * to.Height + y) * to.Width + z] = sum;
                }
            }
        }

        return result;
    }

    private double[][] Normalize(double[][] values, BlockShape shape, int index)
    {
        double[][] result = [.. values.Select(x => new double[x.Length])];
        int betas = KernelLayout.Pad(shape.Channels);
        for (int c = 0; c < shape.Channels; c++)
        {
            double[] all = [.. values.SelectMany(x => x.Skip(c * shape.Positions).Take(shape.Positions))];
            double mean = all.Average();
            double variance = all.Average(v => (v - mean) * (v - mean));
            if (Evaluates)
            {
                (mean, variance) = ((BatchNormStep<Simd256, Vector256<float>>)_steps[index]).RunningMoments(c);
            }

            double deviation = Math.Sqrt(variance + 1e-5);
            for (int i = 0; i < values.Length; i++)
            {
                for (int p = c * shape.Positions; p < (c + 1) * shape.Positions; p++)
                {
                    result[i][p] = Weight(_starts[index] + c) * (values[i][p] - mean) / deviation
                        + Weight(_starts[index] + betas + c);
                }
            }
        }

        return result;
    }

    private static double[] Pool(
        double[] x, BlockShape shape, BlockShape to, int height, int width, Func<IEnumerable<double>, double> of)
    {
        double[] result = new double[to.Values];
        for (int i = 0; i < result.Length; i++)
        {
            (int c, int y, int z) = (i / to.Positions, i / to.Width % to.Height, i % to.Width);
            result[i] = of(
                from row in Enumerable.Range(y * height, height)
                from column in Enumerable.Range(z * width, width)
                select x[(c * shape.Height + row) * shape.Width + column]);
        }

        return result;
    }
}
