using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// One layer of a convolutional network, written as in <c>conv 16 3x3</c> (see <see cref="Parse"/>). Two layers are equal
/// where their texts are.
/// </summary>
public abstract record Layer
{
    /// <summary>
    /// Reads layers separated by commas:
    /// <list type="table">
    /// <item><term><c>conv 16 3x3 stride 2 pad 0</c></term><description>
    /// convolution to 16 channels, stride 1 and padding (kernel - 1) / 2 where they are left out</description></item>
    /// <item><term><c>batchNorm</c></term><description>batch normalisation of each channel</description></item>
    /// <item><term><c>relu</c></term><description>max(x, 0)</description></item>
    /// <item><term><c>maxPool 2</c></term><description>largest of each 2 by 2 positions, side by side</description></item>
    /// <item><term><c>globalPool max</c>, <c>globalPool mean</c></term><description>
    /// one number a channel</description></item>
    /// <item><term><c>residual(conv 16 3x3, batchNorm, relu)</c></term><description>
    /// its input plus what the layers in it make of it</description></item>
    /// <item><term><c>dense 64</c>, <c>dense noBias</c></term><description>
    /// all values to 64, or to one for each class where no number is given</description></item>
    /// <item><term><c>scale 0.2</c></term><description>x times 0.2</description></item>
    /// </list>
    /// </summary>
    /// <param name="text">At least one layer.</param>
    /// <exception cref="DatamodelException">The text is not of this form; the message names the piece that is not.</exception>
    public static EquatableList<Layer> Parse(string text) => LayerText.Parse(text);

    /// <summary>The layer as <see cref="Parse"/> reads it.</summary>
    public sealed override string ToString() => Text;

    /// <summary>The layer as text, with nothing in it that is the default.</summary>
    private protected abstract string Text { get; }

    /// <summary>Shape of what comes out; null where <paramref name="input"/> cannot go in.</summary>
    /// <param name="input">Shape of what goes in.</param>
    /// <param name="classes">Number of classes.</param>
    internal abstract BlockShape? OutputOf(BlockShape input, int classes);

    /// <summary>What can go in, in words, such as <c>planes of at least 2x2</c>.</summary>
    internal virtual string ExpectedInput => "planes of any size";
}

/// <summary>A convolution: each output channel is a sum over input channels and kernel positions, plus a bias.</summary>
/// <param name="Channels">Output channels, 1 to 65536.</param>
/// <param name="Kernel">Height and width of the kernel, 1 to 31.</param>
/// <param name="Stride">Positions that the kernel moves at a time, 1 to 31.</param>
/// <param name="Padding">Rows and columns of zeros around the image, 0 to kernel - 1.</param>
/// <remarks>There is no bias where batch normalisation follows at once, which would take it away again.</remarks>
public sealed record ConvolutionLayer(int Channels, int Kernel, int Stride, int Padding) : Layer
{
    private protected override string Text =>
        $"conv {Channels} {Kernel}x{Kernel}{(Stride == 1 ? "" : $" stride {Stride}")}"
        + (Padding == DefaultPadding(Kernel) ? "" : $" pad {Padding}");

    internal static int DefaultPadding(int kernel) => (kernel - 1) / 2;

    internal Window Window => new(Kernel, Kernel, Stride, Padding);

    internal override BlockShape? OutputOf(BlockShape input, int classes) =>
        Math.Min(input.Height, input.Width) + 2 * Padding < Kernel
            ? null
            : new BlockShape(Channels, Window.RowsOf(input.Height), Window.ColumnsOf(input.Width));

    internal override string ExpectedInput => $"planes that reach {Kernel}x{Kernel} with {Padding} of padding on each side";
}

/// <summary>
/// Batch normalisation of each channel, then a factor and a term that are learned (Ioffe and Szegedy 2015): by the batch's
/// mean and variance while training; for outputs by running ones, which each batch moves a tenth of the way.
/// </summary>
public sealed record BatchNormLayer : Layer
{
    private protected override string Text => "batchNorm";

    internal override BlockShape? OutputOf(BlockShape input, int classes) => input;
}

/// <summary>The rectifier, max(x, 0).</summary>
public sealed record ReluLayer : Layer
{
    private protected override string Text => "relu";

    internal override BlockShape? OutputOf(BlockShape input, int classes) => input;
}

/// <summary>
/// The largest of each square of positions; the squares lie side by side, and what is left at the end is dropped.
/// </summary>
/// <param name="Size">Height and width of a square, 2 to 1024.</param>
public sealed record MaxPoolLayer(int Size) : Layer
{
    private protected override string Text => $"maxPool {Size}";

    internal override BlockShape? OutputOf(BlockShape input, int classes) =>
        Math.Min(input.Height, input.Width) < Size ? null : new(input.Channels, input.Height / Size, input.Width / Size);

    internal override string ExpectedInput => $"planes of at least {Size}x{Size}";
}

/// <summary>How a plane becomes one number.</summary>
public enum PoolKind
{
    /// <summary>The largest.</summary>
    Max,

    /// <summary>The mean.</summary>
    Mean,
}

/// <summary>One number a channel.</summary>
/// <param name="Kind">Which.</param>
public sealed record GlobalPoolLayer(PoolKind Kind) : Layer
{
    private protected override string Text => Kind == PoolKind.Max ? "globalPool max" : "globalPool mean";

    internal override BlockShape? OutputOf(BlockShape input, int classes) => new BlockShape(input.Channels, 1, 1);
}

/// <summary>The input plus what a branch of layers makes of it, which must have its shape (He et al. 2016).</summary>
/// <param name="Branch">The layers, at least one.</param>
public sealed record ResidualLayer(EquatableList<Layer> Branch) : Layer
{
    private protected override string Text => $"residual({string.Join(", ", Branch)})";

    internal override BlockShape? OutputOf(BlockShape input, int classes) => input;
}

/// <summary>Every output is a sum over all values of an example, plus a bias.</summary>
/// <param name="Outputs">Number of outputs, 1 to 65536; null for one for each class.</param>
/// <param name="Bias">Whether there is a bias.</param>
public sealed record DenseLayer(int? Outputs, bool Bias) : Layer
{
    private protected override string Text => $"dense{(Outputs is { } outputs ? $" {outputs}" : "")}{(Bias ? "" : " noBias")}";

    internal override BlockShape? OutputOf(BlockShape input, int classes) => new BlockShape(Outputs ?? classes, 1, 1);
}

/// <summary>Everything times a number that is not learned.</summary>
/// <param name="Factor">The number, above 0.</param>
public sealed record ScaleLayer(double Factor) : Layer
{
    private protected override string Text => FormattableString.Invariant($"scale {Factor}");

    internal override BlockShape? OutputOf(BlockShape input, int classes) => input;
}
