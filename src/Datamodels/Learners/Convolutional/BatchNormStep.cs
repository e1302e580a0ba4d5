using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// Batch normalisation: y = gamma (x - mean) / sqrt(variance + 1e-5) + beta for each channel (Ioffe and Szegedy 2015). Mean
/// and variance are those of the batch while training, which must be one pass; outputs are taken with running ones, each a
/// tenth of the batch's (the variance the unbiased one) and nine tenths of what it was, from 0 and 1 on, as PyTorch has it.
/// Weights are gamma, then beta, each <c>[channels rounded up to 16]</c>.
/// </summary>
internal sealed unsafe class BatchNormStep<TSimd, TVector> : NetworkStep
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Lanes = BlockShape.Lanes;
    private const double Epsilon = 1e-5;
    private const double Momentum = 0.1;

    private readonly NativeFloats _sums;
    private readonly double[] _mean;
    private readonly double[] _inverseDeviation;
    private readonly double[] _runningMean;
    private readonly double[] _runningVariance;

    /// <param name="input">What goes in.</param>
    /// <param name="output">What comes out.</param>
    /// <param name="blocks">Most blocks in a batch.</param>
    public BatchNormStep(Tensor input, Tensor output, int blocks)
        : base(input, output)
    {
        int channels = input.Shape.Channels;
        _sums = new NativeFloats((nint)blocks * 2 * Lanes);
        _mean = new double[channels];
        _inverseDeviation = new double[channels];
        _runningMean = new double[channels];
        _runningVariance = new double[channels];
    }

    private int Channels => Input.Shape.Channels;

    /// <inheritdoc/>
    public override int WeightCount => 2 * KernelLayout.Pad(Channels);

    /// <inheritdoc/>
    public override IEnumerable<int> Parameters =>
        Enumerable.Range(0, Channels).Concat(Enumerable.Range(KernelLayout.Pad(Channels), Channels));

    private float* Gamma => Weights;

    private float* Beta => Weights + KernelLayout.Pad(Channels);

    /// <inheritdoc/>
    public override void Initialize(RandomStream random)
    {
        new Span<float>(Gamma, Channels).Fill(1);
        _runningMean.AsSpan().Clear();
        _runningVariance.AsSpan().Fill(1);
    }

    /// <inheritdoc/>
    /// <remarks>One channel after the other, so that its planes are still in a near cache when they are normalised.</remarks>
    public override void Forward(Pass pass)
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            if (pass.Training)
            {
                BatchMoments(pass, channel);
            }
            else
            {
                _mean[channel] = _runningMean[channel];
                _inverseDeviation[channel] = 1 / Math.Sqrt(_runningVariance[channel] + Epsilon);
            }

            double scale = Gamma[channel] * _inverseDeviation[channel];
            double shift = Beta[channel] - _mean[channel] * scale;
            int at = channel * Input.Shape.Plane;
            int floats = Input.Shape.Positions * Lanes;
            for (int block = 0; block < pass.Blocks; block++)
            {
                PlaneArithmetic<TSimd, TVector>.Affine(
                    Input.Block(block) + at, Output.Block(block) + at, floats, (float)scale, (float)shift,
                    Output.ActivationStore);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// With d the output's gradient, s the inverse deviation and means over the batch, the input's gradient is
    /// gamma s (d - mean(d) - (x - mean) s² mean(d (x - mean))). Running moments do not depend on the input, so that outputs have
    /// gamma s d.
    /// </remarks>
    public override void Backward(Pass pass)
    {
        double count = (double)pass.Examples * Input.Shape.Positions;
        float* live = stackalloc float[Lanes];
        for (int channel = 0; channel < Channels; channel++)
        {
            int at = channel * Input.Shape.Plane;
            double deltas = 0;
            double products = 0;
            for (int block = 0; block < pass.Blocks; block++)
            {
                float* sum = _sums.Data;
                float* product = sum + Lanes;
                Normalization<TSimd, TVector>.GradientSums(
                    Output.Block(block) + at, Input.Block(block) + at, Input.Shape.Positions, (float)_mean[channel], sum,
                    product);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    deltas += sum[lane];
                    products += product[lane];
                }
            }

            double inverse = _inverseDeviation[channel];
            Gradients[channel] = (float)(products * inverse);
            Gradients[KernelLayout.Pad(Channels) + channel] = (float)deltas;
            if (!Input.NeedsGradient)
            {
                continue;
            }

            double factor = Gamma[channel] * inverse;
            double meanDelta = pass.Training ? deltas / count : 0;
            double slope = pass.Training ? -factor * inverse * inverse * products / count : 0;
            for (int block = 0; block < pass.Blocks; block++)
            {
                for (int lane = 0; lane < Lanes; lane++)
                {
                    live[lane] = lane < pass.ExamplesIn(block) ? 1 : 0;
                }

                Normalization<TSimd, TVector>.Gradient(
                    Output.Block(block) + at, Input.Block(block) + at, Input.Shape.Positions, (float)factor,
                    (float)meanDelta, (float)slope, (float)_mean[channel], live, Input.GradientStore);
            }
        }
    }

    /// <summary>The running mean and variance of a channel.</summary>
    internal (double Mean, double Variance) RunningMoments(int channel) => (_runningMean[channel], _runningVariance[channel]);

    /// <inheritdoc/>
    public override void Dispose() => _sums.Dispose();

    // Moments of each lane of each block, put together in float64 (Chan, Golub, LeVeque 1979): all counts are equal.
    private void BatchMoments(Pass pass, int channel)
    {
        int positions = Input.Shape.Positions;
        double count = (double)pass.Examples * positions;
        double total = 0;
        for (int block = 0; block < pass.Blocks; block++)
        {
            float* means = _sums.Data + block * 2 * Lanes;
            Normalization<TSimd, TVector>.Moments(
                Input.Block(block) + channel * Input.Shape.Plane, positions, means, means + Lanes);
            for (int lane = 0; lane < pass.ExamplesIn(block); lane++)
            {
                total += means[lane];
            }
        }

        double mean = total / pass.Examples;
        double squares = 0;
        for (int block = 0; block < pass.Blocks; block++)
        {
            float* means = _sums.Data + block * 2 * Lanes;
            for (int lane = 0; lane < pass.ExamplesIn(block); lane++)
            {
                double deviation = means[lane] - mean;
                squares += means[Lanes + lane] + positions * deviation * deviation;
            }
        }

        _mean[channel] = mean;
        _inverseDeviation[channel] = 1 / Math.Sqrt(squares / count + Epsilon);
        _runningMean[channel] += Momentum * (mean - _runningMean[channel]);
        _runningVariance[channel] += Momentum * (squares / Math.Max(count - 1, 1) - _runningVariance[channel]);
    }
}
