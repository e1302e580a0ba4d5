using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>
/// The margins y of one target by all models, and what a fit needs of them. Everything is about y less its mean over all rows,
/// so that a large common offset costs no digits. Takes 8 m bytes, and 8 n for each segment.
/// </summary>
internal sealed class TargetMargins
{
    private TargetMargins(int target, double[] values)
    {
        Target = target;
        Values = values;
    }

    /// <summary>Number of the target.</summary>
    public int Target { get; }

    /// <summary>y - <see cref="Shift"/>, <c>[m]</c>.</summary>
    public double[] Values { get; }

    /// <summary>The mean of y.</summary>
    public double Shift { get; private set; }

    /// <summary>Sums over the rows of each segment, <c>[segments]</c>; empty until <see cref="Sum"/>.</summary>
    public TargetSums[] Segments { get; private set; } = [];

    /// <summary>Why nothing can be fitted to these margins; null where it can.</summary>
    public DatamodelException? Problem { get; private set; }

    /// <summary>Reads the margins of some targets.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="targets">Which targets.</param>
    /// <param name="cancellation">Stops within a fraction of a second.</param>
    public static TargetMargins[] Read(IRunRows rows, int[] targets, CancellationToken cancellation)
    {
        TargetMargins[] all = Array.ConvertAll(targets, target => new TargetMargins(target, new double[rows.Count]));
        for (int first = 0; first < all.Length;)
        {
            // Targets with consecutive numbers lie beside each other in a row.
            int count = 1;
            while (first + count < all.Length && targets[first + count] == targets[first] + count)
            {
                count++;
            }

            ReadColumns(rows, all.AsSpan(first, count), cancellation);
            first += count;
        }

        foreach (TargetMargins margins in all)
        {
            margins.Centre(rows);
        }

        return all;
    }

    /// <summary>Sums the margins of some targets up.</summary>
    /// <param name="targets">The targets, none of them with a <see cref="Problem"/>.</param>
    /// <param name="matrix">The masks of their rows.</param>
    /// <param name="threads">Threads to use; never changes a result.</param>
    /// <param name="cancellation">Stops within a fraction of a second.</param>
    public static void Sum(TargetMargins[] targets, BitMatrix matrix, int threads, CancellationToken cancellation) =>
        Parallel.ForEach(
            targets.Chunk(TargetBlock.Width),
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            block =>
            {
                TargetSums[][] sums = TargetBlock.Sum(matrix, Array.ConvertAll(block, margins => margins.Values), cancellation);
                for (int i = 0; i < block.Length; i++)
                {
                    block[i].Segments = sums[i];
                }
            });

    /// <summary>Sums over the rows of all segments, or of all but one.</summary>
    /// <param name="without">The segment left out; -1 for none.</param>
    public TargetSums SumsWithout(int without)
    {
        TargetSums? sums = null;
        for (int segment = 0; segment < Segments.Length; segment++)
        {
            if (segment != without)
            {
                sums = sums is { } others ? others + Segments[segment] : Segments[segment];
            }
        }

        return sums!.Value;
    }

    private static void ReadColumns(IRunRows rows, Span<TargetMargins> margins, CancellationToken cancellation)
    {
        const int BlockNumbers = 1 << 20;
        int blockRows = Math.Max(1, BlockNumbers / margins.Length);
        double[] block = new double[(long)blockRows * margins.Length];
        for (int first = 0; first < rows.Count; first += blockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(blockRows, rows.Count - first);
            rows.ReadOutputs(first, count, margins[0].Target, margins.Length, block.AsSpan(0, count * margins.Length));
            for (int i = 0; i < margins.Length; i++)
            {
                Span<double> values = margins[i].Values.AsSpan(first, count);
                for (int row = 0; row < values.Length; row++)
                {
                    values[row] = block[(row * margins.Length) + i];
                }
            }
        }
    }

    private void Centre(IRunRows rows)
    {
        double sum = 0;
        for (int row = 0; row < Values.Length; row++)
        {
            if (!double.IsFinite(Values[row]))
            {
                Problem = new DatamodelException(
                    "MarginNotFinite", ErrorKind.InvalidData,
                    FormattableString.Invariant(
                        $"The margin of target {Target} by model {rows.ModelOf(row)} is {Values[row]}; ")
                    + "margins must be finite. "
                    + "That model's training diverged: lower the learning rate and train again, or leave the target out.");
                return;
            }

            sum += Values[row];
        }

        Shift = sum / Values.Length;
        for (int row = 0; row < Values.Length; row++)
        {
            Values[row] -= Shift;
        }

        if (new TargetSums([], Values.Sum(), Values.Sum(value => value * value)).VarianceOver(Values.Length) == 0)
        {
            Problem = new DatamodelException(
                "MarginsConstant", ErrorKind.InvalidData,
                FormattableString.Invariant($"The margin of target {Target} is {Shift} by every one of the {rows.Count} models; ")
                + "there is no difference to fit. Leave the target out, or observe another output.");
        }
    }
}
