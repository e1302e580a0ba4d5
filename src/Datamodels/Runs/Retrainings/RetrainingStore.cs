using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// The outputs of models that were trained again, kept in the folder <c>retrained</c> of their run: one log
/// (<see cref="RecordLog"/>) for each engine and output, with a record for each model of the key of its training and the
/// outputs that were wanted.
/// </summary>
/// <remarks>
/// Takes about 60 bytes of memory a record. One process at a time writes; another that trains the same keeps nothing, as where
/// the folder cannot be written.
/// </remarks>
internal sealed class RetrainingStore : IDisposable
{
    private const int KeySize = 16;

    private readonly string _path;
    private readonly bool _readOnly;
    private readonly Dictionary<UInt128, long> _offsets = [];
    private readonly RecordLog _log;

    private RetrainingStore(string path, byte[] header, FileAccess access)
    {
        _path = path;
        _readOnly = access == FileAccess.Read;
        _log = RecordLog.Open(
            path, access, header,
            (offset, record) => _offsets[BinaryPrimitives.ReadUInt128LittleEndian(record)] = offset);
    }

    /// <summary>Opens the store of a run; makes it where there is none yet.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="engine">Name of the engine that trains.</param>
    /// <param name="output">What is observed.</param>
    /// <returns>The store; one that only gives what it holds where it cannot be written, null where it cannot be read.</returns>
    /// <exception cref="DatamodelException">The file is of something else.</exception>
    public static RetrainingStore? Open(string run, string engine, OutputKind output)
    {
        string folder = Path.Combine(run, "retrained");
        string path = Path.Combine(folder, $"{engine}-{output}.log");
        byte[] header = Encoding.UTF8.GetBytes($"datamodels retraining log 1 {engine} {output}\n");
        try
        {
            Directory.CreateDirectory(folder);
            return new RetrainingStore(path, header, FileAccess.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Held by another process, or in a folder that is not ours to write.
        }

        try
        {
            return new RetrainingStore(path, header, FileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// All that a model's outputs depend on beside run, engine and output: which examples with which labels, the seed, and
    /// which targets are wanted; the first 16 bytes of its SHA-256.
    /// </summary>
    public static UInt128 KeyOf(Mask mask, TrainingChange change, ulong seed)
    {
        LabelOverride[] relabelled = [.. change.Relabelled.OrderBy(relabel => relabel.Example)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<ulong>(new[] { seed }));
        hash.AppendData(MemoryMarshal.AsBytes<int>(new[] { mask.Length, relabelled.Length, change.Targets?.Count ?? -1 }));
        hash.AppendData(mask.Bytes);
        hash.AppendData(MemoryMarshal.AsBytes<LabelOverride>(relabelled));
        hash.AppendData(MemoryMarshal.AsBytes(change.Targets is null ? [] : change.Targets.AsSpan()));
        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }

    /// <summary>Reads the outputs of a model, if they are there and as they were written.</summary>
    public bool TryRead(UInt128 key, Span<float> outputs)
    {
        try
        {
            if (!_offsets.TryGetValue(key, out long offset)
                || _log.Read(offset) is not { } record
                || record.Length != KeySize + (sizeof(float) * outputs.Length))
            {
                return false;
            }

            record.AsSpan(KeySize).CopyTo(MemoryMarshal.AsBytes(outputs));
            return true;
        }
        catch (IOException e)
        {
            throw new DatamodelException(
                "RetrainingNotReadable", ErrorKind.InputOutput,
                $"'{_path}' cannot be read: {e.Message.TrimEnd('.')}. Check its disk, or move the file away to train again.", e);
        }
    }

    /// <summary>Keeps the outputs of a model; nothing where the store cannot be written.</summary>
    /// <exception cref="DatamodelException">Writing failed; what was added before is kept.</exception>
    public void Add(UInt128 key, ReadOnlySpan<float> outputs)
    {
        if (_readOnly)
        {
            return;
        }

        byte[] record = new byte[KeySize + (sizeof(float) * outputs.Length)];
        BinaryPrimitives.WriteUInt128LittleEndian(record, key);
        MemoryMarshal.AsBytes(outputs).CopyTo(record.AsSpan(KeySize));
        _offsets[key] = _log.Append(record);
    }

    /// <summary>Waits until everything that was added is on the device, and lets go of the file.</summary>
    public void Dispose() => _log.Dispose();
}
