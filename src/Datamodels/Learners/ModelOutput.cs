using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>Turns logits into the output that is recorded.</summary>
internal static class ModelOutput
{
    /// <summary>Numbers for each target: one, or the classes for <see cref="OutputKind.Logits"/>.</summary>
    public static int Width(OutputKind kind, int classes) => kind == OutputKind.Logits ? classes : 1;

    /// <summary>The outputs of one model.</summary>
    /// <param name="kind">Which output.</param>
    /// <param name="logits">Logits, <c>[targets, classes]</c>; taken over where they are what is wanted.</param>
    /// <param name="labels">Class of each target, <c>[targets]</c>.</param>
    /// <returns><c>[targets]</c>, or <c>[targets, classes]</c> for <see cref="OutputKind.Logits"/>.</returns>
    public static float[] Of(OutputKind kind, float[] logits, ReadOnlySpan<int> labels)
    {
        if (kind == OutputKind.Logits)
        {
            return logits;
        }

        float[] outputs = new float[labels.Length];
        Fill(kind, logits, labels, outputs);
        return outputs;
    }

    /// <summary>
    /// The same into <paramref name="outputs"/>, <c>[targets]</c>, for every kind but <see cref="OutputKind.Logits"/>.
    /// </summary>
    public static void Fill(OutputKind kind, ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> outputs)
    {
        int classes = logits.Length / labels.Length;
        for (int target = 0; target < labels.Length; target++)
        {
            outputs[target] = Of(kind, logits.Slice(target * classes, classes), labels[target]);
        }
    }

    private static float Of(OutputKind kind, ReadOnlySpan<float> logits, int label)
    {
        float other = LargestOther(logits, label);
        float margin = logits[label] - other;
        if (kind == OutputKind.Margin || !float.IsFinite(margin))
        {
            // A model that diverged must not come out as a sure one.
            return margin;
        }

        if (kind == OutputKind.Correctness)
        {
            return margin > 0 ? 1 : 0;
        }

        double sum = 0;
        for (int c = 0; c < logits.Length; c++)
        {
            sum += c == label ? 0 : Exponential<SimdScalar, float>.Of(logits[c] - other);
        }

        double logOdds = margin - Logarithm.Of(sum);
        if (kind == OutputKind.LogSumExpMargin)
        {
            return (float)logOdds;
        }

        // e^-|log odds| is at most 1, so neither form below can overflow or lose a small probability to rounding.
        double e = Exponential<SimdScalar, float>.Of((float)-Math.Abs(logOdds));
        return kind == OutputKind.Loss
            ? (float)(Math.Max(-logOdds, 0) + Logarithm.OfOnePlus(e))
            : (float)((logOdds > 0 ? 1 : e) / (1 + e));
    }

    private static float LargestOther(ReadOnlySpan<float> logits, int label)
    {
        float other = float.NegativeInfinity;
        for (int c = 0; c < logits.Length; c++)
        {
            if (c != label && !(logits[c] <= other))
            {
                other = logits[c];
            }
        }

        return other;
    }
}
