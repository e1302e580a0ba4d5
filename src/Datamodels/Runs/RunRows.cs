using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>The completed rows of a run in memory, ascending by model.</summary>
/// <param name="Models">Number of each row's model in the plan, <c>[rows]</c>.</param>
/// <param name="TrainCount">Size of the training set, n.</param>
/// <param name="TargetCount">Number of targets.</param>
/// <param name="MaskBytes">Packed masks, <c>[rows, ceil(n / 8)]</c>, laid out as <see cref="Mask.Bytes"/>.</param>
/// <param name="Outputs">Outputs, row-major, <c>[rows, targets]</c>.</param>
public sealed record RunRows(int[] Models, int TrainCount, int TargetCount, byte[] MaskBytes, float[] Outputs) : IRunRows
{
    /// <inheritdoc />
    public int Count => Models.Length;

    /// <inheritdoc />
    public OutputKind Output { get; init; }

    /// <inheritdoc />
    public int DamagedCount { get; init; }

    /// <inheritdoc />
    /// <remarks>Computed each time that it is asked for, from all bytes.</remarks>
    public string Fingerprint => RowsFingerprint.OfBytes(this);

    /// <summary>The subset of row <paramref name="row"/>.</summary>
    public Mask MaskOf(int row)
    {
        int stride = Mask.ByteCount(TrainCount);
        return Mask.FromBytes(TrainCount, MaskBytes.AsSpan(row * stride, stride));
    }

    /// <summary>The outputs of row <paramref name="row"/>, <c>[TargetCount]</c>.</summary>
    public ReadOnlySpan<float> OutputsOf(int row) => Outputs.AsSpan(row * TargetCount, TargetCount);

    /// <inheritdoc />
    public int ModelOf(int row) => Models[row];

    /// <inheritdoc />
    public void ReadMasks(int firstRow, int rowCount, Span<byte> masks)
    {
        int stride = Mask.ByteCount(TrainCount);
        MaskBytes.AsSpan(firstRow * stride, rowCount * stride).CopyTo(masks);
    }

    /// <inheritdoc />
    public void ReadOutputs(int firstRow, int rowCount, int firstTarget, int targetCount, Span<double> outputs)
    {
        for (int i = 0; i < rowCount; i++)
        {
            ReadOnlySpan<float> from = OutputsOf(firstRow + i).Slice(firstTarget, targetCount);
            Span<double> to = outputs.Slice(i * targetCount, targetCount);
            for (int j = 0; j < from.Length; j++)
            {
                to[j] = from[j];
            }
        }
    }

    /// <summary>Nothing to let go of: the rows are memory.</summary>
    public void Dispose()
    {
    }
}
