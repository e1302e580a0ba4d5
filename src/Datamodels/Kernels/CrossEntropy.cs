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
    /// <param name="logits">Logits, <c>[rows, stride]</c>; the places past the classes may hold anything finite.</param>
    /// <param name="deltas">Takes the gradient, <c>[rows, stride]</c>, 0 past the classes.</param>
    /// <param name="labels">Class of each row, <c>[rows]</c>.</param>
    /// <param name="rows">Examples in the batch.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="stride">Floats from row to row, whole vectors.</param>
    /// <param name="smoothing">Label smoothing s.</param>
    public static void Gradient(float* logits, float* deltas, int* labels, int rows, int classes, int stride, float smoothing)
    {
        float perRow = 1f / rows;
        TVector others = TSimd.Broadcast(-smoothing / classes * perRow);
        float wanted = (1 - smoothing) * perRow;
        for (int row = 0; row < rows; row++, logits += stride, deltas += stride)
        {
            float largest = logits[0];
            for (int c = 1; c < classes; c++)
            {
                largest = logits[c] > largest ? logits[c] : largest;
            }

            TVector shift = TSimd.Broadcast(largest);
            for (int c = 0; c < classes; c += TSimd.Width)
            {
                TSimd.Store(Exponential<TSimd, TVector>.Of(TSimd.Subtract(TSimd.Load(logits + c), shift)), deltas + c);
            }

            // One class after the other, so that the sum does not depend on the vector width.
            float sum = 0;
            for (int c = 0; c < classes; c++)
            {
                sum += deltas[c];
            }

            TVector scale = TSimd.Broadcast(perRow / sum);
            for (int c = 0; c < classes; c += TSimd.Width)
            {
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(deltas + c), scale, others), deltas + c);
            }

            for (int c = classes; c < stride; c++)
            {
                deltas[c] = 0;
            }

            deltas[labels[row]] -= wanted;
        }
    }
}
