namespace Datamodels.Kernels;

/// <summary>
/// The vector operations that have one problem in each lane, for one width and one kind of number. Kernels are written once
/// over this interface and compiled for each width and kind; since every operation works lane by lane and multiply-adds are
/// fused in all of them, every width gives the same bits.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TNumber">What is in a lane: float32 or float64.</typeparam>
internal unsafe interface ILanes<TVector, TNumber>
    where TVector : unmanaged
    where TNumber : unmanaged
{
    /// <summary>Lanes in a vector; divides <see cref="KernelLayout.Alignment"/>.</summary>
    static abstract int Width { get; }

    /// <summary>
    /// Rows that a matrix kernel keeps in registers at once, 8 or 4: two vectors a row, so that with the operands they
    /// fit the 32 (AVX-512) or 16 registers there are.
    /// </summary>
    static abstract int RowBlock { get; }

    /// <summary>The vector at <paramref name="source"/>.</summary>
    static abstract TVector Load(TNumber* source);

    /// <summary>Writes a vector to <paramref name="target"/>.</summary>
    static abstract void Store(TVector value, TNumber* target);

    /// <summary>The number in every lane.</summary>
    static abstract TVector Broadcast(TNumber value);

    /// <summary>A float32 in the lanes' kind of number, exactly.</summary>
    static abstract TNumber Number(float value);

    /// <summary>Some float32 in the lanes' kind of number.</summary>
    /// <param name="source">The numbers.</param>
    /// <param name="count">How many, a multiple of 16.</param>
    /// <param name="room">Room for as many.</param>
    /// <returns>Where they are: <paramref name="room"/>, or <paramref name="source"/> where that is their kind.</returns>
    static abstract TNumber* Numbers(float* source, nint count, TNumber* room);

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

    /// <summary><paramref name="yes"/> where x is above y, else <paramref name="no"/>.</summary>
    static abstract TVector WhereGreater(TVector x, TVector y, TVector yes, TVector no);

    /// <summary>Whether every lane is 0.</summary>
    static abstract bool IsZero(TVector x);
}
