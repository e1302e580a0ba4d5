using Datamodels.Kernels;

namespace Datamodels.Attribution;

/// <summary>
/// A random projection of gradients from P to k dimensions, ±1/sqrt(k) at random (Johnson and Lindenstrauss): inner products
/// are kept on average. Row p follows from (seed, p) and is made as it is needed. Where k is not less than P nothing is
/// projected.
/// </summary>
/// <param name="seed">Seed.</param>
/// <param name="parameters">P.</param>
/// <param name="most">Dimensions to project to, at most.</param>
internal sealed unsafe class Projection(ulong seed, int parameters, int most) : IDisposable
{
    private const int Block = 512;

    private readonly NativeFloats _rows = new((nint)Block * KernelLayout.Pad(Math.Min(most, parameters)));

    /// <summary>k: dimensions projected to.</summary>
    public int Dimension { get; } = Math.Min(most, parameters);

    /// <summary>Floats from one projected row to the next.</summary>
    public int Row => KernelLayout.Pad(Dimension);

    /// <summary>Adds the projected rows to <paramref name="projected"/>.</summary>
    /// <param name="gradients">What is projected, <c>[count, P]</c>.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="projected">Sums of the projections, <c>[count, Row]</c>.</param>
    public void Add(float* gradients, int count, float* projected)
    {
        for (int first = 0; first < parameters; first += Block)
        {
            int depth = Math.Min(Block, parameters - first);
            for (int i = 0; i < depth; i++)
            {
                Fill(first + i, new Span<float>(_rows.Data + ((nint)i * Row), Dimension));
            }

            RowProducts.Add(gradients + first, parameters, 1, _rows.Data, Row, projected, Row, count, depth, Dimension);
        }
    }

    public void Dispose() => _rows.Dispose();

    private void Fill(int parameter, Span<float> row)
    {
        if (Dimension == parameters)
        {
            row.Clear();
            row[parameter] = 1;
            return;
        }

        // By the sign bit: a branch on random bits is mispredicted every other time.
        uint size = BitConverter.SingleToUInt32Bits((float)(1 / Math.Sqrt(Dimension)));
        var random = new RandomStream(seed, RandomPurpose.Projection, (ulong)parameter);
        uint bits = 0;
        for (int j = 0; j < row.Length; j++)
        {
            bits = j % 32 == 0 ? random.NextUInt32() : bits >> 1;
            row[j] = BitConverter.UInt32BitsToSingle(size | (~bits << 31));
        }
    }
}
