using System.Buffers;
using Datamodels.IO;
using Datamodels.Kernels;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>The open files of an <see cref="ImportedStore"/>.</summary>
/// <param name="maskFile">Masks, packed or one byte for each example; disposed of with this.</param>
/// <param name="outputFile">Outputs, float16, float32 or float64; disposed of with this.</param>
/// <param name="maskPath">Path of the masks, for errors.</param>
/// <param name="trainCount">Size of the training set, n.</param>
/// <param name="packed">Whether the masks are packed.</param>
internal sealed class ImportedFiles(
    NpyFile maskFile, NpyFile outputFile, string maskPath, int trainCount, bool packed) : IRowFiles
{
    // Bytes of masks that are packed at once, unless one row is more.
    private const int BlockSize = 1 << 20;

    /// <inheritdoc/>
    /// <exception cref="DatamodelException">
    /// A byte of a mask is neither 0 nor 1, or a bit is set past the last example.
    /// </exception>
    public void ReadMasks(int firstModel, int modelCount, Span<byte> masks)
    {
        if (packed)
        {
            ReadPacked(firstModel, modelCount, masks);
            return;
        }

        int stride = Mask.ByteCount(trainCount);
        int blockRows = Math.Clamp(BlockSize / trainCount, 1, Math.Max(1, modelCount));
        byte[] block = ArrayPool<byte>.Shared.Rent(blockRows * trainCount);
        for (int first = 0; first < modelCount; first += blockRows)
        {
            int rows = Math.Min(blockRows, modelCount - first);
            maskFile.Read(firstModel + first, block.AsSpan(0, rows * trainCount));
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<byte> bytes = block.AsSpan(row * trainCount, trainCount);
                int other = PackBits.Pack(bytes, masks.Slice((first + row) * stride, stride));
                if (other >= 0)
                {
                    throw new DatamodelException(
                        "MaskValueInvalid", ErrorKind.InvalidData,
                        $"'{maskPath}' holds {bytes[other]} at row {firstModel + first + row}, column {other}; expected 0 or 1, "
                        + "whether the example is in the model's subset. Save masks of 0 and 1, or as bool.");
                }
            }
        }

        ArrayPool<byte>.Shared.Return(block);
    }

    /// <inheritdoc/>
    public void ReadOutputs(int firstModel, int modelCount, int firstOutput, int outputCount, Span<double> outputs) =>
        NpyNumbers.Read(outputFile, firstModel, modelCount, firstOutput, outputCount, outputs);

    /// <inheritdoc/>
    public void Dispose()
    {
        maskFile.Dispose();
        outputFile.Dispose();
    }

    private void ReadPacked(int firstModel, int modelCount, Span<byte> masks)
    {
        maskFile.Read(firstModel, masks);
        int stride = Mask.ByteCount(trainCount);
        int surplus = (8 * stride) - trainCount;
        for (int row = 0; row < modelCount; row++)
        {
            int last = masks[(row * stride) + stride - 1];
            if (last >> (8 - surplus) != 0)
            {
                throw new DatamodelException(
                    "MaskValueInvalid", ErrorKind.InvalidData,
                    $"'{maskPath}' has a bit set at row {firstModel + row} past the last of {trainCount} training examples; "
                    + "expected 0. Either the data is not that of the models, or the file is damaged.");
            }
        }
    }
}
