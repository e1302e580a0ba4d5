using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>
/// Maxima and means over windows that lie side by side; rows and columns that do not fill a window are left out.
/// </summary>
internal static unsafe class Pooling<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Lanes = BlockShape.Lanes;

    /// <summary>output = the largest of each window of the input.</summary>
    /// <param name="inputShape">Shape of the input; that of the output follows.</param>
    /// <param name="input">A block of input.</param>
    /// <param name="outputShape">Shape of the output.</param>
    /// <param name="output">Takes the block of output.</param>
    /// <param name="window">Its height and width are what the window covers, its stride is not used.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Max(BlockShape inputShape, float* input, BlockShape outputShape, float* output, Window window)
    {
        for (int channel = 0; channel < outputShape.Channels; channel++)
        {
            for (int lane = 0; lane < Lanes; lane += TSimd.Width)
            {
                float* target = output + channel * outputShape.Plane + lane;
                float* plane = input + channel * inputShape.Plane + lane;
                for (int y = 0; y < outputShape.Height; y++)
                {
                    float* corner = plane + y * window.Height * inputShape.Width * Lanes;
                    for (int x = 0; x < outputShape.Width; x++, corner += window.Width * Lanes, target += Lanes)
                    {
                        TSimd.Store(Largest(corner, inputShape.Width, window), target);
                    }
                }
            }
        }
    }

    /// <summary>
    /// The gradient of the input, written over it: the output's at the first of the largest inputs of each window, else 0.
    /// </summary>
    public static void MaxGradient(
        BlockShape inputShape, float* input, BlockShape outputShape, float* deltas, Window window, PlaneStore store)
    {
        switch (store)
        {
            case PlaneStore.Rectified:
                MaxGradient<RectifiedStore<TSimd, TVector>>(inputShape, input, outputShape, deltas, window);
                break;
            case PlaneStore.Gated:
                MaxGradient<GatedStore<TSimd, TVector>>(inputShape, input, outputShape, deltas, window);
                break;
            default:
                MaxGradient<PlainStore<TSimd, TVector>>(inputShape, input, outputShape, deltas, window);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaxGradient<TStore>(
        BlockShape inputShape, float* input, BlockShape outputShape, float* deltas, Window window)
        where TStore : struct, IPlaneStore<TVector>
    {
        for (int channel = 0; channel < outputShape.Channels; channel++)
        {
            for (int lane = 0; lane < Lanes; lane += TSimd.Width)
            {
                float* delta = deltas + channel * outputShape.Plane + lane;
                float* plane = input + channel * inputShape.Plane + lane;
                for (int y = 0; y < outputShape.Height; y++)
                {
                    float* corner = plane + y * window.Height * inputShape.Width * Lanes;
                    for (int x = 0; x < outputShape.Width; x++, corner += window.Width * Lanes, delta += Lanes)
                    {
                        TVector largest = Largest(corner, inputShape.Width, window);
                        TVector left = TSimd.Load(delta);
                        for (int row = 0; row < window.Height; row++)
                        {
                            float* at = corner + row * inputShape.Width * Lanes;
                            for (int column = 0; column < window.Width; column++, at += Lanes)
                            {
                                // What is left stays so where this input is below the largest; else it goes here.
                                TVector after = TSimd.WherePositive(TSimd.Subtract(largest, TSimd.Load(at)), left);
                                TStore.Store(TSimd.Subtract(left, after), at);
                                left = after;
                            }
                        }
                    }
                }

                ClearRest(plane, inputShape, outputShape.Height * window.Height, outputShape.Width * window.Width);
            }
        }
    }

    /// <summary>output = the mean of each plane, one position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mean(BlockShape inputShape, float* input, BlockShape outputShape, float* output)
    {
        new Span<float>(output, outputShape.Floats).Clear();
        for (int channel = 0; channel < inputShape.Channels; channel++)
        {
            float* target = output + channel * outputShape.Plane;
            PlaneArithmetic<TSimd, TVector>.AddSum(input + channel * inputShape.Plane, inputShape.Positions, target);
            PlaneArithmetic<TSimd, TVector>.Affine(target, target, Lanes, 1f / inputShape.Positions, 0, PlaneStore.Plain);
        }
    }

    /// <summary>The gradient of the input of <see cref="Mean"/>, written over it.</summary>
    public static void MeanGradient(BlockShape inputShape, float* input, BlockShape outputShape, float* deltas, PlaneStore store)
    {
        switch (store)
        {
            case PlaneStore.Rectified:
                MeanGradient<RectifiedStore<TSimd, TVector>>(inputShape, input, outputShape, deltas);
                break;
            case PlaneStore.Gated:
                MeanGradient<GatedStore<TSimd, TVector>>(inputShape, input, outputShape, deltas);
                break;
            default:
                MeanGradient<PlainStore<TSimd, TVector>>(inputShape, input, outputShape, deltas);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MeanGradient<TStore>(BlockShape inputShape, float* input, BlockShape outputShape, float* deltas)
        where TStore : struct, IPlaneStore<TVector>
    {
        TVector share = TSimd.Broadcast(1f / inputShape.Positions);
        for (int channel = 0; channel < inputShape.Channels; channel++)
        {
            for (int lane = 0; lane < Lanes; lane += TSimd.Width)
            {
                TVector value = TSimd.Multiply(TSimd.Load(deltas + channel * outputShape.Plane + lane), share);
                float* at = input + channel * inputShape.Plane + lane;
                for (int i = 0; i < inputShape.Positions; i++, at += Lanes)
                {
                    TStore.Store(value, at);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Largest(float* corner, int inputWidth, Window window)
    {
        TVector largest = TSimd.Load(corner);
        for (int row = 0; row < window.Height; row++)
        {
            float* at = corner + row * inputWidth * Lanes;
            for (int column = 0; column < window.Width; column++, at += Lanes)
            {
                largest = TSimd.Max(TSimd.Load(at), largest);
            }
        }

        return largest;
    }

    // Rows from `height` on and columns from `width` on belong to no window.
    private static void ClearRest(float* plane, BlockShape shape, int height, int width)
    {
        TVector zero = TSimd.Broadcast(0);
        for (int y = 0; y < shape.Height; y++)
        {
            for (int x = y < height ? width : 0; x < shape.Width; x++)
            {
                TSimd.Store(zero, plane + (y * shape.Width + x) * Lanes);
            }
        }
    }
}
