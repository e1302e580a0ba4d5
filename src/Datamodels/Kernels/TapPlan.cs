namespace Datamodels.Kernels;

/// <summary>The kernel of a convolution and how it moves over a plane.</summary>
/// <param name="Height">Rows of the kernel.</param>
/// <param name="Width">Columns of the kernel.</param>
/// <param name="Stride">Positions it moves at a time, both ways.</param>
/// <param name="Padding">Rows and columns of zeros around the plane.</param>
internal readonly record struct Window(int Height, int Width, int Stride, int Padding)
{
    /// <summary>Weights of the kernel for one pair of channels.</summary>
    public int Taps => Height * Width;

    /// <summary>Rows of the plane that comes out of one of <paramref name="height"/> rows.</summary>
    public int RowsOf(int height) => (height + 2 * Padding - Height) / Stride + 1;

    /// <summary>Columns of the plane that comes out of one of <paramref name="width"/> columns.</summary>
    public int ColumnsOf(int width) => (width + 2 * Padding - Width) / Stride + 1;
}

/// <summary>One weight's part in a sum: where its factor is, from the run's source on, and where the weight is, floats.</summary>
internal readonly record struct Tap(int Source, int Weight);

/// <summary>
/// Target positions of one row that are <see cref="TargetStep"/> apart and are the same sum of taps, with sources
/// <see cref="SourceStep"/> apart. All in floats but <see cref="Count"/> and the taps.
/// </summary>
internal readonly record struct TapRun(
    int Target, int TargetStep, int Source, int SourceStep, int Count, int FirstTap, int TapCount);

/// <summary>
/// A convolution over planes as lists of taps: for each target position which source positions, times which weights, make
/// its sum. Taps that fall outside the source are left out of the lists, so none multiplies a zero of the padding; and the
/// gradient of the source, for any stride, is just another such plan.
/// </summary>
internal sealed class TapPlan
{
    /// <summary>Output channels whose weights lie side by side: the most that a kernel keeps in registers.</summary>
    public const int RowBlock = 8;

    private readonly List<TapRun> _runs = [];
    private readonly List<Tap> _taps = [];

    private TapPlan(BlockShape source, BlockShape target)
    {
        Source = source;
        Target = target;
    }

    /// <summary>What is summed over.</summary>
    public BlockShape Source { get; }

    /// <summary>What takes the sums.</summary>
    public BlockShape Target { get; }

    /// <summary>Weights of one pair of channels.</summary>
    public required int Taps { get; init; }

    /// <summary>All target positions, once each.</summary>
    public TapRun[] Runs { get; private set; } = [];

    /// <summary>The taps of all runs.</summary>
    public Tap[] TapList { get; private set; } = [];

    /// <summary>From the input of a convolution to its output.</summary>
    public static TapPlan Forward(BlockShape input, BlockShape output, Window window)
    {
        // Output position x takes kernel column k from input column x stride + k - padding.
        List<(int Kernel, int Source)> Along(int x, int kernel, int size) =>
            [.. Enumerable.Range(0, kernel).Select(k => (k, x * window.Stride + k - window.Padding))
                .Where(tap => tap.Item2 >= 0 && tap.Item2 < size)];

        var plan = new TapPlan(input, output) { Taps = window.Taps };
        plan.Fill(
            y => Along(y, window.Height, input.Height), x => Along(x, window.Width, input.Width), window.Width, 1,
            window.Stride);
        return plan;
    }

    /// <summary>From the gradient of a convolution's output to the gradient of its input.</summary>
    public static TapPlan Backward(BlockShape input, BlockShape output, Window window)
    {
        // The same pairs of positions, seen from the input.
        List<(int Kernel, int Source)> Along(int x, int kernel, int size) =>
            [.. Enumerable.Range(0, kernel).Select(k => (k, x + window.Padding - k))
                .Where(tap => tap.Item2 >= 0 && tap.Item2 % window.Stride == 0 && tap.Item2 / window.Stride < size)
                .Select(tap => (tap.k, tap.Item2 / window.Stride))];

        var plan = new TapPlan(output, input) { Taps = window.Taps };
        plan.Fill(
            y => Along(y, window.Height, output.Height), x => Along(x, window.Width, output.Width), window.Width,
            window.Stride, 1);
        return plan;
    }

    private void Fill(
        Func<int, List<(int Kernel, int Source)>> tapsOfRow, Func<int, List<(int Kernel, int Source)>> tapsOfColumn,
        int kernelWidth, int targetStep, int sourceStep)
    {
        for (int y = 0; y < Target.Height; y++)
        {
            List<(int Kernel, int Source)> rows = tapsOfRow(y);
            for (int start = 0; start < Math.Min(targetStep, Target.Width); start++)
            {
                for (int x = start; x < Target.Width;)
                {
                    List<(int Kernel, int Source)> columns = tapsOfColumn(x);
                    int count = 1;
                    while (x + count * targetStep < Target.Width
                        && Shifted(columns, count * sourceStep).SequenceEqual(tapsOfColumn(x + count * targetStep)))
                    {
                        count++;
                    }

                    AddRun(rows, columns, y * Target.Width + x, targetStep, sourceStep, count, kernelWidth);
                    x += count * targetStep;
                }
            }
        }

        Runs = [.. _runs];
        TapList = [.. _taps];
    }

    private static IEnumerable<(int Kernel, int Source)> Shifted(List<(int Kernel, int Source)> taps, int by) =>
        taps.Select(tap => (tap.Kernel, tap.Source + by));

    private void AddRun(
        List<(int Kernel, int Source)> rows, List<(int Kernel, int Source)> columns, int target, int targetStep,
        int sourceStep, int count, int kernelWidth)
    {
        const int Lanes = BlockShape.Lanes;
        int first = rows.Count * columns.Count == 0 ? 0 : rows[0].Source * Source.Width + columns[0].Source;
        Tap[] taps =
        [
            .. rows.SelectMany(row => columns.Select(column => new Tap(
                (row.Source * Source.Width + column.Source - first) * Lanes,
                (row.Kernel * kernelWidth + column.Kernel) * RowBlock))),
        ];
        _runs.Add(new TapRun(
            target * Lanes, targetStep * Lanes, first * Lanes, sourceStep * Lanes, count, Place(taps), taps.Length));
    }

    // Rows away from the border have the same taps: they are kept once.
    private int Place(Tap[] taps)
    {
        for (int at = 0; at + taps.Length <= _taps.Count; at++)
        {
            if (_taps.Skip(at).Take(taps.Length).SequenceEqual(taps))
            {
                return at;
            }
        }

        _taps.AddRange(taps);
        return _taps.Count - taps.Length;
    }
}
