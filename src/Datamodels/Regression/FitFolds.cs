using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Regression;

/// <summary>
/// Which rows are held out to choose lambda: the last of them, or each part in turn. Models trained on one subset are next to
/// each other and stay together, for otherwise they would not be held out.
/// </summary>
/// <param name="RowCounts">Rows of each segment, one behind the other.</param>
/// <param name="HeldOut">The segments that are held out, one at a time; none where no lambda is chosen.</param>
internal sealed record FitFolds(int[] RowCounts, int[] HeldOut)
{
    // The fewest rows that a fit makes sense with.
    private const int MinimumRows = 20;
    private const int MinimumHeldOut = 2;

    /// <summary>Divides the rows.</summary>
    /// <exception cref="DatamodelException">There are too few models, or too few different subsets.</exception>
    public static FitFolds Of(IRunRows rows, FitOptions options)
    {
        if (!options.Chooses)
        {
            RequireRows(rows.Count);
            return new FitFolds([rows.Count], []);
        }

        int[] ends = options.Folds > 0
            ? [.. Enumerable.Range(1, options.Folds).Select(fold => (int)((long)rows.Count * fold / options.Folds))]
            : [rows.Count - HeldOutCount(rows.Count, options.HeldOut), rows.Count];
        if (options.Folds > 0)
        {
            RequireFolds(rows.Count, options.Folds);
        }

        for (int i = 0; i < ends.Length - 1; i++)
        {
            while (ends[i] > 0 && IsSameSubset(rows, ends[i] - 1, ends[i]))
            {
                ends[i]--;
            }
        }

        int[] counts = [.. ends.Select((end, i) => end - (i == 0 ? 0 : ends[i - 1]))];
        if (counts.Any(count => count < MinimumHeldOut))
        {
            throw new DatamodelException(
                "TooFewSubsets", ErrorKind.InvalidArgument,
                $"The {rows.Count} completed models were trained on too few different subsets "
                + "to hold any out; train models on more subsets.");
        }

        return new FitFolds(counts, options.Folds > 0 ? [.. Enumerable.Range(0, counts.Length)] : [1]);
    }

    /// <summary>Checks that a number of models will do, before they are trained.</summary>
    /// <exception cref="DatamodelException">There are too few models, or too few on one of the sides.</exception>
    public static void Check(int models, FitOptions options)
    {
        if (!options.Chooses)
        {
            RequireRows(models);
        }
        else if (options.Folds > 0)
        {
            RequireFolds(models, options.Folds);
        }
        else
        {
            HeldOutCount(models, options.HeldOut);
        }
    }

    private static int HeldOutCount(int models, double fraction)
    {
        RequireRows(models);
        int count = (int)Math.Round(fraction * models);
        return count >= MinimumHeldOut && count <= models - MinimumHeldOut
            ? count
            : throw new DatamodelException(
                "TooFewModels", ErrorKind.InvalidArgument,
                FormattableString.Invariant(
                    $"HeldOut {fraction} of {models} models holds {count} out and leaves {models - count} ")
                + $"to fit; both must be at least {MinimumHeldOut}. Train more models, or choose another fraction.");
    }

    private static void RequireFolds(int models, int folds)
    {
        RequireRows(models);
        if (models / folds < MinimumHeldOut)
        {
            throw new DatamodelException(
                "TooFewModels", ErrorKind.InvalidArgument,
                $"{folds} folds of {models} models leave fewer than {MinimumHeldOut} in each. "
                + "Train more models, or choose fewer folds.");
        }
    }

    private static void RequireRows(int models)
    {
        if (models < MinimumRows)
        {
            throw new DatamodelException(
                "TooFewModels", ErrorKind.InvalidArgument,
                $"{models} models are too few for a fit, which needs at least {MinimumRows}; train more.");
        }
    }

    private static bool IsSameSubset(IRunRows rows, int row, int other)
    {
        byte[] mask = new byte[Mask.ByteCount(rows.TrainCount)];
        byte[] otherMask = new byte[mask.Length];
        rows.ReadMasks(row, 1, mask);
        rows.ReadMasks(other, 1, otherMask);
        return mask.AsSpan().SequenceEqual(otherMask);
    }
}
