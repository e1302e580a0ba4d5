using Datamodels.Kernels;
using Datamodels.Regression;
using Datamodels.Subsets;

namespace Datamodels.Insight;

/// <summary>A set R of training examples to remove, of which one target's datamodel makes a prediction.</summary>
/// <param name="Datamodel">The target's datamodel.</param>
/// <param name="Kind">How the examples are chosen.</param>
/// <param name="Examples">The examples, each once, at least one.</param>
public sealed record Removal(Datamodel Datamodel, RemovalKind Kind, EquatableList<int> Examples)
{
    /// <summary>
    /// Removals of given sizes for one target, for each kind in turn. The sets of one kind are nested: the smaller is the first
    /// part of the larger. Weights that are equal, such as those that are 0, go by the example's index.
    /// </summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="sizes">Numbers of examples, each from 1 to n - 1.</param>
    /// <param name="kinds">Top, Bottom or Random.</param>
    /// <param name="seed">Seed of the random sets, which follow from it and the target.</param>
    /// <exception cref="DatamodelException"><c>RemovalSizeOutOfRange</c>: a size is outside its range.</exception>
    public static IReadOnlyList<Removal> Of(
        Datamodel datamodel, IReadOnlyList<int> sizes, IReadOnlyList<RemovalKind> kinds, ulong seed)
    {
        int n = datamodel.Training.TrainCount;
        foreach (int size in sizes)
        {
            if (size < 1 || size >= n)
            {
                throw new DatamodelException(
                    "RemovalSizeOutOfRange", ErrorKind.InvalidArgument,
                    $"The number of examples to remove is {size}; it must be at least 1 and leave some of the {n} training "
                    + $"examples of '{datamodel.Training.Path}'.");
            }
        }

        var removals = new List<Removal>();
        foreach (RemovalKind kind in kinds)
        {
            int[] order = OrderOf(kind, datamodel, seed);
            removals.AddRange(sizes.Select(size => new Removal(datamodel, kind, [.. order.AsSpan(0, size)])));
        }

        return removals;
    }

    /// <summary>A removal of examples that somebody gives.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="examples">The examples, in any order.</param>
    /// <exception cref="DatamodelException">
    /// An example does not exist or is listed twice, or there is none; or none would be left.
    /// </exception>
    public static Removal Given(Datamodel datamodel, IReadOnlyList<int> examples)
    {
        int n = datamodel.Training.TrainCount;
        SubsetSelection.Check(examples, n);
        return examples.Count > 0 && examples.Count < n
            ? new Removal(datamodel, RemovalKind.Given, [.. examples])
            : throw new DatamodelException(
                "RemovalSizeOutOfRange", ErrorKind.InvalidArgument,
                $"{examples.Count} examples are to be removed; expected at least one, and some of the {n} training examples "
                + $"of '{datamodel.Training.Path}' must be left.");
    }

    /// <summary>The removal of a brittle set.</summary>
    /// <exception cref="DatamodelException">Its examples are relabelled and not removed; or it has none.</exception>
    public static Removal Given(BrittleSet set) => set switch
    {
        { Mode: BrittleMode.Flip } => throw new DatamodelException(
            "RemovalRelabels", ErrorKind.InvalidArgument,
            $"The examples of {set} are not to be removed; expected a set of -Mode Remove. Test-BrittleSet retrains this one."),
        { Size: 0 } => throw new DatamodelException(
            "RemovalSizeOutOfRange", ErrorKind.InvalidArgument,
            $"There is nothing to remove: {set}. Take the sets with a size above 0."),
        _ => Given(set.Datamodel, set.Examples),
    };

    // All training examples, the first to be removed first.
    private static int[] OrderOf(RemovalKind kind, Datamodel datamodel, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, datamodel.Training.TrainCount)];
        if (kind == RemovalKind.Random)
        {
            new RandomStream(seed, RandomPurpose.Removal, (ulong)datamodel.Target).Shuffle(order.AsSpan());
            return order;
        }

        double sign = kind switch
        {
            RemovalKind.Top => -1,
            RemovalKind.Bottom => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Examples that are given have no order."),
        };
        double[] keys = new double[order.Length];
        for (int i = 0; i < datamodel.NonzeroCount; i++)
        {
            keys[datamodel.Examples[i]] = sign * datamodel.Weights[i];
        }

        return [.. order.OrderBy(example => keys[example])];
    }
}
