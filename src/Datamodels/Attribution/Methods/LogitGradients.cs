using Datamodels.Kernels;

namespace Datamodels.Attribution;

/// <summary>Gradients of what is said of a prediction with respect to its logits z; y is the example's class.</summary>
internal static class LogitGradients
{
    /// <summary>Of the margin z_y - max z_c over the other classes: 1 at y, -1 at the largest other; ties to the first.</summary>
    /// <param name="logits">z, <c>[count, classes]</c>.</param>
    /// <param name="labels">y, <c>[count]</c>.</param>
    /// <returns><c>[count, classes]</c>.</returns>
    public static float[] OfMargin(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        int classes = logits.Length / labels.Length;
        float[] gradients = new float[logits.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> z = logits.Slice(i * classes, classes);
            int other = labels[i] == 0 ? 1 : 0;
            for (int c = other + 1; c < classes; c++)
            {
                other = c != labels[i] && z[c] > z[other] ? c : other;
            }

            gradients[(i * classes) + labels[i]] = 1;
            gradients[(i * classes) + other] = -1;
        }

        return gradients;
    }

    /// <summary>Of log(p_y / (1 - p_y)) = z_y - log Σ exp z_c over the other classes: 1 at y, else -p_c / (1 - p_y).</summary>
    /// <param name="probabilities">p, the softmax of z, <c>[count, classes]</c>.</param>
    /// <param name="labels">y, <c>[count]</c>.</param>
    /// <returns><c>[count, classes]</c>.</returns>
    public static float[] OfLogSumExpMargin(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels)
    {
        int classes = probabilities.Length / labels.Length;
        float[] gradients = new float[probabilities.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<double> p = probabilities.Slice(i * classes, classes);
            double doubt = Doubt(p, labels[i]);
            for (int c = 0; c < classes; c++)
            {
                gradients[(i * classes) + c] = c == labels[i] ? 1 : (float)(-p[c] / doubt);
            }
        }

        return gradients;
    }

    /// <summary>Of the cross-entropy -Σ_c q_c log p_c: p - q; q is 1 - s + s/classes at y and s/classes elsewhere.</summary>
    /// <param name="probabilities">p, the softmax of z, <c>[count, classes]</c>.</param>
    /// <param name="labels">y, <c>[count]</c>.</param>
    /// <param name="smoothing">Label smoothing s.</param>
    /// <returns><c>[count, classes]</c>.</returns>
    public static float[] OfLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, double smoothing)
    {
        int classes = probabilities.Length / labels.Length;
        float[] gradients = new float[probabilities.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<double> p = probabilities.Slice(i * classes, classes);
            for (int c = 0; c < classes; c++)
            {
                // Without smoothing, p - 1 of a sure model would be lost to rounding.
                double more = c == labels[i] ? smoothing - Doubt(p, c) : p[c];
                gradients[(i * classes) + c] = (float)(more - (smoothing / classes));
            }
        }

        return gradients;
    }

    /// <summary>1 - p_y, as the sum of the others, which keeps the small ones exact.</summary>
    /// <param name="p">Probabilities of one example, <c>[classes]</c>.</param>
    /// <param name="label">y.</param>
    public static double Doubt(ReadOnlySpan<double> p, int label)
    {
        double others = 0;
        for (int c = 0; c < p.Length; c++)
        {
            others += c == label ? 0 : p[c];
        }

        return others;
    }

    /// <summary>The softmax of each row; none is 0, so that odds are finite.</summary>
    /// <param name="logits">z, <c>[count, classes]</c>.</param>
    /// <param name="classes">Number of classes.</param>
    public static double[] Probabilities(ReadOnlySpan<float> logits, int classes)
    {
        double[] probabilities = new double[logits.Length];
        for (int row = 0; row < logits.Length; row += classes)
        {
            float largest = logits[row];
            foreach (float z in logits.Slice(row, classes))
            {
                largest = Math.Max(largest, z);
            }

            double sum = 0;
            for (int c = row; c < row + classes; c++)
            {
                probabilities[c] = Math.Max(Exponential<SimdScalar, float>.Of(logits[c] - largest), 1e-30);
                sum += probabilities[c];
            }

            for (int c = row; c < row + classes; c++)
            {
                probabilities[c] /= sum;
            }
        }

        return probabilities;
    }
}
