using System.Runtime.InteropServices;
using Datamodels.IO;

namespace Datamodels.Regression;

/// <summary>Datamodels as NumPy files, for other tools.</summary>
public static class DatamodelFiles
{
    /// <summary>
    /// Writes <c>weights.npy</c> (float64 <c>[targets, train]</c>, zeros included), <c>bias.npy</c> and <c>lambdas.npy</c>
    /// (float64 <c>[targets]</c>), and <c>targets.npy</c> (uint32 <c>[targets]</c>), which says whose row is whose. Each file is
    /// there whole or not at all; files of these names are replaced.
    /// </summary>
    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="datamodels">At least one, all of training sets of the same size; rows are in this order.</param>
    /// <exception cref="DatamodelException">
    /// There are no datamodels, their training sets differ in size, or writing failed.
    /// </exception>
    public static void Write(string folder, IReadOnlyList<Datamodel> datamodels)
    {
        if (datamodels.Count == 0)
        {
            throw new DatamodelException(
                "NoDatamodels", ErrorKind.InvalidArgument, "There are no datamodels to write; fit at least one target first.");
        }

        int n = datamodels[0].Training.TrainCount;
        foreach (Datamodel datamodel in datamodels)
        {
            if (datamodel.Training.TrainCount != n)
            {
                throw new DatamodelException(
                    "TrainingSetsDiffer", ErrorKind.InvalidArgument,
                    $"The {datamodel} is of {datamodel.Training.TrainCount} training examples, "
                    + $"the first one of {n}; write datamodels of one run at a time.");
            }
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "FolderNotMade", ErrorKind.InputOutput,
                $"The folder '{folder}' could not be made: {exception.Message} "
                + "Choose another one, or change its permissions.", exception);
        }

        AtomicFile.Write(Path.Combine(folder, "weights.npy"), stream =>
        {
            stream.Write(new NpyHeader(NpyType.Double, [datamodels.Count, n]).ToBytes());
            double[] row = new double[n];
            foreach (Datamodel datamodel in datamodels)
            {
                row.AsSpan().Clear();
                for (int i = 0; i < datamodel.NonzeroCount; i++)
                {
                    row[datamodel.Examples[i]] = datamodel.Weights[i];
                }

                stream.Write(MemoryMarshal.AsBytes<double>(row));
            }
        });
        WriteVector<double>(folder, "bias.npy", NpyType.Double, [.. datamodels.Select(d => d.Bias)]);
        WriteVector<double>(folder, "lambdas.npy", NpyType.Double, [.. datamodels.Select(d => d.Lambda)]);
        WriteVector<uint>(folder, "targets.npy", NpyType.UInt32, [.. datamodels.Select(d => (uint)d.Target)]);
    }

    private static void WriteVector<T>(string folder, string name, NpyType type, T[] values)
        where T : unmanaged => AtomicFile.Write(Path.Combine(folder, name), stream =>
        {
            stream.Write(new NpyHeader(type, [values.Length]).ToBytes());
            stream.Write(MemoryMarshal.AsBytes<T>(values));
        });
}
