namespace Datamodels.Subsets;

/// <summary>A subset of a training set of any size, as somebody names it: what is in it, or what is taken out.</summary>
public sealed class SubsetSelection
{
    private readonly Func<int, Mask> _maskOf;

    private SubsetSelection(Func<int, Mask> maskOf) => _maskOf = maskOf;

    /// <summary>The subset of exactly these examples.</summary>
    /// <param name="examples">Their indices, in any order, each once.</param>
    public static SubsetSelection Only(IReadOnlyList<int> examples) => new(trainCount =>
    {
        Check(examples, trainCount);
        return Mask.FromExamples(trainCount, examples.ToArray());
    });

    /// <summary>The whole training set without these examples: S \ R.</summary>
    /// <param name="examples">Their indices, in any order, each once.</param>
    public static SubsetSelection Without(IReadOnlyList<int> examples) => new(trainCount =>
    {
        Check(examples, trainCount);
        return Mask.Full(trainCount).Without(examples.ToArray());
    });

    /// <summary>The subset of the examples whose bit is 1.</summary>
    /// <param name="bits">A 0 or 1 for each training example, <c>[n]</c>.</param>
    public static SubsetSelection OfBits(IReadOnlyList<int> bits) => new(trainCount =>
    {
        if (bits.Count != trainCount)
        {
            throw new DatamodelException(
                "MaskLengthDiffers", ErrorKind.InvalidArgument,
                $"A mask has {bits.Count} entries; expected one for each of the {trainCount} training examples.");
        }

        for (int i = 0; i < bits.Count; i++)
        {
            if (bits[i] is not (0 or 1))
            {
                throw new DatamodelException(
                    "MaskEntryInvalid", ErrorKind.InvalidArgument,
                    $"Entry {i} of a mask is {bits[i]}; expected 1 for an example in the subset, else 0. Subsets given by the "
                    + "indices of their examples are no masks.");
            }
        }

        return Mask.FromExamples(trainCount, [.. Enumerable.Range(0, trainCount).Where(i => bits[i] == 1)]);
    });

    /// <summary>The subset of a training set.</summary>
    /// <param name="trainCount">Size of the training set, n.</param>
    /// <exception cref="DatamodelException">
    /// <c>ExampleOutOfRange</c>, <c>ExampleRepeated</c>: an index names no example, or one twice. <c>MaskLengthDiffers</c>,
    /// <c>MaskEntryInvalid</c>: a mask is not one of this training set.
    /// </exception>
    public Mask MaskOf(int trainCount) => _maskOf(trainCount);

    /// <summary>Checks indices of training examples that somebody gave.</summary>
    /// <exception cref="DatamodelException">
    /// <c>ExampleOutOfRange</c>, <c>ExampleRepeated</c>: an index names no example, or one twice.
    /// </exception>
    internal static void Check(IReadOnlyList<int> examples, int trainCount)
    {
        var seen = new HashSet<int>();
        foreach (int example in examples)
        {
            if ((uint)example >= (uint)trainCount)
            {
                throw new DatamodelException(
                    "ExampleOutOfRange", ErrorKind.InvalidArgument,
                    $"Training example {example} does not exist; there are {trainCount}, numbered 0 to {trainCount - 1}.");
            }

            if (!seen.Add(example))
            {
                throw new DatamodelException(
                    "ExampleRepeated", ErrorKind.InvalidArgument,
                    $"Training example {example} is listed more than once; name each example once.");
            }
        }
    }
}
