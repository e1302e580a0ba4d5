using System.Runtime.Intrinsics;

namespace Datamodels.Kernels;

/// <summary>
/// The operations on vectors of bits that counting needs, for one width: <see cref="CarrySaveCounts{TBits, TVector}"/> is
/// written once over this interface. All work bit by bit or byte by byte.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface IBits<TVector>
    where TVector : unmanaged
{
    /// <summary>64-bit words in a vector; divides 8.</summary>
    static abstract int Words { get; }

    /// <summary>The vector at <paramref name="source"/>.</summary>
    static abstract TVector Load(ulong* source);

    /// <summary>x &amp; y.</summary>
    static abstract TVector And(TVector x, TVector y);

    /// <summary>z ^ (x &amp; y).</summary>
    static abstract TVector XorAnd(TVector z, TVector x, TVector y);

    /// <summary>x ^ y ^ z.</summary>
    static abstract TVector Xor(TVector x, TVector y, TVector z);

    /// <summary>x where x and y are the same, else the opposite of <paramref name="sum"/>.</summary>
    static abstract TVector CarryOf(TVector x, TVector y, TVector sum);

    /// <summary>
    /// The opposite of <paramref name="one"/> where <paramref name="choice"/> is 1, <paramref name="zero"/> where it is 0.
    /// </summary>
    static abstract TVector ChooseNot(TVector choice, TVector one, TVector zero);

    /// <summary>Adds to every byte of <paramref name="sums"/> the ones in that byte of <paramref name="bits"/>.</summary>
    static abstract TVector AddOnes(TVector sums, TVector bits);

    /// <summary>Adds every byte of x to that of y; none overflows.</summary>
    static abstract TVector AddBytes(TVector x, TVector y);

    /// <summary>The sum of the bytes of w and 16 times those of w16; the same of x, y and z.</summary>
    static abstract Vector128<int> Totals(
        TVector w, TVector x, TVector y, TVector z, TVector w16, TVector x16, TVector y16, TVector z16);
}
