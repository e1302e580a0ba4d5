using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>What is done to the training set S before models are trained on it again.</summary>
public sealed record TrainingChange
{
    /// <summary>The control: nothing is changed, and every target is observed.</summary>
    public static TrainingChange None { get; } = new();

    /// <summary>Examples that are taken out, R.</summary>
    public EquatableList<int> Removed { get; init; } = [];

    /// <summary>Examples that get another class, each once and none of them among those taken out.</summary>
    public EquatableList<LabelOverride> Relabelled { get; init; } = [];

    /// <summary>Targets whose outputs are wanted, 0..targets-1; null for all.</summary>
    public EquatableList<int>? Targets { get; init; }

    /// <summary>
    /// Training seeds follow from (seed, stream, r), r the number of the retraining: 0 is the control's, t + 1 that of changes
    /// that are about target t. So what one target's models say at several sizes is a paired comparison, and no two targets
    /// share one draw of luck.
    /// </summary>
    public uint Stream { get; init; }

    /// <summary>The stream of changes that are about <paramref name="target"/>.</summary>
    public static uint StreamOf(int target) => (uint)target + 1;

    /// <summary>S after the change.</summary>
    /// <exception cref="DatamodelException">
    /// Nothing would be left to train on; or an example or a class is not one of the data.
    /// </exception>
    internal Mask MaskOf(TrainingData data)
    {
        foreach (int example in Removed)
        {
            RequireExample(example, data);
        }

        foreach (LabelOverride relabelled in Relabelled)
        {
            RequireExample(relabelled.Example, data);
            if ((uint)relabelled.Label >= (uint)data.ClassCount)
            {
                throw new DatamodelException(
                    "ClassOutOfRange", ErrorKind.InvalidArgument,
                    $"Training example {relabelled.Example} is to get class {relabelled.Label}; the classes are numbered 0 to "
                    + $"{data.ClassCount - 1}.");
            }
        }

        Mask rest = Mask.Full(data.TrainCount).Without(Removed.AsSpan());
        return rest.Count > 0
            ? rest
            : throw new DatamodelException(
                "NothingLeft", ErrorKind.InvalidArgument,
                $"All {data.TrainCount} training examples are to be removed, which leaves nothing to train on; remove fewer.");
    }

    private static void RequireExample(int example, TrainingData data)
    {
        if ((uint)example >= (uint)data.TrainCount)
        {
            throw new DatamodelException(
                "ExampleOutOfRange", ErrorKind.InvalidArgument,
                $"There is no training example {example}; the training set has {data.TrainCount}, numbered 0 to "
                + $"{data.TrainCount - 1}.");
        }
    }
}
