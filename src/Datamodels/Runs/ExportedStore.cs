using System.Runtime.InteropServices;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// Writes the rows of a run as a folder of NumPy files as MadryLab/datamodels makes them, which <see cref="ImportedStore"/>
/// reads. The folder is made under another name and gets its own last, so that it is there whole or not at all.
/// </summary>
internal static class ExportedStore
{
    private const string Masks = "masks.npy";
    private const string Completed = "_completed.npy";

    // Bytes of rows that are taken at once, unless one row is more.
    private const int Block = 1 << 22;

    /// <summary>Writes a store.</summary>
    /// <param name="folder">The folder, absolute; replaced where it is a store.</param>
    /// <param name="rows">The rows, at least one.</param>
    /// <param name="modelCount">Number of models, those without a row included.</param>
    /// <param name="type">Type of the outputs in the file.</param>
    /// <param name="progress">Told at most five times a second.</param>
    /// <param name="cancellation">Stops; nothing is left behind.</param>
    /// <exception cref="DatamodelException">
    /// The folder holds something else; writing failed; an output is beyond the range of the type.
    /// </exception>
    public static void Write(
        string folder, IRunRows rows, int modelCount, NpyType type, IProgress<WorkProgress>? progress,
        CancellationToken cancellation)
    {
        RequireReplaceable(folder);
        string unfinished = UnfinishedOf(folder);
        RequireReplaceable(unfinished);
        try
        {
            Delete(unfinished);
            Directory.CreateDirectory(unfinished);
            WriteRows(unfinished, rows, modelCount, type, progress, cancellation);
            WriteCompleted(unfinished, rows, modelCount);
            cancellation.ThrowIfCancellationRequested();
            Rename(unfinished, folder);
        }
        catch (Exception e)
        {
            Discard(unfinished);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new DatamodelException(
                    "StoreNotWritten", ErrorKind.InputOutput,
                    $"The store '{folder}' could not be written: {e.Message.TrimEnd('.')}. Check the free space and the "
                    + "permissions of the folder that it is in, then try again.", e);
            }

            throw;
        }
    }

    /// <summary>Whether writing to a folder replaces another, by its name or by that of what a kill may have left.</summary>
    public static bool Replaces(string folder, string other) => new[] { folder, UnfinishedOf(folder), ReplacedOf(folder) }
        .Contains(other, OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>Makes sure that there is nothing at a path that would be lost but a store.</summary>
    /// <returns>Whether there is a store, or a part of one.</returns>
    /// <exception cref="DatamodelException">
    /// There is a file, or a folder with other things in it, or one that cannot be read.
    /// </exception>
    public static bool RequireReplaceable(string folder)
    {
        string[] entries = File.Exists(folder) ? [folder] : EntriesOf(folder);
        if (entries.FirstOrDefault(entry => !IsOwn(entry)) is string other)
        {
            throw new DatamodelException(
                "StoreFolderForeign", ErrorKind.Conflict,
                $"'{folder}' is no store of models: '{Path.GetFileName(other)}' is none of its files. It is never "
                + "replaced; choose another folder.");
        }

        return entries.Length > 0;
    }

    private static string UnfinishedOf(string folder) => folder + ".writing";

    private static string ReplacedOf(string folder) => folder + ".replaced";

    private static string[] EntriesOf(string folder)
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "StoreFolderNotReadable", ErrorKind.InputOutput,
                $"What is in the folder '{folder}' cannot be told: {e.Message.TrimEnd('.')}. Check its permissions, or choose "
                + "another folder.", e);
        }
    }

    // Never the packed masks and the marks of a run.
    private static bool IsOwn(string path) =>
        File.Exists(path) && (Path.GetFileName(path) is Masks or Completed || IsOutput(Path.GetFileName(path)));

    private static bool IsOutput(string name) =>
        Enum.GetValues<OutputKind>().Any(output => output != OutputKind.Logits && name == RunStore.OutputName(output));

    private static void WriteRows(
        string folder, IRunRows rows, int modelCount, NpyType type, IProgress<WorkProgress>? progress,
        CancellationToken cancellation)
    {
        int n = rows.TrainCount;
        int targets = rows.TargetCount;
        int stride = Mask.ByteCount(n);
        using NpyFile maskFile = NpyFile.Create(Path.Combine(folder, Masks), new NpyHeader(NpyType.Boolean, [modelCount, n]));
        using NpyFile outputFile = NpyFile.Create(
            Path.Combine(folder, RunStore.OutputName(rows.Output)), new NpyHeader(type, [modelCount, targets]));
        var meter = new ProgressMeter(progress, "Exporting", rows.Count);
        int blockRows = Math.Clamp(Block / (stride + (targets * sizeof(double))), 1, rows.Count);
        byte[] masks = new byte[blockRows * stride];
        double[] outputs = new double[blockRows * targets];
        byte[] bytes = new byte[n];
        byte[] numbers = new byte[targets * outputFile.Header.ElementSize];
        for (int first = 0; first < rows.Count; first += blockRows)
        {
            int count = Math.Min(blockRows, rows.Count - first);
            rows.ReadMasks(first, count, masks.AsSpan(0, count * stride));
            rows.ReadOutputs(first, count, 0, targets, outputs.AsSpan(0, count * targets));
            for (int row = 0; row < count; row++)
            {
                cancellation.ThrowIfCancellationRequested();
                int model = rows.ModelOf(first + row);
                for (int i = 0; i < n; i++)
                {
                    bytes[i] = (byte)((masks[(row * stride) + (i >> 3)] >> (i & 7)) & 1);
                }

                maskFile.Write<byte>(model, bytes);
                ReadOnlySpan<double> values = outputs.AsSpan(row * targets, targets);
                if (Convert(values, type, numbers) is >= 0 and int target)
                {
                    throw OutOfRange(values[target], model, target);
                }

                outputFile.Write<byte>(model, numbers);
            }

            meter.Report(first + count);
        }

        maskFile.FlushToDisk();
        outputFile.FlushToDisk();
    }

    private static void WriteCompleted(string folder, IRunRows rows, int modelCount)
    {
        byte[] completed = new byte[modelCount];
        for (int row = 0; row < rows.Count; row++)
        {
            completed[rows.ModelOf(row)] = 1;
        }

        using NpyFile file = NpyFile.Create(Path.Combine(folder, Completed), new NpyHeader(NpyType.Boolean, [modelCount]));
        file.Write<byte>(0, completed);
        file.FlushToDisk();
    }

    /// <summary>Numbers as they are stored; the place of the first that is finite and would not be, or -1.</summary>
    private static int Convert(ReadOnlySpan<double> values, NpyType type, Span<byte> bytes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            switch (type)
            {
                case NpyType.Half:
                    var half = (Half)values[i];
                    if (Half.IsInfinity(half) && double.IsFinite(values[i]))
                    {
                        return i;
                    }

                    MemoryMarshal.Cast<byte, Half>(bytes)[i] = half;
                    break;
                case NpyType.Single:
                    MemoryMarshal.Cast<byte, float>(bytes)[i] = (float)values[i];
                    break;
                default:
                    MemoryMarshal.Cast<byte, double>(bytes)[i] = values[i];
                    break;
            }
        }

        return -1;
    }

    private static DatamodelException OutOfRange(double value, int model, int target) => new(
        "OutputBeyondHalf", ErrorKind.InvalidArgument,
        FormattableString.Invariant($"The output of model {model} on target {target} is {value:g6}; float16 holds ")
        + "at most 65504 either way. Export without half precision.");

    // Until the new one has the name, the old one is there.
    private static void Rename(string unfinished, string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.Move(unfinished, folder);
            return;
        }

        string replaced = ReplacedOf(folder);
        RequireReplaceable(replaced);
        Delete(replaced);
        Directory.Move(folder, replaced);
        try
        {
            Directory.Move(unfinished, folder);
        }
        catch
        {
            Directory.Move(replaced, folder);
            throw;
        }

        Delete(replaced);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Discard(string folder)
    {
        try
        {
            Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What went wrong first is what matters; the leftover's name says what it is.
        }
    }
}
