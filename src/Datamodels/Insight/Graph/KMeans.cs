using Datamodels.Kernels;

namespace Datamodels.Insight;

/// <summary>
/// k-means by Lloyd's method from several starts by greedy k-means++ (Arthur and Vassilvitskii 2007); the one that ends with
/// the least squared error is taken.
/// </summary>
internal static class KMeans
{
    private const int Starts = 50;
    private const int MaximumRounds = 100;

    /// <summary>Cluster of each point, 0..count-1, <c>[points]</c>; some may be empty where points are the same.</summary>
    /// <param name="points">The points, one a row.</param>
    /// <param name="count">Number of clusters, 1..points.</param>
    /// <param name="seed">Seed of the starts.</param>
    /// <param name="cancellation">Stops.</param>
    public static int[] Of(Block points, int count, ulong seed, CancellationToken cancellation)
    {
        // Each start by itself: how many there are at once changes nothing.
        var settled = new (int[] Clusters, double Error)[Starts];
        Parallel.For(0, Starts, new ParallelOptions { CancellationToken = cancellation }, start =>
        {
            var random = new RandomStream(seed, RandomPurpose.Clusters, (ulong)start);
            settled[start] = Settle(points, Spread(points, count, ref random, cancellation), cancellation);
        });
        return settled.MinBy(start => start.Error).Clusters;
    }

    /// <summary>
    /// Points to start from, each the best of some that are drawn by their squared distance from those before; transposed, so
    /// that all centres lie side by side.
    /// </summary>
    private static Block Spread(Block points, int count, ref RandomStream random, CancellationToken cancellation)
    {
        double[] distances = new double[points.Rows];
        Array.Fill(distances, 1);
        double[] closer = new double[points.Rows];
        double[] closest = new double[points.Rows];
        var centers = new Block(points.Width, count);
        int candidates = 2 + (int)Math.Log(count);
        for (int c = 0; c < count; c++)
        {
            double least = double.PositiveInfinity;
            for (int candidate = 0; candidate < (c == 0 ? 1 : candidates); candidate++)
            {
                cancellation.ThrowIfCancellationRequested();
                int drawn = Draw(distances, ref random);
                for (int i = 0; i < points.Rows; i++)
                {
                    double distance = SquaredDistance(points.Row(i), points.Row(drawn));
                    closer[i] = c == 0 ? distance : Math.Min(distances[i], distance);
                }

                double sum = closer.Sum();
                if (sum < least)
                {
                    least = sum;
                    (closer, closest) = (closest, closer);
                    for (int d = 0; d < points.Width; d++)
                    {
                        centers.Row(d)[c] = points.Row(drawn)[d];
                    }
                }
            }

            (distances, closest) = (closest, distances);
        }

        return centers;
    }

    /// <summary>Draws a number by its weight; the last one where all weights are 0.</summary>
    private static int Draw(double[] weights, ref RandomStream random)
    {
        double left = random.NextSingle() * weights.Sum();
        int drawn = 0;
        while (drawn < weights.Length - 1 && left >= weights[drawn])
        {
            left -= weights[drawn++];
        }

        return drawn;
    }

    private static double SquaredDistance(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int d = 0; d < left.Length; d++)
        {
            double difference = left[d] - right[d];
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>Moves centres to the mean of their points until no point changes its cluster.</summary>
    private static (int[] Clusters, double Error) Settle(Block points, Block centers, CancellationToken cancellation)
    {
        int[] clusters = new int[points.Rows];
        for (int round = 0;; round++)
        {
            (int[] nearest, double error) = Nearest(points, centers, cancellation);
            if (round == MaximumRounds || (round > 0 && nearest.AsSpan().SequenceEqual(clusters)))
            {
                return (nearest, error);
            }

            clusters = nearest;
            Move(points, centers, clusters);
        }
    }

    /// <summary>The nearest centre of each point, of several the first, and the sum of the squared distances.</summary>
    private static (int[] Clusters, double Error) Nearest(Block points, Block centers, CancellationToken cancellation)
    {
        // |x - c|^2 = |x|^2 - 2 x'c + |c|^2.
        double[] squares = new double[centers.Width];
        for (int d = 0; d < centers.Rows; d++)
        {
            ReadOnlySpan<double> row = centers.Row(d);
            for (int c = 0; c < row.Length; c++)
            {
                squares[c] += row[c] * row[c];
            }
        }

        int[] clusters = new int[points.Rows];
        double error = 0;
        double[] distances = new double[centers.Width];
        for (int i = 0; i < points.Rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            squares.CopyTo(distances, 0);
            ReadOnlySpan<double> point = points.Row(i);
            for (int d = 0; d < point.Length; d++)
            {
                error += point[d] * point[d];
                AddScaled.Add(distances, -2 * point[d], centers.Row(d));
            }

            int nearest = 0;
            for (int c = 1; c < distances.Length; c++)
            {
                nearest = distances[c] < distances[nearest] ? c : nearest;
            }

            clusters[i] = nearest;
            error += distances[nearest];
        }

        return (clusters, error);
    }

    /// <summary>Moves each centre to the mean of its points; one without points stays.</summary>
    private static void Move(Block points, Block centers, int[] clusters)
    {
        int[] sizes = new int[centers.Width];
        var sums = new Block(centers.Width, points.Width);
        for (int i = 0; i < points.Rows; i++)
        {
            sizes[clusters[i]]++;
            AddScaled.Add(sums.Row(clusters[i]), 1, points.Row(i));
        }

        for (int c = 0; c < sizes.Length; c++)
        {
            for (int d = 0; d < points.Width && sizes[c] > 0; d++)
            {
                centers.Row(d)[c] = sums.Row(c)[d] / sizes[c];
            }
        }
    }
}
