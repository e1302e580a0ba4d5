using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>
/// The gradient of a convolution's weights: for each pair of channels and each tap, the sum over examples and positions of
/// the output's gradient times the input the tap saw there. Each lane sums up its own examples, in memory of its own;
/// <see cref="LaneSum{TSimd, TVector}"/> adds up the lanes in the end.
/// </summary>
/// <remarks>
/// For each tap, eight output channels (four where there are 16 registers) by three input channels stay in registers while
/// positions are walked. A few rows of positions, as many as the first-level cache holds of these channels, are done for
/// all taps before the next. Each sum is one chain of fused multiply-adds in an order that the vector width does not change.
/// </remarks>
internal static unsafe class WeightGradient<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Input channels done at once.</summary>
    public const int ChannelBlock = 3;

    // What fits a first-level cache.
    private const int CacheFloats = 32 * 1024 / sizeof(float);

    /// <summary>Adds to the sums of up to eight output channels by up to three input channels.</summary>
    /// <param name="window">The kernel.</param>
    /// <param name="input">Shape of the input.</param>
    /// <param name="output">Shape of the output.</param>
    /// <param name="inputs">The first of the input channels, in the first block.</param>
    /// <param name="channels">Input channels to do, 1 to 3.</param>
    /// <param name="deltas">
    /// The gradient of the first of the output channels, in the first block; readable up to eight channels.
    /// </param>
    /// <param name="rows">Output channels to do, 1 to 8.</param>
    /// <param name="blocks">Blocks of examples, one after the other in both.</param>
    /// <param name="sums">Sums to add to, <c>[channels, taps, 8, 16]</c>; those past <paramref name="rows"/> are no use.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        Window window, BlockShape input, BlockShape output, float* inputs, int channels, float* deltas, int rows, int blocks,
        float* sums)
    {
        const int Lanes = BlockShape.Lanes;
        int chunk = Math.Max(1, CacheFloats / ((TapPlan.RowBlock + channels) * output.Width * Lanes));
        for (int block = 0; block < blocks; block++, inputs += input.Floats, deltas += output.Floats)
        {
            for (int top = 0; top < output.Height; top += chunk)
            {
                int bottom = Math.Min(top + chunk, output.Height);
                for (int tap = 0; tap < window.Taps; tap++)
                {
                    // The output positions for which the tap is inside the input.
                    (int shiftY, int shiftX) = (tap / window.Width - window.Padding, tap % window.Width - window.Padding);
                    (int y, int endY) = Inside(shiftY, window.Stride, input.Height, top, bottom);
                    (int x, int endX) = Inside(shiftX, window.Stride, input.Width, 0, output.Width);
                    if (y >= endY || x >= endX)
                    {
                        continue;
                    }

                    float* delta = deltas + (y * output.Width + x) * Lanes;
                    float* source = inputs + ((y * window.Stride + shiftY) * input.Width + x * window.Stride + shiftX) * Lanes;
                    Rectangle(
                        delta, output.Width * Lanes, output.Plane, source, window.Stride * Lanes,
                        window.Stride * input.Width * Lanes, input.Plane, channels, endY - y, endX - x,
                        sums + tap * TapPlan.RowBlock * Lanes, window.Taps * TapPlan.RowBlock * Lanes, rows);
                }
            }
        }
    }

    // Output positions p in [first, end) with 0 <= p * stride + shift < size.
    private static (int First, int End) Inside(int shift, int stride, int size, int first, int end) =>
        (Math.Max(first, (Math.Max(0, -shift) + stride - 1) / stride),
            size <= shift ? first : Math.Min(end, (size - 1 - shift) / stride + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rectangle(
        float* delta, nint deltaRow, nint deltaPlane, float* input, nint inputStep, nint inputRow, nint inputPlane, int channels,
        int height, int width, float* sums, nint sumsPlane, int rows)
    {
        for (int lane = 0; lane < BlockShape.Lanes; lane += TSimd.Width)
        {
            if (TSimd.RowBlock == 8 && rows > 4)
            {
                if (channels == ChannelBlock)
                {
                    EightByThree(
                        delta + lane, deltaRow, deltaPlane, input + lane, inputStep, inputRow, inputPlane, height, width,
                        sums + lane, sumsPlane);
                    continue;
                }

                for (int c = 0; c < channels; c++)
                {
                    EightByOne(
                        delta + lane, deltaRow, deltaPlane, input + c * inputPlane + lane, inputStep, inputRow, height, width,
                        sums + c * sumsPlane + lane);
                }

                continue;
            }

            for (int row = 0; row < rows; row += 4)
            {
                float* d = delta + row * deltaPlane + lane;
                float* rowSums = sums + row * BlockShape.Lanes + lane;
                if (channels == ChannelBlock)
                {
                    FourByThree(
                        d, deltaRow, deltaPlane, input + lane, inputStep, inputRow, inputPlane, height, width, rowSums,
                        sumsPlane);
                    continue;
                }

                for (int c = 0; c < channels; c++)
                {
                    FourByOne(
                        d, deltaRow, deltaPlane, input + c * inputPlane + lane, inputStep, inputRow, height, width,
                        rowSums + c * sumsPlane);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByThree(
        float* delta, nint deltaRow, nint deltaPlane, float* input, nint inputStep, nint inputRow, nint inputPlane, int height,
        int width, float* sums, nint sumsPlane)
    {
        float* sums1 = sums + sumsPlane;
        float* sums2 = sums1 + sumsPlane;
        TVector c00 = TSimd.Load(sums);
        TVector c01 = TSimd.Load(sums1);
        TVector c02 = TSimd.Load(sums2);
        TVector c10 = TSimd.Load(sums + BlockShape.Lanes);
        TVector c11 = TSimd.Load(sums1 + BlockShape.Lanes);
        TVector c12 = TSimd.Load(sums2 + BlockShape.Lanes);
        TVector c20 = TSimd.Load(sums + 2 * BlockShape.Lanes);
        TVector c21 = TSimd.Load(sums1 + 2 * BlockShape.Lanes);
        TVector c22 = TSimd.Load(sums2 + 2 * BlockShape.Lanes);
        TVector c30 = TSimd.Load(sums + 3 * BlockShape.Lanes);
        TVector c31 = TSimd.Load(sums1 + 3 * BlockShape.Lanes);
        TVector c32 = TSimd.Load(sums2 + 3 * BlockShape.Lanes);
        TVector c40 = TSimd.Load(sums + 4 * BlockShape.Lanes);
        TVector c41 = TSimd.Load(sums1 + 4 * BlockShape.Lanes);
        TVector c42 = TSimd.Load(sums2 + 4 * BlockShape.Lanes);
        TVector c50 = TSimd.Load(sums + 5 * BlockShape.Lanes);
        TVector c51 = TSimd.Load(sums1 + 5 * BlockShape.Lanes);
        TVector c52 = TSimd.Load(sums2 + 5 * BlockShape.Lanes);
        TVector c60 = TSimd.Load(sums + 6 * BlockShape.Lanes);
        TVector c61 = TSimd.Load(sums1 + 6 * BlockShape.Lanes);
        TVector c62 = TSimd.Load(sums2 + 6 * BlockShape.Lanes);
        TVector c70 = TSimd.Load(sums + 7 * BlockShape.Lanes);
        TVector c71 = TSimd.Load(sums1 + 7 * BlockShape.Lanes);
        TVector c72 = TSimd.Load(sums2 + 7 * BlockShape.Lanes);
        for (int y = 0; y < height; y++)
        {
            float* d = delta + y * deltaRow;
            float* s = input + y * inputRow;
            for (int x = 0; x < width; x++)
            {
                TVector s0 = TSimd.Load(s);
                TVector s1 = TSimd.Load(s + inputPlane);
                TVector s2 = TSimd.Load(s + 2 * inputPlane);
                TVector g = TSimd.Load(d);
                c00 = TSimd.MultiplyAdd(g, s0, c00);
                c01 = TSimd.MultiplyAdd(g, s1, c01);
                c02 = TSimd.MultiplyAdd(g, s2, c02);
                g = TSimd.Load(d + deltaPlane);
                c10 = TSimd.MultiplyAdd(g, s0, c10);
                c11 = TSimd.MultiplyAdd(g, s1, c11);
                c12 = TSimd.MultiplyAdd(g, s2, c12);
                g = TSimd.Load(d + 2 * deltaPlane);
                c20 = TSimd.MultiplyAdd(g, s0, c20);
                c21 = TSimd.MultiplyAdd(g, s1, c21);
                c22 = TSimd.MultiplyAdd(g, s2, c22);
                g = TSimd.Load(d + 3 * deltaPlane);
                c30 = TSimd.MultiplyAdd(g, s0, c30);
                c31 = TSimd.MultiplyAdd(g, s1, c31);
                c32 = TSimd.MultiplyAdd(g, s2, c32);
                g = TSimd.Load(d + 4 * deltaPlane);
                c40 = TSimd.MultiplyAdd(g, s0, c40);
                c41 = TSimd.MultiplyAdd(g, s1, c41);
                c42 = TSimd.MultiplyAdd(g, s2, c42);
                g = TSimd.Load(d + 5 * deltaPlane);
                c50 = TSimd.MultiplyAdd(g, s0, c50);
                c51 = TSimd.MultiplyAdd(g, s1, c51);
                c52 = TSimd.MultiplyAdd(g, s2, c52);
                g = TSimd.Load(d + 6 * deltaPlane);
                c60 = TSimd.MultiplyAdd(g, s0, c60);
                c61 = TSimd.MultiplyAdd(g, s1, c61);
                c62 = TSimd.MultiplyAdd(g, s2, c62);
                g = TSimd.Load(d + 7 * deltaPlane);
                c70 = TSimd.MultiplyAdd(g, s0, c70);
                c71 = TSimd.MultiplyAdd(g, s1, c71);
                c72 = TSimd.MultiplyAdd(g, s2, c72);
                d += BlockShape.Lanes;
                s += inputStep;
            }
        }

        TSimd.Store(c00, sums);
        TSimd.Store(c01, sums1);
        TSimd.Store(c02, sums2);
        TSimd.Store(c10, sums + BlockShape.Lanes);
        TSimd.Store(c11, sums1 + BlockShape.Lanes);
        TSimd.Store(c12, sums2 + BlockShape.Lanes);
        TSimd.Store(c20, sums + 2 * BlockShape.Lanes);
        TSimd.Store(c21, sums1 + 2 * BlockShape.Lanes);
        TSimd.Store(c22, sums2 + 2 * BlockShape.Lanes);
        TSimd.Store(c30, sums + 3 * BlockShape.Lanes);
        TSimd.Store(c31, sums1 + 3 * BlockShape.Lanes);
        TSimd.Store(c32, sums2 + 3 * BlockShape.Lanes);
        TSimd.Store(c40, sums + 4 * BlockShape.Lanes);
        TSimd.Store(c41, sums1 + 4 * BlockShape.Lanes);
        TSimd.Store(c42, sums2 + 4 * BlockShape.Lanes);
        TSimd.Store(c50, sums + 5 * BlockShape.Lanes);
        TSimd.Store(c51, sums1 + 5 * BlockShape.Lanes);
        TSimd.Store(c52, sums2 + 5 * BlockShape.Lanes);
        TSimd.Store(c60, sums + 6 * BlockShape.Lanes);
        TSimd.Store(c61, sums1 + 6 * BlockShape.Lanes);
        TSimd.Store(c62, sums2 + 6 * BlockShape.Lanes);
        TSimd.Store(c70, sums + 7 * BlockShape.Lanes);
        TSimd.Store(c71, sums1 + 7 * BlockShape.Lanes);
        TSimd.Store(c72, sums2 + 7 * BlockShape.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByOne(
        float* delta, nint deltaRow, nint deltaPlane, float* input, nint inputStep, nint inputRow, int height, int width,
        float* sums)
    {
        TVector c0 = TSimd.Load(sums);
        TVector c1 = TSimd.Load(sums + BlockShape.Lanes);
        TVector c2 = TSimd.Load(sums + 2 * BlockShape.Lanes);
        TVector c3 = TSimd.Load(sums + 3 * BlockShape.Lanes);
        TVector c4 = TSimd.Load(sums + 4 * BlockShape.Lanes);
        TVector c5 = TSimd.Load(sums + 5 * BlockShape.Lanes);
        TVector c6 = TSimd.Load(sums + 6 * BlockShape.Lanes);
        TVector c7 = TSimd.Load(sums + 7 * BlockShape.Lanes);
        for (int y = 0; y < height; y++)
        {
            float* d = delta + y * deltaRow;
            float* s = input + y * inputRow;
            for (int x = 0; x < width; x++)
            {
                TVector s0 = TSimd.Load(s);
                c0 = TSimd.MultiplyAdd(TSimd.Load(d), s0, c0);
                c1 = TSimd.MultiplyAdd(TSimd.Load(d + deltaPlane), s0, c1);
                c2 = TSimd.MultiplyAdd(TSimd.Load(d + 2 * deltaPlane), s0, c2);
                c3 = TSimd.MultiplyAdd(TSimd.Load(d + 3 * deltaPlane), s0, c3);
                c4 = TSimd.MultiplyAdd(TSimd.Load(d + 4 * deltaPlane), s0, c4);
                c5 = TSimd.MultiplyAdd(TSimd.Load(d + 5 * deltaPlane), s0, c5);
                c6 = TSimd.MultiplyAdd(TSimd.Load(d + 6 * deltaPlane), s0, c6);
                c7 = TSimd.MultiplyAdd(TSimd.Load(d + 7 * deltaPlane), s0, c7);
                d += BlockShape.Lanes;
                s += inputStep;
            }
        }

        TSimd.Store(c0, sums);
        TSimd.Store(c1, sums + BlockShape.Lanes);
        TSimd.Store(c2, sums + 2 * BlockShape.Lanes);
        TSimd.Store(c3, sums + 3 * BlockShape.Lanes);
        TSimd.Store(c4, sums + 4 * BlockShape.Lanes);
        TSimd.Store(c5, sums + 5 * BlockShape.Lanes);
        TSimd.Store(c6, sums + 6 * BlockShape.Lanes);
        TSimd.Store(c7, sums + 7 * BlockShape.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByThree(
        float* delta, nint deltaRow, nint deltaPlane, float* input, nint inputStep, nint inputRow, nint inputPlane, int height,
        int width, float* sums, nint sumsPlane)
    {
        float* sums1 = sums + sumsPlane;
        float* sums2 = sums1 + sumsPlane;
        TVector c00 = TSimd.Load(sums);
        TVector c01 = TSimd.Load(sums1);
        TVector c02 = TSimd.Load(sums2);
        TVector c10 = TSimd.Load(sums + BlockShape.Lanes);
        TVector c11 = TSimd.Load(sums1 + BlockShape.Lanes);
        TVector c12 = TSimd.Load(sums2 + BlockShape.Lanes);
        TVector c20 = TSimd.Load(sums + 2 * BlockShape.Lanes);
        TVector c21 = TSimd.Load(sums1 + 2 * BlockShape.Lanes);
        TVector c22 = TSimd.Load(sums2 + 2 * BlockShape.Lanes);
        TVector c30 = TSimd.Load(sums + 3 * BlockShape.Lanes);
        TVector c31 = TSimd.Load(sums1 + 3 * BlockShape.Lanes);
        TVector c32 = TSimd.Load(sums2 + 3 * BlockShape.Lanes);
        for (int y = 0; y < height; y++)
        {
            float* d = delta + y * deltaRow;
            float* s = input + y * inputRow;
            for (int x = 0; x < width; x++)
            {
                TVector s0 = TSimd.Load(s);
                TVector s1 = TSimd.Load(s + inputPlane);
                TVector s2 = TSimd.Load(s + 2 * inputPlane);
                TVector g = TSimd.Load(d);
                c00 = TSimd.MultiplyAdd(g, s0, c00);
                c01 = TSimd.MultiplyAdd(g, s1, c01);
                c02 = TSimd.MultiplyAdd(g, s2, c02);
                g = TSimd.Load(d + deltaPlane);
                c10 = TSimd.MultiplyAdd(g, s0, c10);
                c11 = TSimd.MultiplyAdd(g, s1, c11);
                c12 = TSimd.MultiplyAdd(g, s2, c12);
                g = TSimd.Load(d + 2 * deltaPlane);
                c20 = TSimd.MultiplyAdd(g, s0, c20);
                c21 = TSimd.MultiplyAdd(g, s1, c21);
                c22 = TSimd.MultiplyAdd(g, s2, c22);
                g = TSimd.Load(d + 3 * deltaPlane);
                c30 = TSimd.MultiplyAdd(g, s0, c30);
                c31 = TSimd.MultiplyAdd(g, s1, c31);
                c32 = TSimd.MultiplyAdd(g, s2, c32);
                d += BlockShape.Lanes;
                s += inputStep;
            }
        }

        TSimd.Store(c00, sums);
        TSimd.Store(c01, sums1);
        TSimd.Store(c02, sums2);
        TSimd.Store(c10, sums + BlockShape.Lanes);
        TSimd.Store(c11, sums1 + BlockShape.Lanes);
        TSimd.Store(c12, sums2 + BlockShape.Lanes);
        TSimd.Store(c20, sums + 2 * BlockShape.Lanes);
        TSimd.Store(c21, sums1 + 2 * BlockShape.Lanes);
        TSimd.Store(c22, sums2 + 2 * BlockShape.Lanes);
        TSimd.Store(c30, sums + 3 * BlockShape.Lanes);
        TSimd.Store(c31, sums1 + 3 * BlockShape.Lanes);
        TSimd.Store(c32, sums2 + 3 * BlockShape.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByOne(
        float* delta, nint deltaRow, nint deltaPlane, float* input, nint inputStep, nint inputRow, int height, int width,
        float* sums)
    {
        TVector c0 = TSimd.Load(sums);
        TVector c1 = TSimd.Load(sums + BlockShape.Lanes);
        TVector c2 = TSimd.Load(sums + 2 * BlockShape.Lanes);
        TVector c3 = TSimd.Load(sums + 3 * BlockShape.Lanes);
        for (int y = 0; y < height; y++)
        {
            float* d = delta + y * deltaRow;
            float* s = input + y * inputRow;
            for (int x = 0; x < width; x++)
            {
                TVector s0 = TSimd.Load(s);
                c0 = TSimd.MultiplyAdd(TSimd.Load(d), s0, c0);
                c1 = TSimd.MultiplyAdd(TSimd.Load(d + deltaPlane), s0, c1);
                c2 = TSimd.MultiplyAdd(TSimd.Load(d + 2 * deltaPlane), s0, c2);
                c3 = TSimd.MultiplyAdd(TSimd.Load(d + 3 * deltaPlane), s0, c3);
                d += BlockShape.Lanes;
                s += inputStep;
            }
        }

        TSimd.Store(c0, sums);
        TSimd.Store(c1, sums + BlockShape.Lanes);
        TSimd.Store(c2, sums + 2 * BlockShape.Lanes);
        TSimd.Store(c3, sums + 3 * BlockShape.Lanes);
    }
}
