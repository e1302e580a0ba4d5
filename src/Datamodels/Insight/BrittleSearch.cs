using Datamodels.Learners;
using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>Finds brittle sets: for a linear datamodel R is the top of the sorted weights.</summary>
public static class BrittleSearch
{
    /// <summary>The smallest R with g(S \ R) at most <paramref name="threshold"/>, or a multiple of it.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="threshold">C, in units of margin; 0 is the decision boundary.</param>
    /// <param name="sizeFactor">
    /// At least 1: the set is made ceil(factor * k) examples large, as far as positive weights go.
    /// </param>
    /// <exception cref="DatamodelException">A value is outside its range, or what is predicted is not the margin.</exception>
    public static BrittleSet Find(Datamodel datamodel, double threshold = 0, double sizeFactor = 1)
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

        double full = datamodel.FullMargin;
        var nothing = new BrittleSet
        {
            Datamodel = datamodel,
            Status = BrittleStatus.AlreadyWrong,
            Examples = [],
            PredictedSize = 0,
            SizeFactor = sizeFactor,
            FullMargin = full,
            PredictedMargin = full,
        };
        if (full <= threshold)
        {
            return nothing;
        }

        (int Example, double Weight)[] ranked = RankedWeights.Positive(datamodel);
        double margin = full;
        int k = 0;
        while (margin > threshold && k < ranked.Length)
        {
            margin -= ranked[k++].Weight;
        }

        if (margin > threshold)
        {
            return nothing with { Status = BrittleStatus.NoSet, PredictedSize = null };
        }

        int size = Enlarge(k, sizeFactor, ranked.Length);
        for (int i = k; i < size; i++)
        {
            margin -= ranked[i].Weight;
        }

        return nothing with
        {
            Status = BrittleStatus.Found,
            Examples = [.. ranked.Take(size).Select(pair => pair.Example)],
            PredictedSize = k,
            PredictedMargin = margin,
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
