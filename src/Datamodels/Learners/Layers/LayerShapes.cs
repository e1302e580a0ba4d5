using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>What goes in and out of each layer for given data.</summary>
internal static class LayerShapes
{
    // A block of 16 examples takes at most 1 GiB in each layer then, and the sums of the weights' gradient, 16 lanes each, do,
    // too; and all offsets fit an Int32.
    private const long MostValues = 1 << 24;
    private const long MostWeights = 1 << 24;

    /// <summary>Makes sure that layers fit one another, the images and the classes.</summary>
    /// <param name="layers">The network, first to last.</param>
    /// <param name="image">Shape of an image.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="DatamodelException">
    /// A layer cannot take what comes in or is too large, or the last one does not give one value for each class; the message
    /// names it, its place and the shapes.
    /// </exception>
    public static void Check(EquatableList<Layer> layers, BlockShape image, int classes)
    {
        BlockShape end = Through(layers, image, classes, "");
        if (end != new BlockShape(classes, 1, 1))
        {
            throw Wrong(
                $"The layers of the learner end with '{layers[^1]}', which gives {end}; expected one value for each of the "
                + $"{classes} classes. End with 'dense'.");
        }
    }

    /// <summary>Whether a layer, or one inside it, is batch normalisation.</summary>
    public static bool HasBatchNorm(EquatableList<Layer> layers) =>
        layers.Any(layer => layer is BatchNormLayer || (layer is ResidualLayer residual && HasBatchNorm(residual.Branch)));

    /// <summary>Number of weights of convolutions and dense layers, and of activations an example.</summary>
    /// <param name="layers">Layers that fit.</param>
    /// <param name="image">Shape of an image.</param>
    /// <param name="classes">Number of classes.</param>
    public static (long Weights, long Values) SizeOf(EquatableList<Layer> layers, BlockShape image, int classes)
    {
        long weights = 0;
        long values = image.Values;
        BlockShape shape = image;
        foreach (Layer layer in layers)
        {
            if (layer is ResidualLayer residual)
            {
                (long inWeights, long inValues) = SizeOf(residual.Branch, shape, classes);
                weights += inWeights;
                values += inValues;
            }

            BlockShape output = layer.OutputOf(shape, classes)!.Value;
            weights += Weights(layer, shape, output);
            values += layer is ReluLayer ? 0 : output.Values;
            shape = output;
        }

        return (weights, values);
    }

    private static BlockShape Through(EquatableList<Layer> layers, BlockShape input, int classes, string place)
    {
        BlockShape shape = input;
        for (int i = 0; i < layers.Count; i++)
        {
            string here = $"{place}{i + 1}";
            Layer layer = layers[i];
            BlockShape output = layer.OutputOf(shape, classes)
                ?? throw Wrong(
                    $"Layer {here} of the learner, '{layer}', gets {shape}; expected {layer.ExpectedInput}. "
                    + "Take a smaller one or fewer layers before it that make the image smaller.");
            if (layer is ResidualLayer residual
                && Through(residual.Branch, shape, classes, here + ".") is var end && end != shape)
            {
                throw Wrong(
                    $"Layer {here} of the learner, '{layer}', gets {shape} and its branch gives {end}; expected the same shape, "
                    + "since the two are added. Change the channels, stride or padding in the branch.");
            }

            long values = (long)output.Channels * output.Positions;
            if (values > MostValues || Weights(layer, shape, output) > MostWeights)
            {
                throw Wrong(
                    $"Layer {here} of the learner, '{layer}', makes {output} of {shape}; expected at most "
                    + $"{MostValues} values of an example and {MostWeights} weights. Take fewer channels or outputs, or layers "
                    + "before it that make the image smaller.");
            }

            shape = output;
        }

        return shape;
    }

    private static long Weights(Layer layer, BlockShape input, BlockShape output) => layer switch
    {
        ConvolutionLayer convolution => (long)output.Channels * input.Channels * convolution.Window.Taps,
        DenseLayer => (long)output.Channels * input.Values,
        _ => 0,
    };

    private static DatamodelException Wrong(string message) => new("LayerDoesNotFit", ErrorKind.InvalidArgument, message);
}
