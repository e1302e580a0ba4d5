namespace Datamodels.Data;

/// <summary>One example as it is trained on or studied, and where to find it in the user's files.</summary>
public sealed record TrainingExample
{
    /// <summary>The set that it is in.</summary>
    public required TargetSet Set { get; init; }

    /// <summary>Its index in that set, from 0: what every other record calls the example.</summary>
    public required int Example { get; init; }

    /// <summary>Name of its class.</summary>
    public required string Label { get; init; }

    /// <summary>Where it was read, such as <c>digits.csv, line 250</c>; null for data made in memory.</summary>
    public required string? Place { get; init; }

    /// <summary>Its features as they are trained on, scaled, <c>[features]</c>.</summary>
    public required EquatableList<float> Features { get; init; }

    /// <summary>Reads examples off a data set.</summary>
    /// <param name="data">The data.</param>
    /// <param name="set">The set that they are in.</param>
    /// <param name="examples">Index of each in that set, in the order wanted; null for all of it.</param>
    /// <exception cref="DatamodelException"><c>ExampleOutOfRange</c>: there is no such example.</exception>
    public static IEnumerable<TrainingExample> Of(TrainingData data, TargetSet set, IReadOnlyList<int>? examples)
    {
        ExampleSet from = set == TargetSet.Train ? data.Train : data.Test;
        foreach (int example in examples ?? [.. Enumerable.Range(0, from.Count)])
        {
            if (example < 0 || example >= from.Count)
            {
                throw new DatamodelException(
                    "ExampleOutOfRange", ErrorKind.InvalidArgument,
                    $"Example {example} does not exist; the {(set == TargetSet.Train ? "training" : "test")} set of {data.Name} "
                    + $"has {from.Count} examples, numbered 0 to {from.Count - 1}.");
            }

            yield return new TrainingExample
            {
                Set = set,
                Example = example,
                Label = data.Classes[from.Labels[example]],
                Place = from.Places?[example],
                Features = [.. from.Row(example).ToArray()],
            };
        }
    }

    /// <summary>Such as <c>training example 249 (0): digits.csv, line 298</c>.</summary>
    public override string ToString() =>
        $"{(Set == TargetSet.Train ? "training" : "test")} example {Example} ({Label}){(Place is null ? "" : $": {Place}")}";
}
