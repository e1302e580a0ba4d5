using Datamodels.Data;
using Datamodels.Learners;

namespace Datamodels.PowerShell;

/// <summary>
/// What a learner's script gets as its argument: one model to train. Arrays are the script's own; whatever it does to them
/// stays with this model.
/// </summary>
public sealed class ScriptTask
{
    private readonly TrainingData _data;
    private readonly ExampleSet _targets;
    private readonly TrainingTask _task;
    private float[][]? _trainFeatures;
    private float[][]? _targetFeatures;

    internal ScriptTask(TrainingData data, ExampleSet targets, OutputKind output, TrainingTask task)
    {
        _data = data;
        _targets = targets;
        _task = task;
        Output = output;
        Examples = task.Mask.ToExamples();
        TrainLabels = [.. Examples.Select(example => data.Train.Labels[example])];
        foreach (LabelOverride replaced in task.LabelOverrides)
        {
            int row = Array.BinarySearch(Examples, replaced.Example);
            if (row >= 0)
            {
                TrainLabels[row] = replaced.Label;
            }
        }

        TargetLabels = targets.Labels.ToArray();
    }

    /// <summary>Number of the model.</summary>
    public int Model => _task.Id;

    /// <summary>Seed for whatever is random, 0..2^31-1, as <c>Get-Random -SetSeed</c> takes it.</summary>
    public int Seed => _task.ShortSeed;

    /// <summary>Index in the training set of each example to train on, ascending.</summary>
    public int[] Examples { get; }

    /// <summary>Features of the examples to train on, a row for each, in the order of <see cref="Examples"/>.</summary>
    public float[][] TrainFeatures => _trainFeatures ??= [.. Examples.Select(example => _data.Train.Row(example).ToArray())];

    /// <summary>Class of each example to train on, 0..classes-1, replaced labels among them.</summary>
    public int[] TrainLabels { get; }

    /// <summary>Features of the targets, a row for each.</summary>
    public float[][] TargetFeatures =>
        _targetFeatures ??= [.. Enumerable.Range(0, _targets.Count).Select(target => _targets.Row(target).ToArray())];

    /// <summary>Class of each target, 0..classes-1.</summary>
    public int[] TargetLabels { get; }

    /// <summary>Name of each class.</summary>
    public IReadOnlyList<string> Classes => _data.Classes;

    /// <summary>What is recorded of the model; of interest to a script that does not give logits.</summary>
    public OutputKind Output { get; }

    /// <inheritdoc/>
    public override string ToString() => $"Model {Model}, {Examples.Length} examples, {TargetLabels.Length} targets";
}
