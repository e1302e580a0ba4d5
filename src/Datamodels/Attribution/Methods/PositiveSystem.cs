using MathNet.Numerics.Providers.LinearAlgebra;

namespace Datamodels.Attribution;

/// <summary>Linear equations with a symmetric positive definite matrix, by its Cholesky factor.</summary>
internal sealed class PositiveSystem
{
    private readonly double[] _factor;
    private readonly int _size;

    /// <summary>Factorises, in size³ / 3 operations.</summary>
    /// <param name="matrix">The matrix, <c>[size, size]</c>; taken over.</param>
    /// <param name="size">Number of unknowns.</param>
    public PositiveSystem(double[] matrix, int size)
    {
        ManagedLinearAlgebraProvider.Instance.CholeskyFactor(matrix, size);
        _factor = matrix;
        _size = size;
    }

    /// <summary>Puts the solutions in the place of the right sides, <c>[count, size]</c>.</summary>
    public void Solve(double[] right) =>
        ManagedLinearAlgebraProvider.Instance.CholeskySolveFactored(_factor, _size, right, right.Length / _size);
}
