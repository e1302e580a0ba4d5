namespace Datamodels.Kernels;

/// <summary>Transposes a square of 64 by 64 bits.</summary>
internal static class BitTranspose
{
    /// <summary>Bit j of word i becomes bit i of word j (Warren: "Hacker's Delight", 2nd edition, section 7-3).</summary>
    /// <param name="square">The words, <c>[64]</c>; overwritten.</param>
    public static void Transpose64(Span<ulong> square)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(square.Length, 64);

        // Six rounds, each swapping the off-diagonal quarters of ever smaller squares.
        ulong mask = 0x0000_0000_FFFF_FFFF;
        for (int half = 32; half != 0; half >>= 1, mask ^= mask << half)
        {
            for (int i = 0; i < 64; i = ((i | half) + 1) & ~half)
            {
                ulong swap = ((square[i] >> half) ^ square[i | half]) & mask;
                square[i | half] ^= swap;
                square[i] ^= swap << half;
            }
        }
    }
}
