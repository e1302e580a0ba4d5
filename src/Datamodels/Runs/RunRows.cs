using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>The completed rows of a run in memory, ascending by model.</summary>
/// <param name="Models">Number of each row's model in the plan, <c>[rows]</c>.</param>
/// <param name="TrainCount">Size of the training set, n.</param>
/// <param name="TargetCount">Number of targets.</param>
/// <param name="MaskBytes">Packed masks, <c>[rows, ceil(n / 8)]</c>, laid out as <see cref="Mask.Bytes"/>.</param>
/// <param name="Outputs">Outputs, row-major, <c>[rows, targets]</c>.</param>
public sealed record RunRows(int[] Models, int TrainCount, int TargetCount, byte[] MaskBytes, float[] Outputs)
{
    /// <summary>Number of rows.</summary>
    public int Count => Models.Length;

    /// <summary>What the outputs are; never logits.</summary>
    public OutputKind Output { get; init; }

    /// <summary>Rows left out because they do not match their checksum; training the run again makes them good.</summary>
    public int DamagedCount { get; init; }

    /// <summary>The subset of row <paramref name="row"/>.</summary>
    public Mask MaskOf(int row)
    {
        int stride = Mask.ByteCount(TrainCount);
        return Mask.FromBytes(TrainCount, MaskBytes.AsSpan(row * stride, stride));
    }

    /// <summary>The outputs of row <paramref name="row"/>, <c>[TargetCount]</c>.</summary>
    public ReadOnlySpan<float> OutputsOf(int row) => Outputs.AsSpan(row * TargetCount, TargetCount);
}
