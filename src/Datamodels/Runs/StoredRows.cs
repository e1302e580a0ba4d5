using System.Runtime.InteropServices;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// Rows that stay in their files and are read from there each time; neighbouring rows by one call of the system.
/// </summary>
/// <param name="files">The files; disposed of with this.</param>
/// <param name="folder">Where they are, for errors.</param>
/// <param name="models">Model of each row, ascending, <c>[rows]</c>.</param>
/// <remarks>Takes 8 bytes for each row, and about 2 MiB, or two rows, for each thread that reads.</remarks>
internal sealed class StoredRows(IRowFiles files, string folder, int[] models) : IRunRows
{
    // Bytes of rows that a checksum is made of at once, unless one row is more.
    private const int ChecksumBlock = 1 << 22;

    /// <inheritdoc/>
    public int Count => models.Length;

    /// <inheritdoc/>
    public required int TrainCount { get; init; }

    /// <inheritdoc/>
    public required int TargetCount { get; init; }

    /// <inheritdoc/>
    public required OutputKind Output { get; init; }

    /// <inheritdoc/>
    public int DamagedCount { get; init; }

    /// <summary>Checksum of each row, <c>[rows]</c>; null where the files have none.</summary>
    public uint[]? Marks { private get; init; }

    /// <summary>Stops the making of checksums.</summary>
    public CancellationToken Cancellation { private get; init; }

    /// <inheritdoc/>
    /// <remarks>Where the files have no checksums, it is made when it is first asked for, from all rows.</remarks>
    /// <exception cref="DatamodelException">Reading failed.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public string Fingerprint => field ??= RowsFingerprint.OfMarks(Output, models, Marks ?? ReadChecksums());

    /// <inheritdoc/>
    public int ModelOf(int row) => models[row];

    /// <inheritdoc/>
    /// <exception cref="DatamodelException">Reading failed.</exception>
    public void ReadMasks(int firstRow, int rowCount, Span<byte> masks)
    {
        int stride = Mask.ByteCount(TrainCount);
        for (int done = 0; done < rowCount;)
        {
            int count = NeighbourCount(firstRow + done, rowCount - done);
            try
            {
                files.ReadMasks(models[firstRow + done], count, masks.Slice(done * stride, count * stride));
            }
            catch (IOException e)
            {
                throw NotRead(e);
            }

            done += count;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DatamodelException">Reading failed.</exception>
    public void ReadOutputs(int firstRow, int rowCount, int firstTarget, int targetCount, Span<double> outputs)
    {
        for (int done = 0; done < rowCount;)
        {
            int count = NeighbourCount(firstRow + done, rowCount - done);
            Span<double> wanted = outputs.Slice(done * targetCount, count * targetCount);
            try
            {
                files.ReadOutputs(models[firstRow + done], count, firstTarget, targetCount, wanted);
            }
            catch (IOException e)
            {
                throw NotRead(e);
            }

            done += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => files.Dispose();

    /// <summary>How many rows from one on, and at most so many, are of models that follow each other.</summary>
    private int NeighbourCount(int row, int most)
    {
        int count = 1;
        while (count < most && models[row + count] == models[row] + count)
        {
            count++;
        }

        return count;
    }

    /// <summary>Checksum of each row as it is read, packed mask and float64 outputs, however they are stored.</summary>
    private uint[] ReadChecksums()
    {
        int stride = Mask.ByteCount(TrainCount);
        int blockRows = Math.Clamp(ChecksumBlock / (stride + (TargetCount * sizeof(double))), 1, Math.Max(1, Count));
        byte[] masks = new byte[blockRows * stride];
        double[] outputs = new double[blockRows * TargetCount];
        uint[] checksums = new uint[Count];
        for (int first = 0; first < Count; first += blockRows)
        {
            Cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(blockRows, Count - first);
            ReadMasks(first, rows, masks.AsSpan(0, rows * stride));
            ReadOutputs(first, rows, 0, TargetCount, outputs.AsSpan(0, rows * TargetCount));
            for (int row = 0; row < rows; row++)
            {
                checksums[first + row] = Crc32C.Of(
                    masks.AsSpan(row * stride, stride),
                    MemoryMarshal.AsBytes(outputs.AsSpan(row * TargetCount, TargetCount)));
            }
        }

        return checksums;
    }

    private DatamodelException NotRead(IOException e) => new(
        "RunInputOutputFailed", ErrorKind.InputOutput,
        $"The rows in '{folder}' cannot be read: {e.Message.TrimEnd('.')}. Check the disk and try again.", e);
}
