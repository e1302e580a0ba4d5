using Datamodels.Learners;
using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>Finds brittle sets as datamodels see them, without any training.</summary>
public static class BrittleFinder
{
    /// <summary>
    /// The smallest R that brings the predicted margin to at most <paramref name="threshold"/>, or a multiple of it.
    /// </summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="threshold">C, in units of margin; 0 is the decision boundary.</param>
    /// <param name="sizeFactor">
    /// At least 1: the set is made ceil(factor * k) examples large, as far as positive weights go.
    /// </param>
    /// <param name="newClass">
    /// The class that the examples of R are given, 0..classes-1, other than the target's; null removes them.
    /// </param>
    /// <exception cref="DatamodelException">
    /// A value is outside its range; what is predicted is not the margin; labels are asked for, and the data cannot be read any
    /// more.
    /// </exception>
    public static BrittleSet Find(Datamodel datamodel, double threshold = 0, double sizeFactor = 1, int? newClass = null)
    {
        if (!double.IsFinite(threshold))
        {
            throw new DatamodelException(
                "ThresholdOutOfRange", ErrorKind.InvalidArgument,
                FormattableString.Invariant($"The threshold is {threshold}; expected a finite margin, such as 0."));
        }

        CheckSizeFactor(sizeFactor);
        if (datamodel.Output != OutputKind.Margin)
        {
            throw new DatamodelException(
                "BrittleOutput", ErrorKind.InvalidArgument,
                $"The datamodel of target {datamodel.Target} predicts {datamodel.Output}; a brittle set is one that takes the "
                + "Margin, whose sign says whether the prediction is right, to the threshold. Fit a run that records "
                + "Margin or Logits.");
        }

        if (newClass is { } label)
        {
            FlipClass.Check(datamodel, label);
        }

        var prefixes = BrittlePrefixes.ByWeight(datamodel, newClass);
        int? k = prefixes.SizeFor(threshold);
        int size = k is { } predicted ? Enlarge(predicted, sizeFactor, prefixes.Count) : 0;
        var set = new BrittleSet
        {
            Datamodel = datamodel,
            NewClass = newClass,
            Status = BrittleStatus.Found,
            Examples = prefixes.Take(size),
            PredictedSize = k,
            SizeFactor = sizeFactor,
            FullMargin = prefixes.MarginAt(0),
            PredictedMargin = prefixes.MarginAt(size),
        };
        return k switch
        {
            null => set with
            {
                Status = BrittleStatus.NoSet,
                Reason = FormattableString.Invariant($"The predicted margin is {prefixes.MarginAt(prefixes.Count):0.000} with ")
                    + FormattableString.Invariant($"all {prefixes.Count} examples of a positive weight {set.Change}."),
            },
            0 => set with
            {
                Status = BrittleStatus.AlreadyWrong,
                Reason = FormattableString.Invariant($"The predicted margin on all of S is {set.FullMargin:0.000}."),
            },
            _ => set,
        };
    }

    /// <exception cref="DatamodelException">The factor is under 1, or not a number.</exception>
    internal static void CheckSizeFactor(double factor)
    {
        if (!(factor >= 1 && double.IsFinite(factor)))
        {
            throw new DatamodelException(
                "SizeFactorOutOfRange", ErrorKind.InvalidArgument,
                FormattableString.Invariant($"The size factor is {factor}; it multiplies k and must be at least 1."));
        }
    }

    /// <summary>ceil(factor * k), at most <paramref name="limit"/>.</summary>
    private static int Enlarge(int k, double factor, int limit)
    {
        // In decimal, so that 1.1 times 10 is 11 and not the 12 that the ceiling of 11.000000000000002 would be.
        return factor * k >= limit ? limit : (int)Math.Ceiling((decimal)factor * k);
    }
}
