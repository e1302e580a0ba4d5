namespace Datamodels.Data;

/// <summary>The set that targets are from.</summary>
public enum TargetSet
{
    /// <summary>The test set.</summary>
    Test,

    /// <summary>The training set: each training example as a target, seen by some of the models and not by others.</summary>
    Train,
}

/// <summary>
/// The targets: which examples the models' predictions are studied on. Targets are numbered from 0 in the order given here.
/// </summary>
public sealed record TargetSelection
{
    /// <summary>The set they are from.</summary>
    public TargetSet Set { get; init; }

    /// <summary>Index of each target in that set, in the order wanted, each once; null for all of the set.</summary>
    public EquatableList<int>? Examples { get; init; }

    /// <summary>Features and labels of the targets, <c>[targets]</c>.</summary>
    /// <exception cref="DatamodelException">An index is outside the set or repeated, or there is none.</exception>
    public ExampleSet Of(TrainingData data)
    {
        ExampleSet set = Set == TargetSet.Train ? data.Train : data.Test;
        if (Examples is null)
        {
            return set;
        }

        Validate(set);
        float[] features = new float[Examples.Count * set.FeatureCount];
        int[] labels = new int[Examples.Count];
        for (int target = 0; target < labels.Length; target++)
        {
            set.Row(Examples[target]).CopyTo(features.AsSpan(target * set.FeatureCount));
            labels[target] = set.Labels[Examples[target]];
        }

        return new ExampleSet(features, labels, set.FeatureCount);
    }

    /// <summary>Index in its set of target <paramref name="target"/>.</summary>
    public int ExampleOf(int target) => Examples is null ? target : Examples[target];

    /// <inheritdoc/>
    public override string ToString() =>
        (Examples is null ? "every example" : $"{Examples.Count} examples")
        + $" of the {(Set == TargetSet.Train ? "training" : "test")} set";

    private void Validate(ExampleSet set)
    {
        string name = Set == TargetSet.Train ? "training" : "test";
        if (Examples!.Count == 0)
        {
            throw new DatamodelException(
                "TargetsEmpty", ErrorKind.InvalidArgument,
                $"The list of targets is empty; give indices of the {name} set, or none at all for all of it.");
        }

        var seen = new HashSet<int>();
        foreach (int example in Examples)
        {
            if ((uint)example >= (uint)set.Count)
            {
                throw new DatamodelException(
                    "TargetOutOfRange", ErrorKind.InvalidArgument,
                    $"Target {example} does not exist; the {name} set has {set.Count} examples, numbered 0 to {set.Count - 1}.");
            }

            if (!seen.Add(example))
            {
                throw new DatamodelException(
                    "TargetRepeated", ErrorKind.InvalidArgument,
                    $"Target {example} is listed more than once; name each target once.");
            }
        }
    }
}
