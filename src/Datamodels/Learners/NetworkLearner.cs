namespace Datamodels.Learners;

/// <summary>The kinds of network that can be learned.</summary>
public enum LearnerKind
{
    /// <summary>Softmax regression: one dense layer from features to logits.</summary>
    Softmax,

    /// <summary>A multi-layer perceptron: dense layers with ReLU between them.</summary>
    Perceptron,
}

/// <summary>
/// A network trained by this project's own engine: the architecture, and stochastic gradient descent with momentum,
/// weight decay, a triangular learning rate and label smoothing. The last incomplete batch of an epoch is dropped (each
/// epoch has its own order, so that no example is left out for good); a subset smaller than the batch is one batch.
/// </summary>
public sealed record NetworkLearner : Learner
{
    /// <summary>The kind of network.</summary>
    public LearnerKind Kind { get; init; } = LearnerKind.Perceptron;

    /// <summary>Widths of the hidden layers, first to last; empty for <see cref="LearnerKind.Softmax"/>.</summary>
    public EquatableList<int> Hidden { get; init; } = [32];

    /// <summary>Passes over the subset, at least 1.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Examples in a step, at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Highest learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>
    /// Where the triangular schedule has its peak, in epochs, 0..Epochs: the learning rate rises linearly from 0 to
    /// <see cref="LearningRate"/> there and falls linearly to 0 at the end.
    /// </summary>
    public double PeakEpoch { get; init; } = 5;

    /// <summary>Momentum, 0 up to but not including 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay, at least 0: added to the gradient of every weight and bias as decay times its value.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>
    /// Label smoothing s, 0 up to but not including 1: the wanted class gets 1 - s + s/classes, each other s/classes.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <inheritdoc/>
    public override NetworkLearner Validate()
    {
        static void Check(bool good, string name, object value, string expected)
        {
            if (!good)
            {
                throw new DatamodelException(
                    "LearnerSettingOutOfRange", ErrorKind.InvalidArgument,
                    FormattableString.Invariant($"{name} of the learner is {value}; expected {expected}."));
            }
        }

        if (Kind == LearnerKind.Softmax)
        {
            Check(Hidden.Count == 0, nameof(Hidden), Hidden, "no hidden layers for softmax regression (or kind Perceptron)");
        }
        else
        {
            Check(Hidden.Count > 0, nameof(Hidden), "empty", "the width of at least one hidden layer (or kind Softmax)");
        }

        foreach (int width in Hidden)
        {
            Check(width is >= 1 and <= 65536, nameof(Hidden), width, "widths of 1 to 65536");
        }

        Check(Epochs >= 1, nameof(Epochs), Epochs, "at least 1");
        Check(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        Check(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a number above 0");
        Check(PeakEpoch >= 0 && PeakEpoch <= Epochs, nameof(PeakEpoch), PeakEpoch, $"0 to {Epochs}, the number of epochs");
        Check(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "0 up to but not including 1");
        Check(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "a number of at least 0");
        Check(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "0 up to but not including 1");
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => Kind == LearnerKind.Softmax
        ? $"softmax regression, {Epochs} epochs"
        : $"perceptron {string.Join('-', Hidden)}, {Epochs} epochs";
}
