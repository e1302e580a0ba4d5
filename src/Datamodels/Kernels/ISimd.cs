namespace Datamodels.Kernels;

/// <summary>
/// The vector operations that training needs, for one width. Kernels are written once over this interface and compiled
/// for each width; since every operation works lane by lane and multiply-adds are fused in all of them, every width gives
/// the same bits, and <see cref="SimdScalar"/> is the twin that tests compare the others with.
/// </summary>
/// <typeparam name="TVector">The vector of float32.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Lanes in a vector; divides <see cref="KernelLayout.Alignment"/>.</summary>
    static abstract int Width { get; }

    /// <summary>
    /// Rows that the matrix kernel keeps in registers at once, 8 or 4: two vectors a row, so that with the operands they
    /// fit the 32 (AVX-512) or 16 registers there are.
    /// </summary>
    static abstract int RowBlock { get; }

    /// <summary>The vector at <paramref name="source"/>.</summary>
    static abstract TVector Load(float* source);

    /// <summary>Writes a vector to <paramref name="target"/>.</summary>
    static abstract void Store(TVector value, float* target);

    /// <summary>The number in every lane.</summary>
    static abstract TVector Broadcast(float value);

    /// <summary>x * y + z, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    /// <summary>x + y.</summary>
    static abstract TVector Add(TVector x, TVector y);

    /// <summary>x - y.</summary>
    static abstract TVector Subtract(TVector x, TVector y);

    /// <summary>x * y.</summary>
    static abstract TVector Multiply(TVector x, TVector y);

    /// <summary>x / y.</summary>
    static abstract TVector Divide(TVector x, TVector y);

    /// <summary>The larger of each pair of lanes.</summary>
    static abstract TVector Max(TVector x, TVector y);

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
