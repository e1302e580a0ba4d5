using System.Numerics;
using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// Models that another program has trained, in a folder of NumPy files as MadryLab/datamodels makes them, each an array with
/// a row for every model: masks (bool, or uint8 of 0 and 1, <c>[models, n]</c>; or, where the name is <c>subsets</c>, uint8
/// <c>[models, ceil(n / 8)]</c>, packed as <see cref="Mask.Bytes"/>), outputs (float16, float32 or float64
/// <c>[models, targets]</c>, or <c>[models]</c> for one target), and which models are completed (bool, uint8 or uint32
/// <c>[models]</c>, 0 where not). It is only read, and read where it lies.
/// </summary>
internal sealed class ImportedStore
{
    // Bytes of packed masks that are counted at once, unless one row is more.
    private const int CountedBlock = 1 << 22;

    private const string Extension = ".npy";
    private const string PlainMasks = "masks";
    private const string PackedMasks = "subsets";

    // As MadryLab/datamodels names it, and as a run does. Where neither is there, every model is completed.
    private static readonly string[] s_completedNames = ["_completed", "completed"];

    private readonly string _folder;
    private readonly OutputKind _output;
    private readonly string _maskPath;
    private readonly string _outputPath;
    private readonly NpyHeader _maskHeader;
    private readonly NpyHeader _outputHeader;
    private readonly bool _packed;

    private ImportedStore(string folder, OutputKind output, TrainingData? data, string maskName, string outputName)
    {
        _folder = folder;
        _output = output;
        _maskPath = PathOf(folder, maskName);
        _outputPath = PathOf(folder, outputName);
        _packed = maskName == PackedMasks;
        _maskHeader = HeaderOf(
            _maskPath, "MaskName",
            _packed ? "uint8 [models, ceil(train / 8)], packed bits" : "bool, or uint8 of 0 and 1, [models, train]",
            header => header.Shape.Count == 2
                && (header.Type == NpyType.UInt8 || (header.Type == NpyType.Boolean && !_packed)));
        _outputHeader = HeaderOf(
            _outputPath, "OutputName", "float16, float32 or float64 [models, targets], or [models] for one target",
            header => header.Shape.Count is 1 or 2 && NpyNumbers.CanRead(header.Type));
        RequireModels(_outputPath, _outputHeader);
        ModelCount = (int)_maskHeader.Shape[0];
        TrainCount = _packed ? UnpackedCount(data) : (int)_maskHeader.Shape[1];
        TargetCount = _outputHeader.Shape.Count == 1 ? 1 : (int)_outputHeader.Shape[1];
        CompletedModels = ReadCompleted();
    }

    /// <summary>Models in the store, completed or not.</summary>
    public int ModelCount { get; }

    /// <summary>Size of the training set, n.</summary>
    public int TrainCount { get; }

    /// <summary>Number of targets.</summary>
    public int TargetCount { get; }

    /// <summary>How the outputs are stored: float16, float32 or float64.</summary>
    public NpyType OutputType => _outputHeader.Type;

    /// <summary>The completed models, ascending; at least one.</summary>
    public int[] CompletedModels { get; }

    /// <summary>Looks at the files and checks everything but the bytes of masks, which are checked as they are read.</summary>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="output">What the outputs are.</param>
    /// <param name="data">The data, whose sizes must be those of the store; null where it is not at hand.</param>
    /// <param name="maskName">Name of the masks, without <c>.npy</c>; by default <c>masks</c>, or else <c>subsets</c>.</param>
    /// <param name="outputName">Name of the outputs, without <c>.npy</c>; by default as in a run, such as <c>margins</c>.</param>
    /// <exception cref="DatamodelException">There is no store, its files are damaged, or they do not go together.</exception>
    public static ImportedStore Open(
        string folder, OutputKind output, TrainingData? data, string? maskName, string? outputName)
    {
        if (output == OutputKind.Logits)
        {
            throw new DatamodelException(
                "LogitsNotImported", ErrorKind.InvalidArgument,
                "The output Logits cannot be imported: a store holds one number for each model and target. "
                + "Save margins, or another output.");
        }

        if (RunFolder.Exists(folder))
        {
            throw new DatamodelException(
                "StoreIsRun", ErrorKind.InvalidArgument,
                $"'{folder}' is a run, not a store of models trained elsewhere; open it with Get-SubsetTraining.");
        }

        if (!Directory.Exists(folder))
        {
            throw new DatamodelException(
                "StoreNotFound", ErrorKind.NotFound,
                $"There is no folder '{folder}'; expected one with a NumPy file of masks and one of outputs.");
        }

        maskName ??= !File.Exists(PathOf(folder, PlainMasks)) && File.Exists(PathOf(folder, PackedMasks))
            ? PackedMasks : PlainMasks;
        outputName ??= Path.GetFileNameWithoutExtension(RunStore.OutputName(output));
        return Guarded(folder, () =>
        {
            var store = new ImportedStore(folder, output, data, maskName, outputName);
            store.RequireSizesOf(data);
            return store;
        });
    }

    /// <summary>Opens the completed rows.</summary>
    /// <param name="modelCount">Takes the first so many models, completed or not; null takes all.</param>
    /// <exception cref="DatamodelException">
    /// A file is not as it was or cannot be read; later, as masks are read, a byte of them is neither 0 nor 1.
    /// </exception>
    public IRunRows OpenRows(int? modelCount = null) =>
        OpenCompleted([.. CompletedModels.TakeWhile(model => model < (modelCount ?? ModelCount))]);

    /// <summary>Opens those of some rows that are completed.</summary>
    /// <param name="models">Model of each, ascending.</param>
    /// <exception cref="DatamodelException">As above.</exception>
    public IRunRows OpenRows(ReadOnlySpan<int> models) => OpenCompleted([.. CompletedModels.Intersect(models.ToArray())]);

    private StoredRows OpenCompleted(int[] models) => Guarded(_folder, () =>
    {
        var masks = NpyFile.Open(_maskPath, _maskHeader, FileAccess.Read);
        try
        {
            var outputs = NpyFile.Open(_outputPath, _outputHeader, FileAccess.Read);
            var files = new ImportedFiles(masks, outputs, _maskPath, TrainCount, _packed);
            return new StoredRows(files, _folder, models)
            {
                TrainCount = TrainCount,
                TargetCount = TargetCount,
                Output = _output,
            };
        }
        catch
        {
            masks.Dispose();
            throw;
        }
    });

    /// <summary>The fraction of the training set in a subset, on average over the completed models.</summary>
    /// <param name="progress">Told at most five times a second.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>Inside (0, 1).</returns>
    /// <exception cref="DatamodelException">
    /// A byte of the masks is neither 0 nor 1; all masks are empty, or all are full; or reading failed.
    /// </exception>
    public double MeanFraction(IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        using IRunRows rows = OpenRows();
        var meter = new ProgressMeter(progress, SubsetTraining.Checking, rows.Count);
        int stride = Mask.ByteCount(rows.TrainCount);
        int blockRows = Math.Clamp(CountedBlock / stride, 1, rows.Count);
        byte[] masks = new byte[blockRows * stride];
        long members = 0;
        for (int first = 0; first < rows.Count; first += blockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> block = masks.AsSpan(0, Math.Min(blockRows, rows.Count - first) * stride);
            rows.ReadMasks(first, block.Length / stride, block);
            foreach (byte bits in block)
            {
                members += BitOperations.PopCount(bits);
            }

            meter.Report(first + (block.Length / stride));
        }

        long all = (long)rows.Count * rows.TrainCount;
        return members > 0 && members < all
            ? (double)members / all
            : throw new DatamodelException(
                "MasksAllAlike", ErrorKind.InvalidData,
                $"The masks of all {rows.Count} completed models in '{_folder}' hold {(members == 0 ? "no" : "every")} training "
                + "example; expected subsets that differ, from which weights can be told.");
    }

    private static string PathOf(string folder, string name) => Path.Combine(folder, name + Extension);

    private static T Guarded<T>(string folder, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "StoreNotReadable", ErrorKind.InputOutput,
                $"The store in '{folder}' cannot be read: {e.Message.TrimEnd('.')}. Check its permissions and the disk.", e);
        }
    }

    /// <summary>The header of an array that must be there, of whole length, not empty, and of the kind expected.</summary>
    private NpyHeader HeaderOf(string path, string option, string expected, Func<NpyHeader, bool> isExpected)
    {
        if (!File.Exists(path))
        {
            string[] found = [.. Directory.GetFiles(_folder, "*" + Extension).Select(Path.GetFileNameWithoutExtension).Order()!];
            throw new DatamodelException(
                "StoreFileMissing", ErrorKind.NotFound,
                $"There is no '{path}'; the arrays in this folder are: "
                + $"{(found.Length == 0 ? "none" : string.Join(", ", found))}. Name the right one with {option}.");
        }

        using NpyFile file = NpyFile.Open(path);
        NpyHeader header = file.Header;
        if (!isExpected(header))
        {
            throw new DatamodelException(
                "StoreArrayUnexpected", ErrorKind.InvalidData,
                $"'{path}' holds {header}; expected {expected}. Name another array with {option}, or save it so.");
        }

        if (header.Shape.Contains(0) || header.Shape.Any(length => length > Array.MaxLength))
        {
            throw new DatamodelException(
                "StoreSizeOutOfRange", ErrorKind.InvalidData,
                $"'{path}' holds {header}; expected from 1 to {Array.MaxLength} along each axis.");
        }

        return header;
    }

    private void RequireModels(string path, NpyHeader header)
    {
        if (header.Shape[0] != _maskHeader.Shape[0])
        {
            throw new DatamodelException(
                "StoreShapesDiffer", ErrorKind.InvalidData,
                $"'{path}' holds {header}, but '{_maskPath}' {_maskHeader}; expected as many rows in both, one for each model. "
                + "Put files of the same models together.");
        }
    }

    /// <summary>The size of the training set where masks are packed, which they do not tell to the bit.</summary>
    private int UnpackedCount(TrainingData? data)
    {
        long width = _maskHeader.Shape[1];
        if (data is null)
        {
            throw new DatamodelException(
                "TrainCountUnknown", ErrorKind.InvalidArgument,
                $"'{_maskPath}' holds masks of {width} packed bytes, which may be of {(8 * width) - 7} to {8 * width} training "
                + "examples; import the store together with its data.");
        }

        return Mask.ByteCount(data.TrainCount) == width
            ? data.TrainCount
            : throw new DatamodelException(
                "StoreDataDiffers", ErrorKind.InvalidArgument,
                $"'{_maskPath}' holds masks of {width} packed bytes, but the {data.TrainCount} training examples of the data "
                + $"take {Mask.ByteCount(data.TrainCount)}; give the data that the models were trained on.");
    }

    private void RequireSizesOf(TrainingData? data)
    {
        if (data is not null && (data.TrainCount != TrainCount || data.TestCount != TargetCount))
        {
            throw new DatamodelException(
                "StoreDataDiffers", ErrorKind.InvalidArgument,
                $"The store in '{_folder}' is of {TrainCount} training examples and {TargetCount} targets, the data has "
                + $"{data.TrainCount} and a test set of {data.TestCount}; give the data that the models were trained on, "
                + "with the targets as its test set, or none.");
        }
    }

    private int[] ReadCompleted()
    {
        string? path = s_completedNames.Select(name => PathOf(_folder, name)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            return [.. Enumerable.Range(0, ModelCount)];
        }

        using NpyFile file = NpyFile.Open(path);
        if (file.Header.Shape.Count != 1 || file.Header.Type is not (NpyType.Boolean or NpyType.UInt8 or NpyType.UInt32))
        {
            throw new DatamodelException(
                "StoreArrayUnexpected", ErrorKind.InvalidData,
                $"'{path}' holds {file.Header}; expected bool, uint8 or uint32 [models], not 0 where a model is completed.");
        }

        RequireModels(path, file.Header);
        int size = file.Header.ElementSize;
        byte[] marks = new byte[ModelCount * size];
        file.Read<byte>(0, marks);
        int[] completed =
        [
            .. Enumerable.Range(0, ModelCount).Where(model => marks.AsSpan(model * size, size).ContainsAnyExcept((byte)0)),
        ];
        return completed.Length > 0
            ? completed
            : throw new DatamodelException(
                "StoreEmpty", ErrorKind.InvalidData,
                $"None of the {ModelCount} models in '{_folder}' is completed, says '{path}'; import it once some are.");
    }
}
