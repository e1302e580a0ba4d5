using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>
/// A whole fit with its rows in memory: bit-packed columns and Gram matrices once for all targets, then one target at a
/// time. A target's numbers depend on the rows and the options only, never on threads or on the other targets.
/// </summary>
/// <remarks>
/// Takes 8 n^2 bytes for the two Gram matrices and m n / 8 for the columns; each thread at most n^2
/// for its working sets, and each block of eight targets in work 64 m + 256 n.
/// </remarks>
internal sealed class FitProblem
{
    // The fewest rows that a fit makes sense with.
    private const int MinimumRows = 20;
    private const int MinimumHeldOut = 2;

    private readonly FitOptions _options;
    private readonly int[] _targets;
    private readonly BitMatrix _trainMasks;
    private readonly BitMatrix _heldOutMasks;
    private readonly Gram _train;
    private readonly Gram _all;
    private readonly Lazy<TargetBlock>?[] _blocks;
    private readonly int[] _unfitted;

    /// <summary>Packs the masks and counts the Gram matrices.</summary>
    /// <param name="rows">The rows; the last <see cref="FitOptions.HeldOut"/> of them choose lambda.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DatamodelException">
    /// An option is out of range, there are too few rows, or a margin is not finite.
    /// </exception>
    public FitProblem(RunRows rows, FitOptions options, CancellationToken cancellation = default)
    {
        options.Validate(rows.TargetCount);
        int heldOut = HeldOutCount(rows, options.HeldOut);
        _options = options;
        _targets = options.Targets?.ToArray() ?? [.. Enumerable.Range(0, rows.TargetCount)];
        RequireFiniteMargins(rows, _targets);

        int threads = options.ThreadCount;
        _trainMasks = BitMatrix.FromMasks(rows, 0, rows.Count - heldOut, cancellation);
        _heldOutMasks = BitMatrix.FromMasks(rows, rows.Count - heldOut, heldOut, cancellation);
        _train = Gram.Compute(_trainMasks, threads, cancellation);
        _all = Gram.Compute(_heldOutMasks, threads, cancellation).Absorb(_train);
        _blocks = new Lazy<TargetBlock>?[(_targets.Length + TargetBlock.Width - 1) / TargetBlock.Width];
        _unfitted = new int[_blocks.Length];
        for (int block = 0; block < _blocks.Length; block++)
        {
            int first = block * TargetBlock.Width;
            int[] members = _targets[first..Math.Min(first + TargetBlock.Width, _targets.Length)];
            _unfitted[block] = members.Length;
            _blocks[block] = new Lazy<TargetBlock>(
                () => TargetBlock.Compute(rows, _trainMasks, _heldOutMasks, members, cancellation));
        }
    }

    /// <summary>The targets that are fitted, in order.</summary>
    public ReadOnlySpan<int> Targets => _targets;

    /// <summary>The workspace of one thread.</summary>
    public LassoPath NewPath() => new(_train, _all, _options);

    /// <summary>Fits the target at place <paramref name="index"/> of <see cref="Targets"/>; each is asked for once.</summary>
    public TargetFit Fit(LassoPath path, int index, CancellationToken cancellation = default)
    {
        int number = index / TargetBlock.Width;
        TargetBlock block = _blocks[number]!.Value;
        int lane = index % TargetBlock.Width;
        TargetFit fit = path.Fit(block.Train[lane], block.HeldOut[lane], block.Shifts[lane], cancellation);
        if (Interlocked.Decrement(ref _unfitted[number]) == 0)
        {
            _blocks[number] = null;
        }

        return fit;
    }

    /// <summary>The fraction of a number of models, rounded.</summary>
    /// <exception cref="DatamodelException">There are too few models, or too few on one of the sides.</exception>
    internal static int HeldOutCount(int models, double fraction)
    {
        if (models < MinimumRows)
        {
            throw new DatamodelException(
                "TooFewModels", ErrorKind.InvalidArgument,
                $"{models} models are too few for a fit, which needs at least {MinimumRows}; train more.");
        }

        int count = (int)Math.Round(fraction * models);
        return count >= MinimumHeldOut && count <= models - MinimumHeldOut
            ? count
            : throw new DatamodelException(
                "TooFewModels", ErrorKind.InvalidArgument,
                FormattableString.Invariant(
                    $"HeldOut {fraction} of {models} models holds {count} out and leaves {models - count} ")
                + $"to fit; both must be at least {MinimumHeldOut}. Train more models, or choose another fraction.");
    }

    /// <summary>How many of the last rows are held out: the fraction, and then on to the next row with another subset.</summary>
    internal static int HeldOutCount(RunRows rows, double fraction)
    {
        int count = HeldOutCount(rows.Count, fraction);

        // Retrainings of one subset are next to each other: they go to the same side.
        int stride = rows.MaskBytes.Length / rows.Count;
        ReadOnlySpan<byte> masks = rows.MaskBytes;
        int start = rows.Count - count;
        while (start > 0 && masks.Slice(start * stride, stride).SequenceEqual(masks.Slice((start - 1) * stride, stride)))
        {
            start--;
        }

        if (start < MinimumHeldOut)
        {
            throw new DatamodelException(
                "TooFewSubsets", ErrorKind.InvalidArgument,
                $"The {rows.Count} completed models were trained on too few different subsets "
                + "to hold any out; train models on more subsets.");
        }

        return rows.Count - start;
    }

    private static void RequireFiniteMargins(RunRows rows, int[] targets)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> margins = rows.OutputsOf(row);
            foreach (int target in targets)
            {
                if (!float.IsFinite(margins[target]))
                {
                    throw new DatamodelException(
                        "MarginNotFinite", ErrorKind.InvalidData,
                        FormattableString.Invariant(
                            $"The margin of target {target} by model {rows.Models[row]} is {margins[target]}; ")
                        + "margins must be finite. "
                        + "That model's training diverged: lower the learning rate and train again, or leave the target out.");
                }
            }
        }
    }
}
