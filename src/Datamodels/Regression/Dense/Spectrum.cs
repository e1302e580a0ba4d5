using System.Numerics;
using Datamodels.Kernels;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Datamodels.Regression;

/// <summary>
/// The eigenvalues e and eigenvectors U of a centred Gram matrix, G = U diag(e) U': in their terms a ridge fit at any lambda
/// is one division a direction. Takes 8 n^2 bytes; made once for all targets and lambdas.
/// </summary>
internal sealed class Spectrum
{
    private readonly double[] _values;
    private readonly double[] _vectors;

    private Spectrum(double[] values, double[] vectors)
    {
        _values = values;
        _vectors = vectors;
    }

    /// <summary>Number of directions, n.</summary>
    public int Count => _values.Length;

    /// <summary>The eigenvalues, none below 0, <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>U', row-major, <c>[n, n]</c>: row k is eigenvector k.</summary>
    public ReadOnlySpan<double> Vectors => _vectors;

    /// <summary>Decomposes on one thread, in about 10 n^3 operations; takes 24 n^2 bytes meanwhile.</summary>
    /// <param name="gram">G.</param>
    /// <param name="cancellation">Stops waiting (<see cref="LongCall"/>).</param>
    public static Spectrum Of(CentredGram gram, CancellationToken cancellation) =>
        LongCall.Wait(() => Compute(gram), cancellation);

    /// <summary>w = U z.</summary>
    /// <param name="coordinates">z, <c>[n]</c>.</param>
    public double[] Combine(ReadOnlySpan<double> coordinates)
    {
        double[] weights = new double[Count];
        for (int k = 0; k < Count; k++)
        {
            AddScaled.Add(weights, coordinates[k], Vectors.Slice(k * Count, Count));
        }

        return weights;
    }

    private static Spectrum Compute(CentredGram gram)
    {
        int n = gram.ColumnCount;
        double[] vectors = new double[n * n];
        var values = new Complex[n];
        ManagedLinearAlgebraProvider.Instance.EigenDecomp(true, n, gram.Values.ToArray(), vectors, values, new double[n * n]);

        // Rounding takes those of null directions below 0.
        return new Spectrum(Array.ConvertAll(values, value => Math.Max(0, value.Real)), vectors);
    }
}
