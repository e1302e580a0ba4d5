using System.IO.Compression;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>Datamodels as one NPZ file, for NumPy and to be read back.</summary>
public static class DatamodelArchive
{
    // Plain files that their owner may write; what an archive holds is the same whenever it is made.
    private const int Attributes = unchecked((int)0x81A40000);
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Writes <c>weight</c> (float64 <c>[train, targets]</c>, zeros included), <c>bias</c> and <c>lam</c> (float64
    /// <c>[targets]</c>), and <c>target</c> (uint32 <c>[targets]</c>, the number of each target in the run). All in units of
    /// the output: <c>masks @ weight + bias</c> is the prediction, with masks of 0 and 1, <c>[models, train]</c>. Beside them is
    /// all that <see cref="Read"/> needs (docs/run-format.md). The same datamodels give the same bytes. The file is there whole
    /// or not at all; one of that name is replaced.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="datamodels">At least one, all of one run; columns are in this order.</param>
    /// <param name="cancellation">Stops; nothing is left behind.</param>
    /// <exception cref="DatamodelException">There are no datamodels, they are of several runs, or writing failed.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>
    /// Not compressed: 8 train targets bytes, and for each target about 60 and those of its label. Takes 8 bytes for each
    /// training example and as much for each target, beside the datamodels: the weights are written target by target, as an
    /// array in Fortran order.
    /// </remarks>
    public static void Write(string path, IReadOnlyList<Datamodel> datamodels, CancellationToken cancellation = default)
    {
        int n = DatamodelArrays.TrainCountOf(datamodels);
        (string[] fits, uint[] fitOf) = FitsOf(datamodels);
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            Add(archive, "weight", entry =>
            {
                entry.Write(new NpyHeader(NpyType.Double, [n, datamodels.Count]).ToBytes(fortranOrder: true));
                DatamodelArrays.WriteWeights(entry, datamodels, n, cancellation);
            });
            Vector("bias", NpyType.Double, datamodel => datamodel.Bias);
            Vector("lam", NpyType.Double, datamodel => datamodel.Lambda ?? 0);
            Vector("target", NpyType.UInt32, datamodel => (uint)datamodel.Target);
            Texts("label", [.. datamodels.Select(datamodel => datamodel.Label)]);
            Vector("held_out_r2", NpyType.Double, datamodel => datamodel.HeldOutR2 ?? double.NaN);
            Vector("duality_gap", NpyType.Double, datamodel => datamodel.DualityGap ?? double.NaN);
            Vector("kkt_residual", NpyType.Double, datamodel => datamodel.KktResidual ?? double.NaN);
            Vector("residual_deviation", NpyType.Double, datamodel => datamodel.ResidualDeviation ?? double.NaN);
            Vector("converged", NpyType.Boolean, datamodel => (byte)(datamodel.Converged ? 1 : 0));
            Add(archive, "fit", entry => DatamodelArrays.WriteVector(entry, NpyType.UInt32, fitOf));
            Texts("fits", fits);
            Texts("run", [datamodels[0].Training.Path]);

            void Vector<T>(string name, NpyType type, Func<Datamodel, T> number)
                where T : unmanaged =>
                Add(archive, name, entry => DatamodelArrays.WriteVector(entry, type, [.. datamodels.Select(number)]));
            void Texts(string name, string[] texts) => Add(archive, name, entry => NpyText.Write(entry, texts));
        });
    }

    /// <summary>
    /// Reads what <see cref="Write"/> wrote, a datamodel at a time, in the order of the file; every number to the bit. What a run
    /// is of is not in the file: the run is opened where it was, or given.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="training">The run, where it is not any more where it was when they were written.</param>
    /// <param name="progress">Told at most five times a second while the file is checked.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DatamodelException">
    /// There is no such file, it is damaged, cut short, or another than <see cref="Write"/> writes; the run is not there, or not
    /// the one that the datamodels were fitted to.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>
    /// The file is read twice, first to check it whole, so that no wrong number ever comes out. Takes 8 bytes for each training
    /// example, about 100 for each target, and those of the texts; datamodels that were taken are let go of. A run is known by
    /// the marks of the rows that were fitted on, which are read, and not the rows; models trained elsewhere have none, and all
    /// their rows are read.
    /// </remarks>
    public static IEnumerable<Datamodel> Read(
        string path, SubsetTraining? training = null, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using var archive = DatamodelArchiveFile.Open(path, progress, cancellation);
        training ??= archive.OpenRun();
        archive.RequireRun(training, cancellation);
        foreach (Datamodel datamodel in archive.Read(training, cancellation))
        {
            yield return datamodel;
        }
    }

    /// <summary>The distinct fits that datamodels are of, in words, and which one each is of.</summary>
    private static (string[] Fits, uint[] FitOf) FitsOf(IReadOnlyList<Datamodel> datamodels)
    {
        var texts = new List<string>();
        var known = new Dictionary<(FitOptions, OutputKind, FittedRows), uint>();
        uint[] fitOf = new uint[datamodels.Count];
        for (int i = 0; i < fitOf.Length; i++)
        {
            (FitOptions, OutputKind, FittedRows) fit = (datamodels[i].Options, datamodels[i].Output, datamodels[i].Rows);
            if (!known.TryGetValue(fit, out fitOf[i]))
            {
                string text = new FitText(fit.Item1, fit.Item2, fit.Item3).Write();
                int place = texts.IndexOf(text);
                if (place < 0)
                {
                    place = texts.Count;
                    texts.Add(text);
                }

                known.Add(fit, fitOf[i] = (uint)place);
            }
        }

        return ([.. texts], fitOf);
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
