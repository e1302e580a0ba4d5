using System.Runtime.InteropServices;
using Datamodels.IO;

namespace Datamodels.Regression;

/// <summary>Datamodels as arrays of numbers, written one target at a time.</summary>
internal static class DatamodelArrays
{
    /// <summary>Size of the training set that all of some datamodels are of.</summary>
    /// <exception cref="DatamodelException">There are none, or they are of several runs.</exception>
    public static int TrainCountOf(IReadOnlyList<Datamodel> datamodels)
    {
        if (datamodels.Count == 0)
        {
            throw new DatamodelException(
                "NoDatamodels", ErrorKind.InvalidArgument, "There are no datamodels to write; fit at least one target first.");
        }

        Datamodel first = datamodels[0];
        foreach (Datamodel datamodel in datamodels)
        {
            if (datamodel.Training.Path != first.Training.Path)
            {
                throw new DatamodelException(
                    "RunsDiffer", ErrorKind.InvalidArgument,
                    $"The {datamodel} is of the run '{datamodel.Training.Path}', the first one of '{first.Training.Path}'; "
                    + "write datamodels of one run at a time.");
            }
        }

        return first.Training.TrainCount;
    }

    /// <summary>
    /// Writes the weights of every training example, zeros included, float64: all of the first datamodel, then all of the
    /// next, which is <c>[targets, train]</c> in C order and <c>[train, targets]</c> in Fortran order.
    /// </summary>
    /// <param name="stream">Where to.</param>
    /// <param name="datamodels">The datamodels, of one run.</param>
    /// <param name="trainCount">Size of the training set, n.</param>
    /// <param name="cancellation">Stops between datamodels.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>Takes 8 n bytes.</remarks>
    public static void WriteWeights(
        Stream stream, IReadOnlyList<Datamodel> datamodels, int trainCount, CancellationToken cancellation)
    {
        double[] weights = new double[trainCount];
        foreach (Datamodel datamodel in datamodels)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < datamodel.NonzeroCount; i++)
            {
                weights[datamodel.Examples[i]] = datamodel.Weights[i];
            }

            stream.Write(MemoryMarshal.AsBytes<double>(weights));
            foreach (int example in datamodel.Examples)
            {
                weights[example] = 0;
            }
        }
    }

    /// <summary>Writes an NPY file of one axis.</summary>
    public static void WriteVector<T>(Stream stream, NpyType type, T[] values)
        where T : unmanaged
    {
        stream.Write(new NpyHeader(type, [values.Length]).ToBytes());
        stream.Write(MemoryMarshal.AsBytes<T>(values));
    }
}
