using System.Runtime.InteropServices;
using Datamodels.IO;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// The rows of a run on disk: <c>subsets.npy</c> (uint8 [models, ceil(n / 8)]), <c>margins.npy</c> (float32
/// [models, targets]) and <c>completed.npy</c> (uint32 [models]: the row's mark). A mark is 0 while the row is not done,
/// else the CRC-32C of its bytes in the first two files, one behind the other, with a checksum of 0 written as 1.
/// </summary>
internal sealed class RunStore : IDisposable
{
    private const string Subsets = "subsets.npy";
    private const string Margins = "margins.npy";
    private const string Completed = "completed.npy";

    private readonly NpyFile _subsets;
    private readonly NpyFile _margins;
    private readonly NpyFile _completed;

    private RunStore(string folder, RunSpec spec, Func<string, NpyHeader, NpyFile> open)
    {
        MaskSize = Mask.ByteCount(spec.TrainCount);
        TargetCount = spec.TargetCount;
        NpyHeader[] headers = HeadersOf(spec);
        NpyFile? subsets = null;
        NpyFile? margins = null;
        try
        {
            subsets = open(Path.Combine(folder, Subsets), headers[0]);
            margins = open(Path.Combine(folder, Margins), headers[1]);
            _completed = open(Path.Combine(folder, Completed), headers[2]);
        }
        catch
        {
            subsets?.Dispose();
            margins?.Dispose();
            throw;
        }

        _subsets = subsets;
        _margins = margins;
    }

    /// <summary>The names of the files.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [Subsets, Margins, Completed];

    /// <summary>Bytes of a packed mask, ceil(n / 8).</summary>
    public int MaskSize { get; }

    /// <summary>Number of targets.</summary>
    public int TargetCount { get; }

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

    /// <summary>Opens the files; changes nothing.</summary>
    /// <exception cref="DatamodelException">A file is missing, cut short, or not of this run.</exception>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static RunStore Open(string folder, RunSpec spec, FileAccess access) =>
        new(folder, spec, (path, header) => NpyFile.Open(path, header, access));

    /// <summary>The mark of every row, <c>[models]</c>.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    public uint[] ReadMarks()
    {
        uint[] marks = new uint[_completed.Header.Shape[0]];
        _completed.Read<uint>(0, marks);
        return marks;
    }

    /// <summary>Reads a row and says whether its bytes match its mark.</summary>
    /// <param name="model">The row.</param>
    /// <param name="mark">Its mark, not 0.</param>
    /// <param name="mask">Takes the packed mask, <c>[MaskSize]</c>.</param>
    /// <param name="margins">Takes the margins, <c>[TargetCount]</c>.</param>
    /// <exception cref="IOException">Reading failed.</exception>
    public bool TryReadRow(int model, uint mark, Span<byte> mask, Span<float> margins)
    {
        _subsets.Read(model, mask);
        _margins.Read(model, margins);
        return MarkOf(mask, margins) == mark;
    }

    /// <summary>Writes a row; it is not done until it is flushed and marked.</summary>
    /// <returns>The mark it is to have.</returns>
    /// <exception cref="IOException">Writing failed.</exception>
    public uint WriteRow(int model, ReadOnlySpan<byte> mask, ReadOnlySpan<float> margins)
    {
        _subsets.Write(model, mask);
        _margins.Write(model, margins);
        return MarkOf(mask, margins);
    }

    /// <summary>Waits until all rows written are on the disk.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void FlushRows()
    {
        _subsets.FlushToDisk();
        _margins.FlushToDisk();
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
        _margins.Dispose();
        _completed.Dispose();
    }

    private static NpyHeader[] HeadersOf(RunSpec spec) =>
    [
        new NpyHeader(NpyType.UInt8, [spec.Plan.ModelCount, Mask.ByteCount(spec.TrainCount)]),
        new NpyHeader(NpyType.Single, [spec.Plan.ModelCount, spec.TargetCount]),
        new NpyHeader(NpyType.UInt32, [spec.Plan.ModelCount]),
    ];

    private static uint MarkOf(ReadOnlySpan<byte> mask, ReadOnlySpan<float> margins) =>
        Math.Max(1, Crc32C.Of(mask, MemoryMarshal.AsBytes(margins)));
}
