namespace Datamodels.Kernels;

/// <summary>
/// How the activations of a block of 16 examples are laid out: <c>[channels, height, width, 16]</c>, the examples in the
/// lanes. Whatever the numbers of channels and pixels, every operation of a network is then a plain vector operation
/// over examples, with nothing to pad.
/// </summary>
/// <param name="Channels">Planes.</param>
/// <param name="Height">Rows of a plane.</param>
/// <param name="Width">Positions in a row.</param>
internal readonly record struct BlockShape(int Channels, int Height, int Width)
{
    /// <summary>Examples in a block, one in each lane. A narrower vector does the block in parts, one after the other.</summary>
    public const int Lanes = KernelLayout.Alignment;

    /// <summary>Positions of a plane.</summary>
    public int Positions => Height * Width;

    /// <summary>Values an example has.</summary>
    public int Values => Channels * Positions;

    /// <summary>
    /// Floats from plane to plane: an odd number of cache lines, so that the same position of all channels does not fall on
    /// the same few sets of a cache, as it would with 32 by 32 positions.
    /// </summary>
    public int Plane => (Positions | 1) * Lanes;

    /// <summary>Floats of a block.</summary>
    public int Floats => Channels * Plane;

    /// <summary>Such as <c>16 channels of 14x14</c>.</summary>
    public override string ToString() => $"{Channels} {(Channels == 1 ? "channel" : "channels")} of {Height}x{Width}";
}
