using System.Globalization;
using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>What <see cref="SubsetTraining.Train"/> did.</summary>
/// <param name="Trained">Models trained.</param>
/// <param name="Damaged">
/// How many of them had been done before but their row did not match its checksum any more, as after a fault of the disk.
/// </param>
public sealed record TrainingReport(int Trained, int Damaged);

/// <summary>
/// Very many models trained on subsets, on disk: one row of outputs per model. Opening never changes a file; a row is
/// written, flushed, and only then marked with its checksum, so that training can be broken off at any moment and gone on
/// with later, to the same bytes.
/// </summary>
public sealed class SubsetTraining
{
    /// <summary>What is reported while rows are checked before training.</summary>
    internal const string Checking = "Checking";

    private readonly Lazy<TrainingData> _data;
    private readonly ImportedStore? _imported;
    private volatile Counts _counts = new(0, 0);

    private SubsetTraining(string path, RunSpec spec, Shard? shard, TrainingData? data, ImportedStore? imported = null)
    {
        Path = path;
        Spec = spec;
        Shard = shard;
        _imported = imported;
        _data = data is null ? new Lazy<TrainingData>(ReadData) : new Lazy<TrainingData>(data);
    }

    /// <summary>The run's folder, absolute.</summary>
    public string Path { get; }

    /// <summary>What the run is of.</summary>
    public RunSpec Spec { get; }

    /// <summary>How each model is made.</summary>
    public Learner Learner => Spec.Learner;

    /// <summary>Number of models in the plan.</summary>
    public int ModelCount => Spec.Plan.ModelCount;

    /// <summary>Size of the training set, n.</summary>
    public int TrainCount => Spec.TrainCount;

    /// <summary>Number of targets.</summary>
    public int TargetCount => Spec.TargetCount;

    /// <summary>
    /// Models trained, 0..ModelCount, by whichever process, as of when the run was opened, or as <see cref="Train"/> of this
    /// object goes on. Rows are taken at their marks; only <see cref="Train"/> and <see cref="OpenRows"/> check them.
    /// </summary>
    public int CompletedCount => _counts.Run;

    /// <summary>Whether every model is trained.</summary>
    public bool IsComplete => CompletedCount == ModelCount;

    /// <summary>The part of the run that <see cref="Train"/> trains; null for all of it.</summary>
    public Shard? Shard { get; }

    /// <summary>Number of models in the shard; without one, <see cref="ModelCount"/>.</summary>
    public int ShardModelCount => ShardModels.End - ShardModels.First;

    /// <summary>Models of the shard that are trained; without one, <see cref="CompletedCount"/>.</summary>
    public int ShardCompletedCount => _counts.Shard;

    /// <summary>Where the run stands, as of when it was opened or <see cref="Train"/> of this object ended.</summary>
    public RunState State => IsComplete ? RunState.Complete
        : Workers.Count > 0 ? RunState.Running
        : CompletedCount > 0 ? RunState.Stopped : RunState.NotStarted;

    /// <summary>
    /// The processes that trained the run when it was opened or <see cref="Train"/> of this object ended, on whichever
    /// machine: those that gave a sign of life within 30 seconds.
    /// </summary>
    public EquatableList<RunWorker> Workers { get; private set; } = [];

    /// <summary>Models that all <see cref="Workers"/> together train a second; 0 where there are none.</summary>
    public double PerSecond => Workers.Sum(worker => worker.PerSecond);

    /// <summary>Time until every model is trained at that rate; null while it is unknown, or where nothing is left.</summary>
    public TimeSpan? TimeLeft => PerSecond > 0 && !IsComplete
        ? TimeSpan.FromSeconds(Math.Min((ModelCount - CompletedCount) / PerSecond, TimeSpan.MaxValue.TotalSeconds / 2))
        : null;

    /// <summary>
    /// The data; for a run opened by its path alone it is read again from <see cref="RunSpec.DataSource"/> on first use
    /// and its fingerprint compared.
    /// </summary>
    /// <exception cref="DatamodelException">
    /// The data is not there any more, or is not the data of the run, or models were imported without it.
    /// </exception>
    public TrainingData Data => _data.Value;

    /// <summary>
    /// Makes a new run in <paramref name="path"/>, or opens the one that is there if its spec is the same. One with the same
    /// spec but for fewer subsets is given the others: what it holds stays.
    /// </summary>
    /// <param name="path">The run's folder; made if it is not there.</param>
    /// <param name="data">Training set and targets.</param>
    /// <param name="learner">How each model is made.</param>
    /// <param name="plan">Which subsets.</param>
    /// <param name="engine">The <see cref="ITrainingEngine.Name"/> of the engine that is to train.</param>
    /// <param name="observation">What is recorded of each model; by default the margin on the test set.</param>
    /// <param name="shard">The part of the run that is to be trained; null for all of it.</param>
    /// <exception cref="DatamodelException">
    /// The folder holds a run with another spec or more subsets (the message names each difference), other files, or cannot
    /// be written; the disk is too small. Nothing is changed or left behind then.
    /// </exception>
    public static SubsetTraining CreateOrOpen(
        string path, TrainingData data, Learner learner, SubsetPlan plan, string engine, Observation? observation = null,
        Shard? shard = null)
    {
        observation ??= new Observation();
        path = FullPath(path);
        plan.SubsetSize(data.TrainCount);
        var asked = new RunSpec
        {
            DataFingerprint = data.Fingerprint,
            DataSource = data.Source,
            TrainCount = data.TrainCount,
            TargetCount = observation.Targets.Of(data).Count,
            ClassCount = data.ClassCount,
            Learner = learner.ValidateFor(data),
            Observation = observation,
            Plan = plan,
            Engine = engine,
        };

        // Where a learner's program lies is taken as asked for: it may have moved.
        return Open(path, RunFolder.Ensure(path, asked) with { Learner = asked.Learner }, shard, data);
    }

    /// <summary>
    /// Makes sure that the run is still where it was opened, so that nothing is kept where nobody looks for it.
    /// </summary>
    /// <exception cref="DatamodelException">The folder has moved, or is gone.</exception>
    internal void RequireFolder()
    {
        if (_imported is null && !RunFolder.Exists(Path))
        {
            throw RunFolder.NotARun(Path);
        }
    }

    /// <summary>Whether a folder holds a run, sound or not.</summary>
    public static bool IsRun(string path) => RunFolder.Exists(path);

    /// <summary>Opens the run in <paramref name="path"/>.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="shard">The part of the run that is to be trained; null for all of it.</param>
    /// <exception cref="DatamodelException">There is no run, or its files are truncated or foreign.</exception>
    public static SubsetTraining Open(string path, Shard? shard = null)
    {
        path = FullPath(path);
        return RunFolder.Exists(path)
            ? Open(path, RunFolder.ReadSpec(path), shard, data: null)
            : throw RunFolder.NotARun(path);
    }

    /// <summary>
    /// Takes models that another program has trained as a run, from a folder of NumPy files as MadryLab/datamodels makes them
    /// (docs/run-format.md). They are read where they lie: nothing is copied, and nothing is ever written there. Models that
    /// are not completed are left out; nothing can be trained.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="data">
    /// The data, the targets as its test set, for labels; its sizes must be those of the files. Null where it is not at hand:
    /// labels are numbers then.
    /// </param>
    /// <param name="output">What the outputs are; not logits.</param>
    /// <param name="maskName">Name of the masks, without <c>.npy</c>; by default <c>masks</c>, or else <c>subsets</c>.</param>
    /// <param name="outputName">Name of the outputs, without <c>.npy</c>; by default as in a run, such as <c>margins</c>.</param>
    /// <param name="progress">Told at most five times a second while the masks are checked.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DatamodelException">
    /// There is no store; a file is cut short or holds another array than it should; files or data do not go together; a byte
    /// of the masks is neither 0 nor 1; all masks are empty, or all are full.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>Reads the masks once. Takes 4 bytes for each model, and 6 MiB (or two rows) while it reads.</remarks>
    public static SubsetTraining Import(
        string path, TrainingData? data = null, OutputKind output = OutputKind.Margin, string? maskName = null,
        string? outputName = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        path = FullPath(path);
        ImportedStore store = ImportedStore.Open(path, output, data, maskName, outputName);
        var spec = new RunSpec
        {
            DataFingerprint = data?.Fingerprint ?? "",
            DataSource = data?.Source,
            TrainCount = store.TrainCount,
            TargetCount = store.TargetCount,
            ClassCount = data?.ClassCount ?? 0,
            Learner = new ImportedLearner(),
            Observation = new Observation { Output = output },
            Plan = new SubsetPlan(seed: 0, store.MeanFraction(progress, cancellation), store.ModelCount),
            Engine = ImportedLearner.EngineName,
        };
        int completed = store.CompletedModels.Length;
        return new SubsetTraining(path, spec, shard: null, data, store) { _counts = new Counts(completed, completed) };
    }

    /// <summary>
    /// Writes the run as a folder of NumPy files as MadryLab/datamodels makes them (docs/run-format.md), which
    /// <see cref="Import"/> and other programs read: <c>masks.npy</c> (bool <c>[models, n]</c>), the outputs, in
    /// <c>margins.npy</c> or as a run names them (<c>[models, targets]</c>), and <c>_completed.npy</c> (bool <c>[models]</c>).
    /// Rows of models that are not completed, or do not match their checksum, are 0 and marked so.
    /// </summary>
    /// <param name="path">The folder; one that holds a store is replaced, and one that holds anything else never is.</param>
    /// <param name="output">The output that is written; as for <see cref="OpenRows"/>.</param>
    /// <param name="halfPrecision">
    /// Rounds outputs to float16; else they are float32, or float64 where an imported run has them so, and nothing is lost but
    /// where an output is derived from logits, which is rounded to float32.
    /// </param>
    /// <param name="progress">Told at most five times a second.</param>
    /// <param name="cancellation">Stops; nothing is left behind.</param>
    /// <returns>Rows that were left out because they do not match their checksum.</returns>
    /// <exception cref="DatamodelException">
    /// No model is completed; the run cannot be read; the folder holds something else, or the models of this run, or cannot be
    /// written; an output is beyond float16.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>
    /// Takes 13 bytes for each model, and 12 MiB (or four rows); on the disk n and 2, 4 or 8 targets bytes a model.
    /// </remarks>
    public int Export(
        string path, OutputKind? output = null, bool halfPrecision = false, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        RequireExportable(path, replace: true);
        path = FullPath(path);
        using IRunRows rows = OpenRows(output, null, cancellation);
        if (rows.Count == 0)
        {
            throw new DatamodelException(
                "RunEmpty", ErrorKind.InvalidData,
                $"None of the {ModelCount} models of the run in '{Path}' is completed; there is nothing to export yet.");
        }

        NpyType type = halfPrecision ? NpyType.Half : _imported?.OutputType is NpyType.Double ? NpyType.Double : NpyType.Single;
        ExportedStore.Write(path, rows, ModelCount, type, progress, cancellation);
        return rows.DamagedCount;
    }

    /// <summary>Makes sure, before long work, that <see cref="Export"/> may write to a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="replace">Whether a store that is there may be replaced.</param>
    /// <exception cref="DatamodelException">
    /// The folder holds something else, or the models of this run, or cannot be read; or a store that is not to be replaced.
    /// </exception>
    public void RequireExportable(string path, bool replace)
    {
        path = FullPath(path);
        if (_imported is not null && ExportedStore.Replaces(path, Path))
        {
            throw new DatamodelException(
                "StoreIsSource", ErrorKind.Conflict,
                $"The models are read from '{Path}', and the store '{path}' would take the place of their files; choose another "
                + "folder.");
        }

        if (ExportedStore.RequireReplaceable(path) && !replace)
        {
            throw new DatamodelException(
                "FileExists", ErrorKind.Conflict, $"'{path}' is there already; choose another name, or replace it with -Force.");
        }
    }

    /// <summary>
    /// Trains every model of the run, or of its shard, that is not done yet, and again those whose row does not match its
    /// checksum. Other processes may train the same run at the same time, on this machine or another that shares the folder:
    /// they share the work, and when this ends everything is done, by whichever of them.
    /// </summary>
    /// <param name="engine">Does the training; its name must be that of the spec.</param>
    /// <param name="progress">Told at most five times a second, on the calling thread.</param>
    /// <param name="cancellation">Stops; the rows done so far stay.</param>
    /// <returns>How many models were trained, and how many of them again.</returns>
    /// <exception cref="OperationCanceledException">Cancellation was asked for; the run can be resumed.</exception>
    /// <exception cref="DatamodelException">
    /// Writing failed, or a model's outputs are not finite; the run can be resumed. Or the files are not of this run, or its
    /// models were trained elsewhere.
    /// </exception>
    public TrainingReport Train(
        ITrainingEngine engine, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (_imported is not null)
        {
            throw ImportedLearner.NotTrainable();
        }

        if (engine.Name != Spec.Engine)
        {
            throw new DatamodelException(
                "EngineDiffers", ErrorKind.Conflict,
                $"The run in '{Path}' is trained by the engine '{Spec.Engine}', not by '{engine.Name}': "
                + "their outputs are not the same to the bit.");
        }

        try
        {
            return new TrainingSession(this, engine, progress, cancellation).Train();
        }
        finally
        {
            Workers = WorkerFolder.Read(Path);
        }
    }

    /// <summary>
    /// Opens the completed rows to be read where they lie. Every row is checked against its checksum now; those that do not
    /// match are left out and counted. Imported rows have none: of them the masks' bytes are checked as they are read.
    /// </summary>
    /// <param name="output">
    /// The output wanted, one number for each target; by default the one recorded, or the margin where logits are. Only from
    /// logits can others be had.
    /// </param>
    /// <param name="modelCount">Takes the first so many models of the plan, at least 1; null takes all.</param>
    /// <param name="cancellation">Stops the check; of imported rows the making of their fingerprint.</param>
    /// <exception cref="DatamodelException">
    /// A file cannot be read or is not of this run; the output is not to be had.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>
    /// Never holds the rows: takes 12 bytes for each model, 4 MiB (or one row) during the check, and about 2 MiB (or two rows)
    /// for each thread that reads.
    /// </remarks>
    public IRunRows OpenRows(
        OutputKind? output = null, int? modelCount = null, CancellationToken cancellation = default)
    {
        OutputKind recorded = Spec.Observation.Output;
        OutputKind wanted = Spec.Observation.OutputFor(output);
        if (_imported is not null)
        {
            return _imported.OpenRows(modelCount, cancellation);
        }

        // From logits an output follows by the class of the target.
        int[] labels = wanted == recorded ? [] : Spec.Observation.Targets.Of(Data).Labels.ToArray();
        RunStore store = OpenStore(FileAccess.Read);
        try
        {
            uint[] marks = Guarded("read", store.ReadMarks);
            marks.AsSpan(Math.Min(marks.Length, modelCount ?? marks.Length)).Clear();
            int marked = marks.Count(mark => mark != 0);
            int[] whole = [.. Guarded("read", () => store.FindWhole(marks, cancellation))];
            CheckOwn(marked, marked - whole.Length);
            IRowFiles files = wanted == recorded ? store : new OutputsFromLogits(store, wanted, labels, Spec.ClassCount);
            return new StoredRows(files, Path, whole)
            {
                TrainCount = TrainCount,
                TargetCount = TargetCount,
                Output = wanted,
                DamagedCount = marked - whole.Length,
                Marks = Array.ConvertAll(whole, model => marks[model]),
            };
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Reads all completed rows into memory, outputs rounded to float32.</summary>
    /// <param name="output">As for <see cref="OpenRows"/>.</param>
    /// <exception cref="DatamodelException">As from <see cref="OpenRows"/>; or the rows are too many for one array.</exception>
    public RunRows ReadRows(OutputKind? output = null)
    {
        using IRunRows rows = OpenRows(output);
        int maskSize = Mask.ByteCount(TrainCount);
        if ((long)rows.Count * Math.Max(maskSize, TargetCount) > Array.MaxLength)
        {
            throw new DatamodelException(
                "RunTooLargeToRead", ErrorKind.InvalidData,
                $"The run in '{Path}' has {rows.Count} rows of {TargetCount} targets and {maskSize} bytes of mask; "
                + $"at most {Array.MaxLength} of each can be read at once.");
        }

        byte[] masks = new byte[rows.Count * maskSize];
        rows.ReadMasks(0, rows.Count, masks);
        float[] outputs = new float[rows.Count * TargetCount];
        double[] read = new double[TargetCount];
        for (int row = 0; row < rows.Count; row++)
        {
            rows.ReadOutputs(row, 1, 0, TargetCount, read);
            for (int target = 0; target < TargetCount; target++)
            {
                outputs[(row * TargetCount) + target] = (float)read[target];
            }
        }

        int[] models = [.. Enumerable.Range(0, rows.Count).Select(rows.ModelOf)];
        return new RunRows(models, TrainCount, TargetCount, masks, outputs)
        {
            Output = rows.Output,
            DamagedCount = rows.DamagedCount,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{CompletedCount} of {ModelCount} models in {Path}";

    /// <summary>The first model that <see cref="Train"/> trains, and the one behind the last.</summary>
    internal (int First, int End) ShardModels => Shard?.ModelsOf(ModelCount) ?? (0, ModelCount);

    /// <summary>
    /// <see cref="IRunRows.Fingerprint"/> of some rows as they are now: those of a run by their marks, unchecked; imported ones
    /// have none, and all of them are read. A model that is not there, or not completed, gives a fingerprint like no other.
    /// </summary>
    /// <param name="output">What their outputs are.</param>
    /// <param name="models">Model of each row, ascending, <c>[rows]</c>.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DatamodelException">A file cannot be read or is not of this run.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    internal string FingerprintOf(OutputKind output, ReadOnlySpan<int> models, CancellationToken cancellation)
    {
        if (_imported is not null)
        {
            using IRunRows rows = _imported.OpenRows(models, cancellation);
            return output == rows.Output && rows.Count == models.Length ? rows.Fingerprint : "";
        }

        using RunStore store = OpenStore(FileAccess.Read);
        uint[] marks = Guarded("read", store.ReadMarks);
        int[] rowModels = models.ToArray();
        return RowsFingerprint.OfMarks(
            output, rowModels, Array.ConvertAll(rowModels, model => model < marks.Length ? marks[model] : 0));
    }

    /// <summary>Class name of each target, <c>[targets]</c>; its number for an import without data.</summary>
    /// <exception cref="DatamodelException">The data is not there any more, or is not the data of the run.</exception>
    internal IReadOnlyList<string> TargetLabels() => HasData
        ? [.. Spec.Observation.Targets.Of(Data).Labels.ToArray().Select(label => Data.Classes[label])]
        : [.. Enumerable.Range(0, TargetCount).Select(target => target.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Class name of a training example; its number for an import without data.</summary>
    /// <exception cref="DatamodelException">The data is not there any more, or is not the data of the run.</exception>
    internal string ExampleLabel(int example) =>
        HasData ? Data.Classes[Data.Train.Labels[example]] : example.ToString(CultureInfo.InvariantCulture);

    /// <summary>Opens the rows; what is wrong with them is said of this run.</summary>
    internal RunStore OpenStore(FileAccess access)
    {
        try
        {
            return RunStore.Open(Path, Spec, access);
        }
        catch (FileNotFoundException e)
        {
            throw new DatamodelException(
                "RunFileMissing", ErrorKind.InvalidData,
                $"The file '{e.FileName}' of the run is missing; put it back, or start the run anew in another folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                access == FileAccess.Read ? "RunNotReadable" : "RunNotWritable", ErrorKind.InputOutput,
                $"The run in '{Path}' cannot be {(access == FileAccess.Read ? "read" : "written")}: {e.Message}", e);
        }
    }

    /// <summary>Takes in which rows are done: those that are marked, but for <paramref name="damaged"/> ones.</summary>
    internal void Look(ReadOnlySpan<uint> marks, ICollection<int> damaged)
    {
        (int first, int end) = ShardModels;
        int done = marks.Length - marks.Count(0u);
        int doneInShard = end - first - marks[first..end].Count(0u);
        _counts = new Counts(done - damaged.Count, doneInShard - damaged.Count);
    }

    /// <summary>The shards of so many, from 1, that hold a model that is not marked as done now.</summary>
    /// <exception cref="DatamodelException">Reading failed.</exception>
    internal EquatableList<int> ShardsLeft(int parts)
    {
        using RunStore store = OpenStore(FileAccess.Read);
        uint[] marks = Guarded("read", store.ReadMarks);
        return
        [
            .. Enumerable.Range(1, parts).Where(part =>
            {
                (int first, int end) = new Shard(part, parts).ModelsOf(ModelCount);
                return marks.AsSpan(first, end - first).Contains(0u);
            }),
        ];
    }

    /// <summary>Does work on the files; what goes wrong is said of this run.</summary>
    internal T Guarded<T>(string action, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "RunInputOutputFailed", ErrorKind.InputOutput, $"The run in '{Path}' cannot be {action}: {e.Message}", e);
        }
    }

    /// <summary>A damaged disk spoils some rows; where not one of several is right, a file is of another run.</summary>
    internal void CheckOwn(int marked, int damaged)
    {
        if (marked > 1 && damaged == marked)
        {
            throw new DatamodelException(
                "RunFilesForeign", ErrorKind.InvalidData,
                $"None of the {marked} rows that are marked as done in '{Path}' matches its checksum: one of "
                + $"{string.Join(", ", RunStore.FileNamesOf(Spec))} is not of this run. "
                + "Put the right file back, or start the run anew in another folder.");
        }
    }

    private static string FullPath(string path) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    private static SubsetTraining Open(string path, RunSpec spec, Shard? shard, TrainingData? data)
    {
        var run = new SubsetTraining(path, spec, shard, data);
        using RunStore store = run.OpenStore(FileAccess.Read);
        run.Look(run.Guarded("read", store.ReadMarks), []);
        run.Workers = WorkerFolder.Read(path);
        return run;
    }

    // An import without data knows of no classes.
    private bool HasData => Spec.ClassCount > 0;

    private TrainingData ReadData()
    {
        if (!HasData)
        {
            throw new DatamodelException(
                "NoTrainingData", ErrorKind.NotFound,
                $"The models in '{Path}' were imported without their data, which is needed here; "
                + "import them together with it: Import-SubsetTraining -Data.");
        }

        if (Spec.DataSource is null)
        {
            throw new DatamodelException(
                "RunDataUnknown", ErrorKind.NotFound,
                $"The run in '{Path}' is of data that was made in memory and cannot be read again; "
                + "open it together with the data.");
        }

        TrainingData data;
        try
        {
            data = TrainingDataReader.Read(Spec.DataSource);
        }
        catch (DatamodelException e)
        {
            throw new DatamodelException(
                e.Id, e.Kind,
                $"The data of the run in '{Path}' cannot be read again. {e.Message} Or give the run its data from where it is "
                + $"now: Import-TrainingData … | Start-SubsetTraining '{Path}' -Count {ModelCount}, with the settings that it "
                + "was read with.", e);
        }

        return data.Fingerprint == Spec.DataFingerprint
            ? data
            : throw new DatamodelException(
                "RunDataChanged", ErrorKind.Conflict,
                $"'{Spec.DataSource}' is not the data of the run in '{Path}' any more: "
                + $"its fingerprint is {data.Fingerprint}, expected {Spec.DataFingerprint}. Put the file back as it was.");
    }

    /// <summary>Models done, of the run and of the shard.</summary>
    private sealed record Counts(int Run, int Shard);
}
