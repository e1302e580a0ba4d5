using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>
/// The sets that may flip a target: for a linear datamodel the best set of k examples is the first k of the positive weights,
/// largest first. Relabelled examples are predicted to take twice what their removal takes; those that have the new label
/// already are left out.
/// </summary>
internal sealed class BrittlePrefixes
{
    private readonly int[] _examples;

    // Predicted margin with the first k examples changed, [Count + 1], falling.
    private readonly double[] _margins;

    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="newClass">The class that examples are given; null where they are removed.</param>
    public BrittlePrefixes(Datamodel datamodel, int? newClass)
    {
        (int Example, double Weight)[] ranked = RankedWeights.Positive(datamodel);
        if (newClass is { } label)
        {
            int[] labels = datamodel.Training.Data.Train.Labels.ToArray();
            ranked = [.. ranked.Where(pair => labels[pair.Example] != label)];
        }

        _examples = [.. ranked.Select(pair => pair.Example)];
        _margins = new double[ranked.Length + 1];
        _margins[0] = datamodel.FullMargin;
        double times = newClass is null ? 1 : 2;
        for (int k = 0; k < ranked.Length; k++)
        {
            _margins[k + 1] = _margins[k] - (times * ranked[k].Weight);
        }
    }

    /// <summary>Size of the largest set: the examples with a positive weight.</summary>
    public int Count => _examples.Length;

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
