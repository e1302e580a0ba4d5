using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>The training examples of a task with their labels, in the order of each epoch.</summary>
internal sealed class SubsetExamples(TrainingData data)
{
    private readonly int[] _order = new int[data.TrainCount];
    private readonly int[] _labels = new int[data.TrainCount];
    private ulong _seed;

    /// <summary>Number of examples of the task.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the examples and labels of a task.</summary>
    public void Select(TrainingTask task)
    {
        int[] examples = task.Mask.ToExamples();
        examples.CopyTo(_order, 0);
        Count = examples.Length;
        _seed = task.Seed;
        data.Train.Labels.CopyTo(_labels);
        foreach (LabelOverride replaced in task.LabelOverrides)
        {
            _labels[replaced.Example] = replaced.Label;
        }
    }

    /// <summary>The examples in the order of an epoch, <c>[Count]</c>; epochs follow one another, from 0.</summary>
    public ReadOnlySpan<int> OrderOf(int epoch)
    {
        Span<int> order = _order.AsSpan(0, Count);
        new RandomStream(_seed, RandomPurpose.Shuffle, (ulong)epoch).Shuffle(order);
        return order;
    }

    /// <summary>The class that the task gives an example.</summary>
    public int LabelOf(int example) => _labels[example];
}
