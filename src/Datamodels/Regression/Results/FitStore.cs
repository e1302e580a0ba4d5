using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Datamodels.IO;

namespace Datamodels.Regression;

/// <summary>
/// What a fit has computed so far, kept on disk, so that a fit that was broken off goes on where it was and a finished one is
/// there at once. It lies in a folder of its own in one for all fits: <c>fit.yaml</c> says everything the numbers depend on, and
/// <c>targets.log</c> (<see cref="RecordLog"/>) holds the targets in the order they were done. The folder's name is a hash of
/// the text of <c>fit.yaml</c>, so another fit has another folder; a target's numbers do not depend on which others are fitted,
/// so all targets share one.
/// </summary>
/// <remarks>
/// Several threads may use it at once. Takes about 100 bytes of memory a target; fitted weights are read when they are asked
/// for, to the same bits.
/// </remarks>
internal sealed class FitStore : IDisposable
{
    private const string IdentityName = "fit.yaml";
    private const string LogName = "targets.log";
    private const int KeyLength = 16;

    private readonly string _folder;
    private readonly bool _readOnly;
    private readonly RecordLog _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, LambdaChoice> _choices = [];
    private readonly Dictionary<int, long> _fits = [];

    private FitStore(string folder, string identity, string hash, FileAccess access)
    {
        _folder = folder;
        _readOnly = access == FileAccess.Read;
        byte[] header = Encoding.ASCII.GetBytes($"datamodels fit log 1 {hash}\n");
        _log = RecordLog.Open(Path.Combine(folder, LogName), access, header, Load);
        try
        {
            // After the log, which only one process can have.
            RequireIdentity(Path.Combine(folder, IdentityName), identity);
        }
        catch
        {
            _log.Dispose();
            throw;
        }
    }

    // The first byte of a record.
    private enum Kind : byte
    {
        Choice = 1,
        Fit = 2,
    }

    [Flags]
    private enum Present : byte
    {
        None = 0,
        Lambda = 1,
        HeldOutR2 = 2,
        DualityGap = 4,
        KktResidual = 8,
        Converged = 16,
        ResidualDeviation = 32,
    }

    /// <summary>Opens the store of a fit; makes it where there is none yet.</summary>
    /// <param name="path">The folder for all fits; made if it is not there.</param>
    /// <param name="identity">The text of <c>fit.yaml</c>: everything that the numbers of a target depend on.</param>
    /// <param name="reason">
    /// Why nothing that is added will be kept, as where another process fits the same or the folder cannot be written; empty
    /// where everything will be.
    /// </param>
    /// <returns>
    /// The store; with a reason, one that only gives what it holds, or null where it cannot even be read.
    /// </returns>
    /// <exception cref="DatamodelException">A file in its folder is of something else.</exception>
    public static FitStore? Open(string path, string identity, out string reason)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
        string folder = Path.Combine(path, hash[..KeyLength]);
        try
        {
            Directory.CreateDirectory(folder);
            var store = new FitStore(folder, identity, hash, FileAccess.ReadWrite);
            reason = "";
            return store;
        }
        catch (Exception e) when (IsInputOutput(e))
        {
            reason = $"The fit is not kept in '{folder}': {e.Message}";
        }

        try
        {
            return new FitStore(folder, identity, hash, FileAccess.Read);
        }
        catch (Exception e) when (IsInputOutput(e))
        {
            return null;
        }
    }

    /// <summary>The lambda chosen for a target, if it was.</summary>
    public bool TryGetChoice(int target, out LambdaChoice choice)
    {
        lock (_gate)
        {
            return _choices.TryGetValue(target, out choice);
        }
    }

    /// <summary>What was fitted for a target, if it was, and is as it was written.</summary>
    /// <exception cref="DatamodelException">Reading failed.</exception>
    public bool TryGetFit(int target, [NotNullWhen(true)] out FittedTarget? fit)
    {
        long offset;
        lock (_gate)
        {
            if (!_fits.TryGetValue(target, out offset))
            {
                fit = null;
                return false;
            }
        }

        try
        {
            fit = _log.Read(offset) is byte[] record ? ReadFit(record) : null;
            return fit is not null;
        }
        catch (IOException e)
        {
            throw new DatamodelException(
                "FitNotReadable", ErrorKind.InputOutput,
                $"The fit kept in '{_folder}' cannot be read: {e.Message.TrimEnd('.')}. Check its disk, or move the folder away "
                + "to fit again.", e);
        }
    }

    /// <summary>Keeps the lambda chosen for a target; nothing where <see cref="Open"/> gave a reason.</summary>
    /// <exception cref="DatamodelException">Writing failed; what was added before is kept.</exception>
    public void Add(int target, LambdaChoice choice)
    {
        if (_readOnly)
        {
            return;
        }

        _log.Append(Record(Kind.Choice, target, writer =>
        {
            writer.Write(choice.Lambda);
            writer.Write(choice.HeldOutR2);
            writer.Write(choice.Converged);
        }));
        lock (_gate)
        {
            _choices[target] = choice;
        }
    }

    /// <summary>Keeps what was fitted for a target; nothing where <see cref="Open"/> gave a reason.</summary>
    /// <exception cref="DatamodelException">Writing failed; what was added before is kept.</exception>
    public void Add(int target, FittedTarget fit)
    {
        if (_readOnly)
        {
            return;
        }

        long offset = _log.Append(Record(Kind.Fit, target, writer =>
        {
            Present present = (fit.Lambda is null ? 0 : Present.Lambda)
                | (fit.HeldOutR2 is null ? 0 : Present.HeldOutR2)
                | (fit.DualityGap is null ? 0 : Present.DualityGap)
                | (fit.KktResidual is null ? 0 : Present.KktResidual)
                | (fit.Converged ? Present.Converged : 0)
                | (fit.ResidualDeviation is null ? 0 : Present.ResidualDeviation);
            writer.Write((byte)present);
            writer.Write(fit.Bias);
            writer.Write(fit.Lambda ?? 0);
            writer.Write(fit.HeldOutR2 ?? 0);
            writer.Write(fit.DualityGap ?? 0);
            writer.Write(fit.KktResidual ?? 0);
            writer.Write(fit.ResidualDeviation ?? 0);
            writer.Write(fit.Examples.Length);
            writer.Write(MemoryMarshal.AsBytes<int>(fit.Examples));
            writer.Write(MemoryMarshal.AsBytes<double>(fit.Weights));
        }));
        lock (_gate)
        {
            _fits[target] = offset;
        }
    }

    /// <summary>Waits until everything that was added is on the device, and lets go of the files.</summary>
    public void Dispose() => _log.Dispose();

    private static bool IsInputOutput(Exception e) =>
        e is IOException or UnauthorizedAccessException or DatamodelException { Kind: ErrorKind.InputOutput };

    private static byte[] Record(Kind kind, int target, Action<BinaryWriter> write)
    {
        using var record = new MemoryStream();
        using var writer = new BinaryWriter(record);
        writer.Write((byte)kind);
        writer.Write(target);
        write(writer);
        writer.Flush();
        return record.ToArray();
    }

    private static FittedTarget ReadFit(byte[] record)
    {
        using var reader = new BinaryReader(new MemoryStream(record));
        reader.ReadByte();
        reader.ReadInt32();
        var present = (Present)reader.ReadByte();
        double bias = reader.ReadDouble();
        double? lambda = Number(Present.Lambda);
        double? heldOutR2 = Number(Present.HeldOutR2);
        double? dualityGap = Number(Present.DualityGap);
        double? kktResidual = Number(Present.KktResidual);
        double? residualDeviation = Number(Present.ResidualDeviation);
        int[] examples = new int[reader.ReadInt32()];
        double[] weights = new double[examples.Length];
        reader.ReadExactly(MemoryMarshal.AsBytes(examples.AsSpan()));
        reader.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
        return new FittedTarget(
            examples, weights, bias, lambda, heldOutR2, dualityGap, kktResidual, present.HasFlag(Present.Converged))
        {
            ResidualDeviation = residualDeviation,
        };

        double? Number(Present flag)
        {
            double value = reader.ReadDouble();
            return present.HasFlag(flag) ? value : null;
        }
    }

    private void Load(long offset, byte[] record)
    {
        using var reader = new BinaryReader(new MemoryStream(record));
        var kind = (Kind)reader.ReadByte();
        int target = reader.ReadInt32();
        if (kind == Kind.Choice)
        {
            _choices[target] = new LambdaChoice(reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());
        }
        else
        {
            _fits[target] = offset;
        }
    }

    private void RequireIdentity(string path, string identity)
    {
        if (!_readOnly && !File.Exists(path))
        {
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(identity)));
        }
        else if (File.ReadAllText(path) != identity)
        {
            throw new DatamodelException(
                "FitStoreForeign", ErrorKind.Conflict,
                $"'{path}' is of another fit than the one that its folder is for: it was changed, or its folder was renamed. "
                + $"Move '{_folder}' away; it is then made anew.");
        }
    }
}
