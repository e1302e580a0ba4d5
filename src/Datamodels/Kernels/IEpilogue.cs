namespace Datamodels.Kernels;

/// <summary>
/// What is done with each vector of a matrix product while it is still in a register. Implemented by structs, so that the
/// product and what follows it compile into one loop.
/// </summary>
internal interface IEpilogue<TVector>
    where TVector : unmanaged
{
    /// <summary>Takes lanes [row, column .. column + Width) of the product.</summary>
    void Apply(TVector product, int row, int column);
}
