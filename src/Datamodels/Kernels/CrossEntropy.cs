using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>The gradient of the mean cross-entropy of a batch with respect to its logits.</summary>
internal static unsafe class CrossEntropy<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// deltas = (softmax(logits) - wanted) / rows, where wanted is 1 - s + s/classes for the label and s/classes for every
    /// other class.
    /// </summary>
    /// <param name="logits">Logits, <c>[Pad(rows), stride]</c>, 0 past the classes.</param>
    /// <param name="deltas">Takes the gradient, <c>[Pad(rows), stride]</c>, 0 past the classes.</param>
    /// <param name="labels">Class of each row, <c>[rows]</c>.</param>
    /// <param name="rows">Examples in the batch.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="smoothing">Label smoothing s.</param>
    /// <param name="columns">Room for the logits by class, <c>[Pad(classes), Pad(rows)]</c>.</param>
    /// <remarks>
    /// Worked on by class, with examples in the lanes: maxima and sums over classes are then plain vector operations, in
    /// the order of the classes whatever the vector width.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(
        float* logits, float* deltas, int* labels, int rows, int classes, int stride, float smoothing, float* columns)
    {
        int across = KernelLayout.Pad(rows);
        Transpose.Copy(logits, stride, columns, across, rows, classes);
        float perRow = 1f / rows;
        ByClass(columns, across, rows, classes, smoothing, perRow);
        Transpose.Copy(columns, across, deltas, stride, classes, rows);
        float wanted = (1 - smoothing) * perRow;
        for (int row = 0; row < rows; row++)
        {
            deltas[row * stride + labels[row]] -= wanted;
        }
    }

    /// <summary>
    /// The gradient but for the share of the label: columns = (softmax(columns) - s/classes) times <paramref name="perRow"/>,
    /// in place.
    /// </summary>
    /// <param name="columns">Logits by class, <c>[classes, across]</c>; takes the gradient.</param>
    /// <param name="across">Floats from class to class.</param>
    /// <param name="rows">Examples, rounded up to whole vectors.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="smoothing">Label smoothing s.</param>
    /// <param name="perRow">Weight of an example: 1 / examples in the batch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByClass(float* columns, nint across, int rows, int classes, float smoothing, float perRow)
    {
        TVector others = TSimd.Broadcast(-smoothing / classes * perRow);
        TVector share = TSimd.Broadcast(perRow);
        for (int lane = 0; lane < rows; lane += TSimd.Width)
        {
            float* first = columns + lane;
            float* end = first + classes * across;
            TVector largest = TSimd.Load(first);
            for (float* at = first + across; at < end; at += across)
            {
                largest = TSimd.Max(largest, TSimd.Load(at));
            }

            TVector sum = TSimd.Broadcast(0);
            for (float* at = first; at < end; at += across)
            {
                TVector e = Exponential<TSimd, TVector>.Of(TSimd.Subtract(TSimd.Load(at), largest));
                sum = TSimd.Add(sum, e);
                TSimd.Store(e, at);
            }

            TVector scale = TSimd.Divide(share, sum);
            for (float* at = first; at < end; at += across)
            {
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(at), scale, others), at);
            }
        }
    }
}
