using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>How a fit divides the memory it may take.</summary>
/// <param name="ChunkSize">Targets whose margins are in memory at once.</param>
/// <param name="PanelBytes">Bytes for the panels of the Gram matrix; the others are kept on disk.</param>
internal readonly record struct FitMemory(int ChunkSize, long PanelBytes)
{
    /// <summary>Lanes of a thread, at most, with float32 and with float64 numbers.</summary>
    public const int MaximumLanes = 96;
    public const int MaximumExactLanes = 64;

    // Switching the Gram matrix from one fold to the next costs little beside so many targets.
    private const int LargestChunk = 1024;
    private const int SmallestChunk = 8;

    // The runtime, blocks of rows on their way, and what else is small.
    private const long Fixed = 64 << 20;

    /// <summary>Divides the memory: what there must be, then targets, then panels.</summary>
    /// <exception cref="DatamodelException"><c>MemoryLimitTooSmall</c>: what there must be does not fit.</exception>
    public static FitMemory For(IRunRows rows, FitFolds folds, FitOptions options)
    {
        long n = rows.TrainCount;
        long m = rows.Count;
        long limit = options.MemoryLimit > 0 ? options.MemoryLimit : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;
        long heldOut = folds.HeldOut.Select(segment => folds.RowCounts[segment]).DefaultIfEmpty().Max();
        long masks = n * (m + (1024L * folds.RowCounts.Length)) / 8;
        long lane = Math.Max(MaximumExactLanes * 40 * n, MaximumLanes * ((20 * n) + (4 * heldOut)));
        long thread = lane + GramPanels.BufferBytes(rows.TrainCount) + (128 * n);
        long must = Fixed + masks + (heldOut * (n + 48) / 6) + (options.ThreadCount * thread)
            + (8 * n * n * Squares(options.Method));

        // The margins, their sums over each segment, the lasso made of them, and the weights that come of it.
        long target = (8 * m) + (8 * n * (folds.RowCounts.Length + 4));
        long least = must + (SmallestChunk * target);
        if (limit < least)
        {
            throw new DatamodelException(
                "MemoryLimitTooSmall", ErrorKind.InvalidArgument,
                $"The memory limit of the fit is {limit} bytes; {m} models of {n} training examples need at least "
                + $"{least} bytes on {options.ThreadCount} threads. Allow more, or use fewer threads"
                + (Squares(options.Method) > 0 ? ", or fit by the lasso." : "."));
        }

        int chunk = (int)Math.Clamp((limit - must) / 4 / target, SmallestChunk, LargestChunk);
        return new FitMemory(chunk, limit - must - (chunk * target));
    }

    // Matrices of n by n float64 that a method keeps beside the panels, those of the library's factorisations among them.
    private static int Squares(FitMethod method) => method switch
    {
        FitMethod.LeastSquares => 3,
        FitMethod.Ridge => 8,
        _ => 0,
    };

    /// <summary>
    /// Lanes for each thread, so that all targets go through in as few full rounds as may be: a round takes about as long
    /// however many of its lanes are used.
    /// </summary>
    /// <param name="targets">Number of targets, at least 1.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="most">Lanes at most.</param>
    public static int Lanes(int targets, int threads, int most)
    {
        int each = (targets + threads - 1) / threads;
        int best = most;
        for (int lanes = most; lanes >= Math.Min(most / 2, each) && lanes > 0; lanes -= LassoLanes.Multiple)
        {
            if (Work(lanes) < Work(best))
            {
                best = lanes;
            }
        }

        return best;

        int Work(int lanes) => (each + lanes - 1) / lanes * lanes;
    }
}
