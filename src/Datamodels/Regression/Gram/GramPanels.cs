using System.Numerics;
using System.Runtime.ExceptionServices;
using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// The Gram matrix C = X'X of a matrix of zeros and ones over some of its segments, less a constant: panel p holds
/// D[k, j] = C[k, j] - <see cref="Base"/> of every column k and the columns j of the panel, row-major,
/// <c>[n, PanelWidth]</c>, and 0 past the last column. C[j, k] is the number of rows that have a one in both columns,
/// C[j, j] the number c_j in column j. That is all a fit needs to know of X: centring is C[j, k] - c_j c_k / m, and segments
/// are added and taken away, so that a fold is left out.
/// </summary>
/// <remarks>
/// All numbers are whole and below 2^24, so float32 holds them exactly; nothing depends on the number of threads or on
/// where the panels lie. Takes 4 n^2 bytes of memory and disk together, and while counting 0.8 MB a thread.
/// </remarks>
internal sealed class GramPanels : IDisposable
{
    private const int SmallestLarge = 4097;
    private const int SmallWidth = 64;
    private const int LargeWidth = 256;

    // Words of a column taken at a time, 4 KB, the last time up to half as much again: four left and two right columns fit a
    // first-level cache.
    private const int ChunkWords = 512;

    // Right columns taken at a time: so many chunks fit a second-level cache.
    private const int RightColumns = 64;

    private readonly PanelStore _panels;
    private readonly int _threads;

    private GramPanels(PanelStore panels, int columnCount, int panelWidth, int threads)
    {
        _panels = panels;
        _threads = threads;
        ColumnCount = columnCount;
        PanelWidth = panelWidth;
        Counts = new int[columnCount];
    }

    /// <summary>Rows of X that are in the sums, m.</summary>
    public int RowCount { get; private set; }

    /// <summary>Columns of X, n.</summary>
    public int ColumnCount { get; }

    /// <summary>Number of panels.</summary>
    public int PanelCount => _panels.Count;

    /// <summary>Columns of a panel: 64 up to 4,096 columns, else 256.</summary>
    public int PanelWidth { get; }

    /// <summary>Ones in each column, c, <c>[n]</c>.</summary>
    public int[] Counts { get; }

    /// <summary>
    /// What is taken from every entry: mean(c)^2 / m rounded, what an entry is expected to be, so that the rest is small.
    /// </summary>
    public int Base { get; private set; }

    /// <summary>Bytes of a panel of a matrix with so many columns.</summary>
    public static long BufferBytes(int columnCount) => (long)columnCount * WidthOf(columnCount) * sizeof(float);

    /// <summary>Counts all pairs of columns over all segments.</summary>
    /// <param name="matrix">X.</param>
    /// <param name="memoryLimit">Bytes of memory that the panels may take; the others go to a file.</param>
    /// <param name="folder">Where that temporary file is made.</param>
    /// <param name="threads">Threads to use, at least 1, for <see cref="Add"/> and <see cref="Subtract"/> too.</param>
    /// <param name="progress">Told the fraction that is done, ascending to 1, by one thread at a time; or null.</param>
    /// <param name="cancellation">Stops within milliseconds.</param>
    /// <exception cref="DatamodelException">
    /// <c>TooManyModels</c>: X has 2^24 rows or more; <c>GramNotWritten</c>: the disk has no room; <c>GramNotInMemory</c>: the
    /// process is not given that much memory.
    /// </exception>
    public static GramPanels Count(
        BitMatrix matrix, long memoryLimit, string folder, int threads, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        const int Most = 1 << 24;
        if (matrix.RowCount >= Most)
        {
            throw new DatamodelException(
                "TooManyModels", ErrorKind.InvalidArgument,
                $"A fit takes fewer than {Most} models, and there are {matrix.RowCount}. Fit fewer.");
        }

        int width = WidthOf(matrix.ColumnCount);
        var panels = new PanelStore(matrix.ColumnCount, width, memoryLimit, folder);
        try
        {
            var gram = new GramPanels(panels, matrix.ColumnCount, width, threads);
            gram.Update(matrix, new RowSegment(0, matrix.RowCount, 0, matrix.WordCount), 1, fresh: true, progress, cancellation);
            return gram;
        }
        catch
        {
            panels.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes in a segment that is not in the sums. If it throws, this can only be disposed of.
    /// </summary>
    /// <param name="matrix">X.</param>
    /// <param name="segment">Number of the segment.</param>
    /// <param name="cancellation">Stops within milliseconds.</param>
    /// <exception cref="DatamodelException">The file of panels that are not in memory cannot be read or written.</exception>
    public void Add(BitMatrix matrix, int segment, CancellationToken cancellation) =>
        Update(matrix, matrix.Segments[segment], 1, fresh: false, null, cancellation);

    /// <summary>Takes a segment that is in the sums out of them. If it throws, this can only be disposed of.</summary>
    /// <param name="matrix">X.</param>
    /// <param name="segment">Number of the segment.</param>
    /// <param name="cancellation">Stops within milliseconds.</param>
    /// <exception cref="DatamodelException">The file of panels that are not in memory cannot be read or written.</exception>
    public void Subtract(BitMatrix matrix, int segment, CancellationToken cancellation) =>
        Update(matrix, matrix.Segments[segment], -1, fresh: false, null, cancellation);

    /// <summary>
    /// Panel <paramref name="panel"/>, <c>[n, PanelWidth]</c>: itself where it is in memory (not to be written to), else read
    /// into <paramref name="buffer"/>. Several threads may call it at once, each with a buffer of its own.
    /// </summary>
    /// <param name="panel">Number of the panel.</param>
    /// <param name="buffer">Memory for a panel, 4 n PanelWidth bytes; made when it is first needed.</param>
    /// <exception cref="DatamodelException">The file of panels that are not in memory cannot be read.</exception>
    public float[] Panel(int panel, ref float[]? buffer) => _panels.Panel(panel, ref buffer);

    public void Dispose() => _panels.Dispose();

    private static int WidthOf(int columnCount) => columnCount < SmallestLarge ? SmallWidth : LargeWidth;

    // Adds sign times the Gram matrix of a segment to what there is; to nothing if fresh.
    private void Update(
        BitMatrix matrix, RowSegment segment, int sign, bool fresh, IProgress<double>? progress, CancellationToken cancellation)
    {
        long ones = 0;
        for (int j = 0; j < ColumnCount; j++)
        {
            foreach (ulong word in matrix.Column(j).Slice(segment.FirstWord, segment.WordCount))
            {
                Counts[j] += sign * BitOperations.PopCount(word);
            }

            ones += Counts[j];
        }

        RowCount += sign * segment.RowCount;
        double mean = (double)ones / ColumnCount;
        int moved = Base;
        Base = RowCount == 0 ? 0 : (int)Math.Round(mean * mean / RowCount);
        moved = Base - moved;

        // Tiles on and below the diagonal, row by row: number = i (i + 1) / 2 + p with p <= i.
        long tiles = PanelCount * (PanelCount + 1L) / 2;
        long done = 0;
        object reporting = new();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation };
        try
        {
            Parallel.For(0, tiles, parallel, () => new Tile(PanelWidth), (number, _, tile) =>
            {
                int i = (int)((Math.Sqrt((8.0 * number) + 1) - 1) / 2);
                int p = (int)(number - (i * (i + 1L) / 2));
                tile.Count(matrix, segment, i * PanelWidth, p * PanelWidth, cancellation);
                UpdateTile(tile, i, p, sign, fresh, moved);
                if (progress is not null)
                {
                    lock (reporting)
                    {
                        progress.Report((double)++done / tiles);
                    }
                }

                return tile;
            }, _ => { });
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<DatamodelException>().FirstOrDefault() is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    // The tile of the columns of block i as rows of panel p, and its mirror image: those of block p as rows of panel i.
    private unsafe void UpdateTile(Tile tile, int i, int p, int sign, bool fresh, int moved)
    {
        int width = PanelWidth;
        int rows = Math.Min(width, ColumnCount - (i * width));
        int columns = Math.Min(width, ColumnCount - (p * width));
        Span<float> values = tile.Values.AsSpan(0, rows * width);
        if (fresh)
        {
            values.Clear();
        }
        else
        {
            _panels.Read(p, i * width, values);
        }

        for (int j = 0; j < rows; j++)
        {
            // On the diagonal, what is right of it comes from its mirror image.
            int known = p == i ? j + 1 : columns;
            AddCounts.Add(values.Slice(j * width, known), tile.Counts.AsSpan(j * width, known), sign, moved);
        }

        tile.Values.AsSpan(rows * width).Clear();
        fixed (float* from = tile.Values, to = tile.Mirrored)
        {
            Transpose.Copy(from, width, to, width, width, width);
        }

        if (p == i)
        {
            for (int j = 0; j < rows; j++)
            {
                tile.Mirrored.AsSpan((j * width) + j, rows - j).CopyTo(values[((j * width) + j)..]);
            }
        }
        else
        {
            _panels.Write(i, p * width, tile.Mirrored.AsSpan(0, columns * width));
        }

        _panels.Write(p, i * width, values);
    }

    // What a thread works on.
    private sealed unsafe class Tile(int width)
    {
        // C[j, k] of a segment, [width, width]; of a tile on the diagonal only those with k <= j are meant.
        public int[] Counts { get; } = new int[width * width];

        public float[] Values { get; } = new float[width * width];

        public float[] Mirrored { get; } = new float[width * width];

        public void Count(BitMatrix matrix, RowSegment segment, int left, int right, CancellationToken cancellation)
        {
            Counts.AsSpan().Clear();
            int leftCount = Padded(matrix, left);
            int rightCount = Padded(matrix, right);
            fixed (int* counts = Counts)
            {
                int words;
                for (int word = 0; word < segment.WordCount; word += words)
                {
                    int rest = segment.WordCount - word;
                    words = rest <= ChunkWords * 3 / 2 ? rest : ChunkWords;
                    for (int k = 0; k < rightCount; k += RightColumns)
                    {
                        cancellation.ThrowIfCancellationRequested();

                        // On the diagonal, what is right of it is its mirror image.
                        int j = left == right ? k : 0;
                        PairCounts.Add(
                            matrix.ColumnPointer(left + j) + segment.FirstWord + word, leftCount - j,
                            matrix.ColumnPointer(right + k) + segment.FirstWord + word, Math.Min(RightColumns, rightCount - k),
                            matrix.Stride, words, counts + (j * width) + k, width);
                    }
                }
            }

            GC.KeepAlive(matrix);
        }

        private int Padded(BitMatrix matrix, int first)
        {
            int count = Math.Min(width, matrix.ColumnCount - first);
            return (count + PairCounts.Group - 1) / PairCounts.Group * PairCounts.Group;
        }
    }
}
