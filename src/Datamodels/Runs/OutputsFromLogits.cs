using System.Buffers;
using Datamodels.Learners;

namespace Datamodels.Runs;

/// <summary>Files with one output for each target where the files below hold the logits of every class.</summary>
/// <param name="logits">Files with logits, <c>[targets, classes]</c> of each model; disposed of with this.</param>
/// <param name="output">The output, not <see cref="OutputKind.Logits"/>.</param>
/// <param name="labels">Class of each target, <c>[targets]</c>.</param>
/// <param name="classCount">Number of classes.</param>
internal sealed class OutputsFromLogits(IRowFiles logits, OutputKind output, int[] labels, int classCount) : IRowFiles
{
    /// <inheritdoc/>
    public void ReadMasks(int firstModel, int modelCount, Span<byte> masks) => logits.ReadMasks(firstModel, modelCount, masks);

    /// <inheritdoc/>
    /// <remarks>Takes the logits of one model for these targets, 12 bytes for each.</remarks>
    public void ReadOutputs(int firstModel, int modelCount, int firstOutput, int outputCount, Span<double> outputs)
    {
        int size = outputCount * classCount;
        ReadOnlySpan<int> classes = labels.AsSpan(firstOutput, outputCount);
        double[] read = ArrayPool<double>.Shared.Rent(size);
        float[] singles = ArrayPool<float>.Shared.Rent(size + outputCount);
        Span<float> row = singles.AsSpan(size, outputCount);
        for (int i = 0; i < modelCount; i++)
        {
            logits.ReadOutputs(firstModel + i, 1, firstOutput * classCount, size, read.AsSpan(0, size));
            for (int j = 0; j < size; j++)
            {
                singles[j] = (float)read[j];
            }

            ModelOutput.Fill(output, singles.AsSpan(0, size), classes, row);
            for (int j = 0; j < outputCount; j++)
            {
                outputs[(i * outputCount) + j] = row[j];
            }
        }

        ArrayPool<double>.Shared.Return(read);
        ArrayPool<float>.Shared.Return(singles);
    }

    /// <inheritdoc/>
    public void Dispose() => logits.Dispose();
}
