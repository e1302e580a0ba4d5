using Datamodels.Kernels;

namespace Datamodels.Insight;

/// <summary>
/// The largest eigenvalues of a symmetric matrix that is only ever multiplied with, none of them below 0, and their
/// eigenvectors: a randomised block Krylov method (Musco and Musco 2015), which is block Lanczos with full orthogonalisation,
/// and thick restarts (Wu and Simon 2000) until they are found exactly enough. A block is wider than the number of
/// eigenvectors that are wanted, so that eigenvalues that are equal are all found.
/// </summary>
/// <remarks>
/// With n rows and k wanted, holds 2 n max(160, 4 (k + 8)) numbers of 8 bytes, and half as many more at a restart.
/// Deterministic, whatever the number of threads.
/// </remarks>
internal static class BlockKrylov
{
    // Directions more than are wanted: the last ones wanted converge by their distance to the first one left out.
    private const int Oversampling = 8;

    private const int BasisWidth = 160;
    private const int MaximumRounds = 500;

    // What is left of a vector, as a fraction of it, after what is known is taken out; below this it is rounding.
    private const double Vanished = 1e-13;

    // Eigenvalue of a correlation matrix of vectors; below this one of them depends on the others, but for rounding.
    private const double Dependent = 1e-12;

    /// <summary>Eigenvalues, descending, and eigenvectors, of length 1.</summary>
    /// <param name="rows">Rows of the matrix, n.</param>
    /// <param name="count">How many are wanted, 1..n.</param>
    /// <param name="multiply">The product of the matrix with a block.</param>
    /// <param name="seed">Seed of the block that it starts from.</param>
    /// <param name="tolerance">The largest |Av - ev| as a fraction of the largest eigenvalue, for every pair.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DatamodelException"><c>EigenvectorsNotFound</c>: the tolerance was not reached.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static (double[] Values, Block Vectors) Largest(
        int rows, int count, Func<Block, CancellationToken, Block> multiply, ulong seed, double tolerance,
        CancellationToken cancellation)
    {
        int width = Math.Min(rows, count + Oversampling);
        int most = Math.Max(BasisWidth, 4 * width);
        var basis = new List<Block>();
        var products = new List<Block>();
        Block next = Random(rows, width, seed);
        for (int round = 0; round < MaximumRounds; round++)
        {
            while (next.Width > 0 && basis.Sum(block => block.Width) + next.Width <= most)
            {
                next = Orthonormal(next, basis, cancellation);
                if (next.Width > 0)
                {
                    basis.Add(next);
                    next = multiply(next, cancellation);
                    products.Add(next);
                }
            }

            (double[] values, Block vectors, Block images) = Ritz(basis, products, most / 2, cancellation);
            if (Residual(values, vectors, images, count) <= tolerance * values[0])
            {
                return (values[..count], First(vectors, count));
            }

            // Goes on where it was, with the best half of what it knows.
            next = Orthonormal(next, basis, cancellation);
            basis = [vectors];
            products = [images];
        }

        throw new DatamodelException(
            "EigenvectorsNotFound", ErrorKind.InvalidData,
            $"The first {count} eigenvectors of a matrix of {rows} rows were not found within {MaximumRounds} rounds: too many "
            + "eigenvalues are almost equal there. Ask for fewer, or for more.");
    }

    private static Block Random(int rows, int width, ulong seed)
    {
        var random = new RandomStream(seed, RandomPurpose.Eigenvectors, 0);
        var block = new Block(rows, width);
        for (int i = 0; i < rows; i++)
        {
            foreach (ref double value in block.Row(i))
            {
                value = random.NextSingle() - 0.5;
            }
        }

        return block;
    }

    /// <summary>What is new in a block, orthonormal and orthogonal to the basis; narrower where some of it is not.</summary>
    private static Block Orthonormal(Block block, List<Block> basis, CancellationToken cancellation)
    {
        double scale = block.Width > 0 ? Lengths(block, cancellation).Max() : 0;
        block = First(block, block.Width);

        // Twice is enough (Parlett 1980).
        for (int pass = 0; pass < 2 && block.Width > 0; pass++)
        {
            foreach (Block known in basis)
            {
                block.AddProduct(-1, known, known.DotProducts(block, cancellation), cancellation);
            }

            block = Orthonormal(block, Vanished * scale, cancellation);
            scale = 1;
        }

        return block;
    }

    /// <summary>
    /// W D U / sqrt(e), with D that makes the vectors of W of length 1 and U and e of D W'W D (SVQB; Stathopoulos and Wu 2002);
    /// without those that are no longer than <paramref name="vanished"/>, and without what depends on the rest.
    /// </summary>
    private static Block Orthonormal(Block block, double vanished, CancellationToken cancellation)
    {
        int width = block.Width;
        double[] gram = block.DotProducts(block, cancellation);
        double[] scales = [.. Lengths(width, gram).Select(length => length > vanished ? 1 / length : 0)];
        for (int p = 0; p < width; p++)
        {
            for (int q = 0; q < width; q++)
            {
                gram[(p * width) + q] *= scales[p] * scales[q];
            }
        }

        EigenPairs pairs = EigenPairs.Of(width, gram, cancellation);
        int kept = pairs.Values.Count(value => value > Dependent);
        double[] turn = new double[width * kept];
        for (int p = 0; p < width; p++)
        {
            for (int k = 0; k < kept; k++)
            {
                turn[(p * kept) + k] = scales[p] * pairs.Vectors[(k * width) + p] / Math.Sqrt(pairs.Values[k]);
            }
        }

        var turned = new Block(block.Rows, kept);
        turned.AddProduct(1, block, turn, cancellation);
        return turned;
    }

    private static double[] Lengths(Block block, CancellationToken cancellation) =>
        Lengths(block.Width, block.DotProducts(block, cancellation));

    private static double[] Lengths(int width, double[] gram) =>
        [.. Enumerable.Range(0, width).Select(p => Math.Sqrt(gram[(p * width) + p]))];

    /// <summary>The largest eigenvalues and eigenvectors Qs there are in the span of a basis Q, and their images AQs.</summary>
    private static (double[] Values, Block Vectors, Block Images) Ritz(
        List<Block> basis, List<Block> products, int most, CancellationToken cancellation)
    {
        int[] starts = new int[basis.Count + 1];
        for (int b = 0; b < basis.Count; b++)
        {
            starts[b + 1] = starts[b] + basis[b].Width;
        }

        int total = starts[^1];
        double[] projected = new double[total * total];
        for (int left = 0; left < basis.Count; left++)
        {
            for (int right = 0; right < basis.Count; right++)
            {
                double[] dots = basis[left].DotProducts(products[right], cancellation);
                for (int i = 0; i < dots.Length; i++)
                {
                    int p = starts[left] + (i / basis[right].Width);
                    int q = starts[right] + (i % basis[right].Width);
                    projected[(p * total) + q] += dots[i] / 2;
                    projected[(q * total) + p] += dots[i] / 2;
                }
            }
        }

        EigenPairs pairs = EigenPairs.Of(total, projected, cancellation);
        int kept = Math.Min(most, total);
        var vectors = new Block(basis[0].Rows, kept);
        var images = new Block(basis[0].Rows, kept);
        for (int b = 0; b < basis.Count; b++)
        {
            double[] part = new double[basis[b].Width * kept];
            for (int i = 0; i < part.Length; i++)
            {
                part[i] = pairs.Vectors[(i % kept * total) + starts[b] + (i / kept)];
            }

            vectors.AddProduct(1, basis[b], part, cancellation);
            images.AddProduct(1, products[b], part, cancellation);
        }

        return (pairs.Values[..kept], vectors, images);
    }

    /// <summary>The largest |Av - ev| of the first <paramref name="count"/> pairs.</summary>
    private static double Residual(double[] values, Block vectors, Block images, int count)
    {
        double[] squares = new double[count];
        for (int i = 0; i < vectors.Rows; i++)
        {
            for (int k = 0; k < count; k++)
            {
                double difference = images.Row(i)[k] - (values[k] * vectors.Row(i)[k]);
                squares[k] += difference * difference;
            }
        }

        return Math.Sqrt(squares.Max());
    }

    private static Block First(Block block, int count)
    {
        var first = new Block(block.Rows, count);
        for (int i = 0; i < block.Rows; i++)
        {
            block.Row(i)[..count].CopyTo(first.Row(i));
        }

        return first;
    }
}
