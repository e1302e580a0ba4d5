using Datamodels.Data;
using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>
/// The sets that may flip a target: the first k examples of an order. Relabelled examples are predicted to take twice what their
/// removal takes; those that have the new label already are left out.
/// </summary>
internal sealed class BrittlePrefixes
{
    private readonly int[] _examples;

    // Predicted margin with the first k examples changed, [Count + 1].
    private readonly double[] _margins;

    private BrittlePrefixes(Datamodel datamodel, int? newClass, IEnumerable<(int Example, double Weight)> order)
    {
        if (newClass is { } label)
        {
            int[] labels = datamodel.Training.Data.Train.Labels.ToArray();
            order = order.Where(pair => labels[pair.Example] != label);
        }

        (int Example, double Weight)[] ranked = [.. order];
        _examples = [.. ranked.Select(pair => pair.Example)];
        _margins = new double[ranked.Length + 1];
        _margins[0] = datamodel.FullMargin;
        double times = newClass is null ? 1 : 2;
        for (int k = 0; k < ranked.Length; k++)
        {
            _margins[k + 1] = _margins[k] - (times * ranked[k].Weight);
        }
    }

    /// <summary>Size of the largest set.</summary>
    public int Count => _examples.Length;

    /// <summary>The best sets for a linear datamodel: the positive weights, largest first.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="newClass">The class that examples are given; null where they are removed.</param>
    public static BrittlePrefixes ByWeight(Datamodel datamodel, int? newClass) =>
        new(datamodel, newClass, RankedWeights.Positive(datamodel));

    /// <summary>
    /// The examples of the target's own class, largest weight first, those without a weight and those with a negative one too:
    /// without its class no model predicts it, however little each of the last examples seems to do beside the others.
    /// </summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="newClass">The class that examples are given; null where they are removed.</param>
    public static BrittlePrefixes OfOwnClass(Datamodel datamodel, int? newClass)
    {
        TrainingData data = datamodel.Training.Data;
        int own = FlipClass.ClassOf(datamodel);
        var weights = datamodel.Examples.Zip(datamodel.Weights).ToDictionary();
        return new BrittlePrefixes(
            datamodel, newClass,
            Enumerable.Range(0, data.TrainCount).Where(example => data.Train.Labels[example] == own)
                .Select(example => (example, weights.GetValueOrDefault(example))).OrderByDescending(pair => pair.Item2));
    }

    /// <summary>The first <paramref name="size"/> examples.</summary>
    public EquatableList<int> Take(int size) => new(_examples.AsSpan(0, size));

    /// <summary>The predicted margin with the first <paramref name="size"/> examples changed; 0..<see cref="Count"/>.</summary>
    public double MarginAt(int size) => _margins[size];

    /// <summary>The smallest size with a predicted margin of at most <paramref name="threshold"/>; null where none has.</summary>
    public int? SizeFor(double threshold)
    {
        int size = Array.FindIndex(_margins, margin => margin <= threshold);
        return size < 0 ? null : size;
    }
}
