using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>Rows that stay in their files and are read from there each time; neighbouring rows by one call of the system.</summary>
/// <param name="files">The files; disposed of with this.</param>
/// <param name="folder">Where they are, for errors.</param>
/// <param name="models">Model of each row, ascending, <c>[rows]</c>.</param>
/// <remarks>Takes 4 bytes for each row, and about 2 MiB, or two rows, for each thread that reads.</remarks>
internal sealed class StoredRows(IRowFiles files, string folder, int[] models) : IRunRows
{
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

    /// <inheritdoc/>
    public required string Fingerprint { get; init; }

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

    private DatamodelException NotRead(IOException e) => new(
        "RunInputOutputFailed", ErrorKind.InputOutput,
        $"The rows in '{folder}' cannot be read: {e.Message.TrimEnd('.')}. Check the disk and try again.", e);
}
