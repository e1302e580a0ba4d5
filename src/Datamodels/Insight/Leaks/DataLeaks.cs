using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>
/// Finds targets that are in the training set, exactly or nearly: duplicates, images of the same scene.
/// <para>
/// A copy of a target has a weight on it, but seldom the largest: an example that moves every prediction moves that one, too. So
/// each weight is taken relative to what the same example weighs on the other targets,
/// </para>
/// <code>
/// r_xj = w_xj / s_xj,  s_xj^2 = (g + sum over x' other than x of w_x'j^2) / T
/// </code>
/// <para>
/// with T targets and g the mean square of all weights, which stands in for one more target so that an example that moves
/// nothing else is not divided by zero. What stands out from the target's other r is a leak. Duplicates within the training
/// set are found the same way from datamodels of training examples; a target is never its own leak.
/// </para>
/// </summary>
/// <remarks>
/// Copies are told apart the better, the more targets there are and the smaller the subsets: an example of whose like the
/// subset holds many says little that they do not.
/// </remarks>
public static class DataLeaks
{
    /// <summary>The pairs, the highest score first.</summary>
    /// <param name="datamodels">Datamodels of one run; the more targets, the better the scale of each example is known.</param>
    /// <param name="top">Pairs for each target, at least 1; fewer where it has fewer positive weights.</param>
    /// <exception cref="DatamodelException">
    /// There is no datamodel, they are of several runs, a target comes twice, or <paramref name="top"/> is under 1.
    /// </exception>
    /// <remarks>Takes 8 bytes a training example, and about 100 bytes a pair.</remarks>
    public static IReadOnlyList<LeakPair> Find(IReadOnlyList<Datamodel> datamodels, int top = 1)
    {
        Check(datamodels, top);
        int trainCount = datamodels[0].Training.TrainCount;
        double[] squares = new double[trainCount];
        double all = 0;
        foreach (Datamodel datamodel in datamodels)
        {
            (int[] examples, double[] weights) = TargetWeights.Of(datamodel);
            for (int i = 0; i < examples.Length; i++)
            {
                squares[examples[i]] += weights[i] * weights[i];
                all += weights[i] * weights[i];
            }
        }

        double typical = all / ((double)datamodels.Count * trainCount);
        return
        [
            .. datamodels.SelectMany(datamodel => PairsOf(datamodel, squares, typical, datamodels.Count, top))
                .OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Target).ThenBy(pair => pair.Rank),
        ];
    }

    private static IEnumerable<LeakPair> PairsOf(
        Datamodel datamodel, double[] squares, double typical, int targets, int top)
    {
        (int[] examples, double[] weights) = TargetWeights.Of(datamodel);
        (int Example, double Weight, double Relative)[] ranked =
        [
            .. examples.Zip(weights, (example, weight) => (Example: example, Weight: weight)).Where(pair => pair.Weight > 0)
                .Select(pair => (pair.Example, pair.Weight, Relative: pair.Weight / ScaleOf(pair.Example, pair.Weight)))
                .OrderByDescending(pair => pair.Relative).ThenBy(pair => pair.Example),
        ];

        for (int i = 0; i < Math.Min(top, ranked.Length); i++)
        {
            // The largest of the others is the first, or the second for the first itself. A single weight stands alone as far as
            // its relative weight says.
            double largestOther = ranked.Length == 1 ? 1 : ranked[i == 0 ? 1 : 0].Relative;
            yield return new LeakPair
            {
                Target = datamodel.Target,
                TargetLabel = datamodel.Label,
                Example = ranked[i].Example,
                ExampleLabel = datamodel.Training.ExampleLabel(ranked[i].Example),
                Weight = ranked[i].Weight,
                RelativeWeight = ranked[i].Relative,
                Score = ranked[i].Relative / largestOther,
                Rank = i + 1,
            };
        }

        // Rounding may leave a little less than nothing of the other targets.
        double ScaleOf(int example, double weight) =>
            Math.Sqrt((typical + Math.Max(0, squares[example] - (weight * weight))) / targets);
    }

    private static void Check(IReadOnlyList<Datamodel> datamodels, int top)
    {
        if (top < 1)
        {
            throw new DatamodelException(
                "TopOutOfRange", ErrorKind.InvalidArgument,
                $"The number of pairs asked for of each target is {top}; it must be at least 1.");
        }

        if (datamodels.Count == 0)
        {
            throw new DatamodelException(
                "NoDatamodels", ErrorKind.InvalidArgument,
                "There are no datamodels to look for leaks in; fit at least one target, and better hundreds.");
        }

        var seen = new HashSet<int>();
        foreach (Datamodel datamodel in datamodels)
        {
            if (datamodel.Training.Path != datamodels[0].Training.Path)
            {
                throw new DatamodelException(
                    "SeveralRuns", ErrorKind.InvalidArgument,
                    $"The datamodels are of the runs '{datamodels[0].Training.Path}' and '{datamodel.Training.Path}'; weights "
                    + "are compared within one run only, so look for leaks in one after the other.");
            }

            if (!seen.Add(datamodel.Target))
            {
                throw new DatamodelException(
                    "TargetRepeated", ErrorKind.InvalidArgument,
                    $"There are two datamodels of target {datamodel.Target}; give one for each target.");
            }
        }
    }
}
