namespace Datamodels.Kernels;

/// <summary>
/// The vector operations that training needs, for one width. Kernels are written once over this interface and compiled
/// for each width; since every operation works lane by lane and multiply-adds are fused in all of them, every width gives
/// the same bits, and <see cref="SimdScalar"/> is the twin that tests compare the others with.
/// </summary>
/// <typeparam name="TVector">The vector of float32.</typeparam>
internal interface ISimd<TVector> : ILanes<TVector, float>
    where TVector : unmanaged
{
    /// <summary><paramref name="value"/> where <paramref name="gate"/> is above 0, else 0.</summary>
    static abstract TVector WherePositive(TVector gate, TVector value);

    /// <summary>The nearest whole number, ties to even.</summary>
    static abstract TVector Round(TVector x);

    /// <summary>2 to the power of a whole number in -126..127.</summary>
    static abstract TVector PowerOfTwo(TVector exponent);
}

/// <summary>How matrices are laid out for the kernels.</summary>
internal static class KernelLayout
{
    /// <summary>Rows are padded to a multiple of this many floats: the widest vector, and a cache line.</summary>
    public const int Alignment = 16;

    /// <summary><paramref name="count"/> rounded up to a whole number of cache lines.</summary>
    public static int Pad(int count) => (count + Alignment - 1) / Alignment * Alignment;
}
