using System.Runtime.InteropServices;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// The rows of a run on disk: <c>subsets.npy</c> (uint8 [models, ceil(n / 8)]), the outputs, in <c>margins.npy</c> or another
/// file named for them (float32 [models, targets], or [models, targets, classes] for logits), and <c>completed.npy</c> (uint32
/// [models]: the row's mark). A mark is 0 while the row is not done, else the CRC-32C of its bytes in the first two files,
/// one behind the other, with a checksum of 0 written as 1.
/// </summary>
internal sealed class RunStore : IRowFiles
{
    private const string Subsets = "subsets.npy";
    private const string Completed = "completed.npy";

    // Bytes of rows that are checked at once, unless one row is more.
    private const int CheckedBlock = 1 << 22;

    // A file that is being made longer is looked at again.
    private const int Attempts = 3;

    private readonly int _models;
    private readonly NpyFile _subsets;
    private readonly NpyFile _outputs;
    private readonly NpyFile _completed;

    private RunStore(string folder, RunSpec spec, Func<string, NpyHeader, NpyFile> open)
    {
        _models = spec.Plan.ModelCount;
        MaskSize = Mask.ByteCount(spec.TrainCount);
        OutputCount = spec.OutputCount;
        NpyHeader[] headers = HeadersOf(spec);
        NpyFile? subsets = null;
        NpyFile? outputs = null;
        try
        {
            subsets = open(Path.Combine(folder, Subsets), headers[0]);
            outputs = open(Path.Combine(folder, OutputName(spec.Observation.Output)), headers[1]);
            _completed = open(Path.Combine(folder, Completed), headers[2]);
        }
        catch
        {
            subsets?.Dispose();
            outputs?.Dispose();
            throw;
        }

        _subsets = subsets;
        _outputs = outputs;
    }

    /// <summary>The names that files of rows can have, whatever the output.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        [Subsets, .. Enum.GetValues<OutputKind>().Select(OutputName), Completed];

    /// <summary>The names of the files of a run.</summary>
    public static IReadOnlyList<string> FileNamesOf(RunSpec spec) =>
        [Subsets, OutputName(spec.Observation.Output), Completed];

    /// <summary>Bytes of a packed mask, ceil(n / 8).</summary>
    public int MaskSize { get; }

    /// <summary>Numbers recorded of each model.</summary>
    public int OutputCount { get; }

    /// <summary>The name of the file of outputs.</summary>
    public static string OutputName(OutputKind output) => output switch
    {
        OutputKind.Margin => "margins.npy",
        OutputKind.LogSumExpMargin => "log-sum-exp-margins.npy",
        OutputKind.Correctness => "correctness.npy",
        OutputKind.Loss => "losses.npy",
        OutputKind.Probability => "probabilities.npy",
        OutputKind.Logits => "logits.npy",
        _ => throw new ArgumentOutOfRangeException(nameof(output), output, null),
    };

    /// <summary>Bytes that a run takes in these files.</summary>
    public static long SizeOf(RunSpec spec) => HeadersOf(spec).Sum(header => header.ToBytes().Length + header.DataSize);

    /// <summary>Whether any row is marked as done in the files of a folder, whole or not; false where there are none.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    public static bool HoldsMarks(string folder)
    {
        string path = Path.Combine(folder, Completed);
        return File.Exists(path) && File.ReadAllBytes(path).Skip(NpyHeader.Alignment * 2).Any(b => b != 0);
    }

    /// <summary>Makes the files at full size with no row done.</summary>
    /// <exception cref="IOException">A file exists, the disk is too small, or writing failed.</exception>
    public static RunStore Create(string folder, RunSpec spec) => new(folder, spec, NpyFile.Create);

    /// <summary>Opens the files, which may hold more rows than the run; changes nothing.</summary>
    /// <exception cref="DatamodelException">A file is missing, cut short, or not of this run.</exception>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static RunStore Open(string folder, RunSpec spec, FileAccess access)
    {
        NpyRows rows = NpyRows.AtLeast;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new RunStore(folder, spec, (path, header) => NpyFile.Open(path, header, access, rows));
            }
            catch (DatamodelException) when (attempt < Attempts)
            {
                rows = RunFolder.IsGrowing(folder) ? NpyRows.Growing : NpyRows.AtLeast;
            }
        }
    }

    /// <summary>Opens the files to make them longer, which another process may have begun and not ended.</summary>
    /// <exception cref="DatamodelException">A file is cut short, or not of this run.</exception>
    /// <exception cref="IOException">A file is missing or cannot be opened.</exception>
    public static RunStore OpenToGrow(string folder, RunSpec spec) =>
        new(folder, spec, (path, header) => NpyFile.Open(path, header, FileAccess.ReadWrite, NpyRows.Growing));

    /// <summary>Bytes that <see cref="Reserve"/> takes.</summary>
    public long SizeToGrow(RunSpec grown) => Math.Max(0, SizeOf(grown) - Files.Sum(file => file.Length));

    /// <summary>Makes room for the models of a larger run.</summary>
    /// <exception cref="IOException">Writing failed; <see cref="Trim"/> takes back what was written.</exception>
    public void Reserve(RunSpec grown)
    {
        foreach (NpyFile file in Files)
        {
            file.Reserve(grown.Plan.ModelCount);
        }
    }

    /// <summary>Makes the files as long as they say.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void Trim()
    {
        foreach (NpyFile file in Files)
        {
            file.Trim();
        }
    }

    /// <summary>Gives the files the models of a larger run, none of them done, once there is room for them.</summary>
    /// <exception cref="IOException">Writing failed; what is written holds this run as before.</exception>
    public void SetModels(RunSpec grown)
    {
        foreach (NpyFile file in Files.Where(file => file.Header.Shape[0] < grown.Plan.ModelCount))
        {
            file.SetRows(grown.Plan.ModelCount);
        }
    }

    /// <summary>The mark of every row, <c>[models]</c>.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    public uint[] ReadMarks()
    {
        uint[] marks = new uint[_models];
        _completed.Read<uint>(0, marks);
        return marks;
    }

    /// <summary>Whether a row is marked as done now, and matches its mark.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    public bool IsDone(int model)
    {
        uint mark = 0;
        _completed.Read(model, new Span<uint>(ref mark));
        return mark != 0 && TryReadRow(model, mark, new byte[MaskSize], new float[OutputCount]);
    }

    /// <summary>Reads a row and says whether its bytes match its mark.</summary>
    /// <param name="model">The row.</param>
    /// <param name="mark">Its mark, not 0.</param>
    /// <param name="mask">Takes the packed mask, <c>[MaskSize]</c>.</param>
    /// <param name="outputs">Takes the outputs, <c>[OutputCount]</c>.</param>
    /// <exception cref="IOException">Reading failed.</exception>
    public bool TryReadRow(int model, uint mark, Span<byte> mask, Span<float> outputs)
    {
        _subsets.Read(model, mask);
        _outputs.Read(model, outputs);
        return MarkOf(mask, outputs) == mark;
    }

    /// <summary>Which of the rows with a mark other than 0 match it, ascending.</summary>
    /// <param name="marks">Their marks, <c>[models]</c>.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="IOException">Reading failed.</exception>
    /// <remarks>Reads everything once and takes a block of 4 MiB, or of one row.</remarks>
    public List<int> FindWhole(ReadOnlySpan<uint> marks, CancellationToken cancellation)
    {
        var whole = new List<int>();
        int blockRows = Math.Clamp(CheckedBlock / (MaskSize + (OutputCount * sizeof(float))), 1, _models);
        byte[] masks = new byte[blockRows * MaskSize];
        float[] outputs = new float[blockRows * OutputCount];
        for (int first = 0; first < _models; first += blockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(blockRows, _models - first);
            if (!marks.Slice(first, rows).ContainsAnyExcept(0u))
            {
                continue;
            }

            _subsets.Read(first, masks.AsSpan(0, rows * MaskSize));
            _outputs.Read(first, outputs.AsSpan(0, rows * OutputCount));
            for (int row = 0; row < rows; row++)
            {
                uint mark = marks[first + row];
                if (mark != 0 && mark == MarkOf(
                    masks.AsSpan(row * MaskSize, MaskSize), outputs.AsSpan(row * OutputCount, OutputCount)))
                {
                    whole.Add(first + row);
                }
            }
        }

        return whole;
    }

    /// <inheritdoc/>
    public void ReadMasks(int firstModel, int modelCount, Span<byte> masks) => _subsets.Read(firstModel, masks);

    /// <inheritdoc/>
    public void ReadOutputs(int firstModel, int modelCount, int firstOutput, int outputCount, Span<double> outputs) =>
        NpyNumbers.Read(_outputs, firstModel, modelCount, firstOutput, outputCount, outputs);

    /// <summary>Writes a row; it is not done until it is flushed and marked.</summary>
    /// <returns>The mark it is to have.</returns>
    /// <exception cref="IOException">Writing failed.</exception>
    public uint WriteRow(int model, ReadOnlySpan<byte> mask, ReadOnlySpan<float> outputs)
    {
        _subsets.Write(model, mask);
        _outputs.Write(model, outputs);
        return MarkOf(mask, outputs);
    }

    /// <summary>Waits until all rows written are on the disk.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void FlushRows()
    {
        _subsets.FlushToDisk();
        _outputs.FlushToDisk();
    }

    /// <summary>Marks a flushed row as done.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void Mark(int model, uint mark) => _completed.Write(model, [mark]);

    /// <summary>Waits until all marks are on the disk.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void FlushMarks() => _completed.FlushToDisk();

    /// <inheritdoc/>
    public void Dispose()
    {
        _subsets.Dispose();
        _outputs.Dispose();
        _completed.Dispose();
    }

    private NpyFile[] Files => [_subsets, _outputs, _completed];

    private static NpyHeader[] HeadersOf(RunSpec spec) =>
    [
        new NpyHeader(NpyType.UInt8, [spec.Plan.ModelCount, Mask.ByteCount(spec.TrainCount)]),
        new NpyHeader(NpyType.Single, OutputShape(spec)),
        new NpyHeader(NpyType.UInt32, [spec.Plan.ModelCount]),
    ];

    private static EquatableList<long> OutputShape(RunSpec spec) => spec.Observation.Output == OutputKind.Logits
        ? [spec.Plan.ModelCount, spec.TargetCount, spec.ClassCount]
        : [spec.Plan.ModelCount, spec.TargetCount];

    private static uint MarkOf(ReadOnlySpan<byte> mask, ReadOnlySpan<float> outputs) =>
        Math.Max(1, Crc32C.Of(mask, MemoryMarshal.AsBytes(outputs)));
}
