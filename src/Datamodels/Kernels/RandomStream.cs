using System.Runtime.CompilerServices;

namespace Datamodels.Kernels;

/// <summary>
/// What a stream of random numbers is for. Streams with the same seed and index but another purpose are independent.
/// The values are part of the format: a number, once given, never changes.
/// </summary>
public enum RandomPurpose
{
    /// <summary>Which training examples a subset holds.</summary>
    Subset = 1,

    /// <summary>The training seed of a model.</summary>
    TrainingSeed = 2,

    /// <summary>Initial weights of a network.</summary>
    Initialization = 3,

    /// <summary>Order of the examples in each epoch.</summary>
    Shuffle = 4,

    /// <summary>The train/test split.</summary>
    Split = 5,

    /// <summary>Choice of targets.</summary>
    Targets = 6,

    /// <summary>Training seeds of retrainings that check a claim.</summary>
    Verification = 7,

    /// <summary>How an example of an epoch is flipped, moved and covered.</summary>
    Augmentation = 8,

    /// <summary>The class that examples are given in place of their own.</summary>
    Relabelling = 9,

    /// <summary>Which training examples a random removal takes out.</summary>
    Removal = 10,

    /// <summary>Training seeds of the models that are opened up to attribute predictions.</summary>
    Attribution = 11,

    /// <summary>Signs of a random projection.</summary>
    Projection = 12,

    /// <summary>A random order of training examples.</summary>
    RandomOrder = 13,

    /// <summary>The block of vectors that a search for eigenvectors starts from.</summary>
    Eigenvectors = 14,

    /// <summary>Examples that clusters start from.</summary>
    Clusters = 15,

    /// <summary>Which held-out subsets a bootstrap draws again.</summary>
    Bootstrap = 16,
}

/// <summary>
/// A sequence of random numbers fixed by (seed, purpose, index) alone: Philox blocks with the seed as the key and
/// (position, index, purpose) as the counter. A value type: a copy goes on by itself.
/// </summary>
/// <param name="seed">The user's seed.</param>
/// <param name="purpose">What the numbers are for.</param>
/// <param name="index">Which of the streams of that purpose, for instance the model's number.</param>
public struct RandomStream(ulong seed, RandomPurpose purpose, ulong index)
{
    private uint _position;
    private int _left;
    private uint _x0, _x1, _x2;

    /// <summary>The next 32 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NextUInt32()
    {
        switch (_left)
        {
            case 3:
                _left = 2;
                return _x0;
            case 2:
                _left = 1;
                return _x1;
            case 1:
                _left = 0;
                return _x2;
            default:
                (uint first, _x0, _x1, _x2) =
                    Philox.Block((_position++, (uint)purpose, (uint)index, (uint)(index >> 32)), seed);
                _left = 3;
                return first;
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64() => NextUInt32() | ((ulong)NextUInt32() << 32);

    /// <summary>
    /// A whole number uniform on 0..<paramref name="bound"/>-1, without bias (Lemire: "Fast Random Integer Generation in an
    /// Interval", 2019).
    /// </summary>
    /// <param name="bound">At least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextBelow(int bound)
    {
        ulong product = (ulong)NextUInt32() * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            uint threshold = (uint)-bound % (uint)bound;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * (uint)bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>A number uniform on [0, 1), a multiple of 2^-24.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Puts <paramref name="items"/> into a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextBelow(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
