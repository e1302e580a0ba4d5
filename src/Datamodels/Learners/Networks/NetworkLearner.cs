using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>The kinds of network that can be learned.</summary>
public enum LearnerKind
{
    /// <summary>Softmax regression: one dense layer from features to logits.</summary>
    Softmax,

    /// <summary>A multi-layer perceptron: dense layers with ReLU between them.</summary>
    Perceptron,

    /// <summary>A convolutional network of given layers, for images.</summary>
    Convolutional,
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

    /// <summary>Widths of the hidden layers of a <see cref="LearnerKind.Perceptron"/>, first to last; else empty.</summary>
    public EquatableList<int> Hidden { get; init; } = [32];

    /// <summary>
    /// Layers of a <see cref="LearnerKind.Convolutional"/> network, first to last; else empty. The last gives one value for
    /// each class, as <c>dense</c> does.
    /// </summary>
    public EquatableList<Layer> Layers { get; init; } = [];

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

    /// <summary>
    /// Whether each image that is trained on is mirrored left to right, with probability 1/2, anew in each epoch.
    /// </summary>
    public bool Flip { get; init; }

    /// <summary>
    /// Most pixels that an image that is trained on is moved by, 0 to 32: up or down and left or right, uniformly, anew in each
    /// epoch. Pixels that come in are 0: the mean where features are standardised.
    /// </summary>
    public int Translate { get; init; }

    /// <summary>
    /// Height and width of the square, inside the image at a uniformly random place, that is set to 0 in each image that is
    /// trained on, anew in each epoch; 0 for none.
    /// </summary>
    public int Cutout { get; init; }

    /// <summary>Whether logits are the mean of those of the image and of its mirror image.</summary>
    public bool FlipAtTest { get; init; }

    /// <summary>The <see cref="PeakEpoch"/> of a learner that names only its epochs: after a quarter of them.</summary>
    /// <param name="epochs">Passes over the subset.</param>
    public static double UsualPeak(int epochs) => epochs * 0.25;

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

        if (Kind == LearnerKind.Perceptron)
        {
            Check(Hidden.Count > 0, nameof(Hidden), "empty", "the width of at least one hidden layer (or kind Softmax)");
        }
        else
        {
            Check(Hidden.Count == 0, nameof(Hidden), Hidden, $"no hidden layers for kind {Kind} (or kind Perceptron)");
        }

        if (Kind == LearnerKind.Convolutional)
        {
            Check(Layers.Count > 0, nameof(Layers), "empty", "at least one layer, such as 'dense' (or another kind)");
        }
        else
        {
            const string Images = "that only for kind Convolutional";
            Check(Layers.Count == 0, nameof(Layers), $"'{Layers}'", "layers only for kind Convolutional");
            Check(!Flip, nameof(Flip), Flip, Images);
            Check(Translate == 0, nameof(Translate), Translate, Images);
            Check(Cutout == 0, nameof(Cutout), Cutout, Images);
            Check(!FlipAtTest, nameof(FlipAtTest), FlipAtTest, Images);
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
        Check(Translate is >= 0 and <= 32, nameof(Translate), Translate, "0 to 32 pixels");
        Check(Cutout >= 0, nameof(Cutout), Cutout, "at least 0 pixels");
        return this;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A convolutional network needs data with an image shape that its layers fit, and every network memory to train one model.
    /// </remarks>
    public override NetworkLearner ValidateFor(TrainingData data)
    {
        Validate();
        if (Kind == LearnerKind.Convolutional)
        {
            RequireImages(data);
        }

        TrainingMemory.OfThisMachine.Require(this, data, models: 1);
        return this;
    }

    private void RequireImages(TrainingData data)
    {
        ImageShape image = data.ImageShape ?? throw new DatamodelException(
            "ImageShapeMissing", ErrorKind.InvalidArgument,
            $"The data '{data.Name}' has no image shape, which a convolutional network needs; import it with one, such as "
            + "32x32x3.");
        int smaller = Math.Min(image.Height, image.Width);
        if (Cutout > smaller || Translate >= smaller)
        {
            throw new DatamodelException(
                "LearnerSettingOutOfRange", ErrorKind.InvalidArgument,
                $"Cutout of the learner is {Cutout} and Translate is {Translate}, for images of {image}; expected a square that "
                + "fits the image, and less than its size to move by.");
        }

        LayerShapes.Check(Layers, new BlockShape(image.Channels, image.Height, image.Width), data.ClassCount);
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        LearnerKind.Softmax => $"softmax regression, {Epochs} epochs",
        LearnerKind.Perceptron => $"perceptron {string.Join('-', Hidden)}, {Epochs} epochs",
        _ => $"convolutional network of {Layers.Count} layers, {Epochs} epochs",
    };
}
