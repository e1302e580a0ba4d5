using Datamodels.IO;

namespace Datamodels.Regression;

/// <summary>
/// Datamodels as a folder of NumPy files, which other programs can map into memory and read target by target.
/// </summary>
public static class DatamodelFiles
{
    /// <summary>
    /// Writes <c>weights.npy</c> (float64 <c>[targets, train]</c>, zeros included), <c>bias.npy</c> and <c>lambdas.npy</c>
    /// (float64 <c>[targets]</c>), and <c>targets.npy</c> (uint32 <c>[targets]</c>), which says whose row is whose. Each file is
    /// there whole or not at all; files of these names are replaced.
    /// </summary>
    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="datamodels">At least one, all of one run; rows are in this order.</param>
    /// <exception cref="DatamodelException">There are no datamodels, they are of several runs, or writing failed.</exception>
    public static void Write(string folder, IReadOnlyList<Datamodel> datamodels)
    {
        int n = DatamodelArrays.TrainCountOf(datamodels);
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

        Write("weights.npy", stream =>
        {
            stream.Write(new NpyHeader(NpyType.Double, [datamodels.Count, n]).ToBytes());
            DatamodelArrays.WriteWeights(stream, datamodels, n, CancellationToken.None);
        });
        double[] biases = [.. datamodels.Select(datamodel => datamodel.Bias)];
        double[] lambdas = [.. datamodels.Select(datamodel => datamodel.Lambda ?? 0)];
        uint[] targets = [.. datamodels.Select(datamodel => (uint)datamodel.Target)];
        Write("bias.npy", stream => DatamodelArrays.WriteVector(stream, NpyType.Double, biases));
        Write("lambdas.npy", stream => DatamodelArrays.WriteVector(stream, NpyType.Double, lambdas));
        Write("targets.npy", stream => DatamodelArrays.WriteVector(stream, NpyType.UInt32, targets));

        void Write(string name, Action<Stream> write) => AtomicFile.Write(Path.Combine(folder, name), write);
    }
}
