using System.IO.Compression;
using Datamodels.IO;

namespace Datamodels.Regression;

/// <summary>Datamodels as one NPZ file, for NumPy.</summary>
public static class DatamodelArchive
{
    // Plain files that their owner may write; what an archive holds is the same whenever it is made.
    private const int Attributes = unchecked((int)0x81A40000);
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Writes <c>weight</c> (float64 <c>[train, targets]</c>, zeros included), <c>bias</c> and <c>lam</c> (float64
    /// <c>[targets]</c>), and <c>target</c> (uint32 <c>[targets]</c>, the number of each target in the run). All in units of
    /// the output: <c>masks @ weight + bias</c> is the prediction, with masks of 0 and 1, <c>[models, train]</c>. The same
    /// datamodels give the same bytes. The file is there whole or not at all; one of that name is replaced.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="datamodels">At least one, all of one run; columns are in this order.</param>
    /// <param name="cancellation">Stops; nothing is left behind.</param>
    /// <exception cref="DatamodelException">There are no datamodels, they are of several runs, or writing failed.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>
    /// Not compressed: 8 (train + 2) targets bytes. Takes 8 bytes for each training example and 20 for each target, beside the
    /// datamodels: the weights are written target by target, as an array in Fortran order.
    /// </remarks>
    public static void Write(string path, IReadOnlyList<Datamodel> datamodels, CancellationToken cancellation = default)
    {
        int n = DatamodelArrays.TrainCountOf(datamodels);
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            Add(archive, "weight", entry =>
            {
                entry.Write(new NpyHeader(NpyType.Double, [n, datamodels.Count]).ToBytes(fortranOrder: true));
                DatamodelArrays.WriteWeights(entry, datamodels, n, cancellation);
            });
            double[] biases = [.. datamodels.Select(datamodel => datamodel.Bias)];
            double[] lambdas = [.. datamodels.Select(datamodel => datamodel.Lambda ?? 0)];
            uint[] targets = [.. datamodels.Select(datamodel => (uint)datamodel.Target)];
            Add(archive, "bias", entry => DatamodelArrays.WriteVector(entry, NpyType.Double, biases));
            Add(archive, "lam", entry => DatamodelArrays.WriteVector(entry, NpyType.Double, lambdas));
            Add(archive, "target", entry => DatamodelArrays.WriteVector(entry, NpyType.UInt32, targets));
        });
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        // Stored as it is: what compression makes of it depends on the version of the library.
        ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = s_time;
        entry.ExternalAttributes = Attributes;
        using Stream content = entry.Open();
        write(content);
    }
}
