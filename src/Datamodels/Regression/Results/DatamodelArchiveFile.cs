using System.IO.Compression;
using System.Runtime.InteropServices;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>
/// An open file of datamodels (<see cref="DatamodelArchive"/>), checked whole: everything but the weights is in memory.
/// </summary>
internal sealed class DatamodelArchiveFile : IDisposable
{
    private const int Block = 1 << 20;

    private static readonly string[] s_names =
    [
        "weight", "bias", "lam", "target", "label", "held_out_r2", "duality_gap", "kkt_residual", "residual_deviation",
        "converged", "fit", "fits", "run",
    ];

    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly int _trainCount;
    private readonly int _weightOffset;
    private readonly double[] _bias;
    private readonly double[] _lambda;
    private readonly uint[] _target;
    private readonly string[] _label;
    private readonly double[] _heldOutR2;
    private readonly double[] _dualityGap;
    private readonly double[] _kktResidual;
    private readonly double[] _residualDeviation;
    private readonly bool[] _converged;
    private readonly uint[] _fit;
    private readonly FitText[] _fits;
    private readonly string _run;

    private DatamodelArchiveFile(
        string path, ZipArchive archive, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        _path = path;
        _archive = archive;
        foreach (string name in s_names)
        {
            RequireEntry(name);
        }

        (NpyHeader header, _weightOffset) = WeightHeader();
        _trainCount = (int)header.Shape[0];
        long targets = header.Shape[1];
        _bias = Vector<double>("bias", NpyType.Double, targets);
        _lambda = Vector<double>("lam", NpyType.Double, targets);
        _target = Vector<uint>("target", NpyType.UInt32, targets);
        _label = Texts("label", targets);
        _heldOutR2 = Vector<double>("held_out_r2", NpyType.Double, targets);
        _dualityGap = Vector<double>("duality_gap", NpyType.Double, targets);
        _kktResidual = Vector<double>("kkt_residual", NpyType.Double, targets);
        _residualDeviation = Vector<double>("residual_deviation", NpyType.Double, targets);
        _converged = Array.ConvertAll(Vector<byte>("converged", NpyType.Boolean, targets), value => value != 0);
        _fit = Vector<uint>("fit", NpyType.UInt32, targets);
        _fits = [.. Texts("fits", null).Select((text, i) => FitText.Read(text, $"{path}, fits[{i}]"))];
        _run = Texts("run", 1)[0];
        RequireValues();
        CheckWeights(progress, cancellation);
    }

    /// <summary>Opens a file and checks it.</summary>
    /// <exception cref="DatamodelException">It is not there, cannot be read, is damaged, or is another.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static DatamodelArchiveFile Open(
        string path, IProgress<WorkProgress>? progress, CancellationToken cancellation) => Guard(path, () =>
    {
        ZipArchive archive = ZipFile.OpenRead(path);
        try
        {
            return new DatamodelArchiveFile(path, archive, progress, cancellation);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    });

    /// <summary>Opens the run where it was when the file was written.</summary>
    /// <exception cref="DatamodelException">It is not there, or was trained elsewhere, or cannot be opened.</exception>
    public SubsetTraining OpenRun() => RunFolder.Exists(_run)
        ? SubsetTraining.Open(_run)
        : throw new DatamodelException(
            "RunNotFound", ErrorKind.NotFound,
            $"The datamodels in '{_path}' are of '{_run}', and there is no run any more. Give the run where it is now as "
            + "Training: from Get-SubsetTraining, or from Import-SubsetTraining where another program has trained the models.");

    /// <summary>Makes sure that a run is the one that the datamodels were fitted to.</summary>
    /// <param name="training">The run.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DatamodelException">It is another, or cannot be read.</exception>
    public void RequireRun(SubsetTraining training, CancellationToken cancellation)
    {
        if (training.TrainCount != _trainCount || _target.Any(target => target >= training.TargetCount))
        {
            throw Differs(
                training, $"it has {training.TrainCount} training examples and {training.TargetCount} targets, the file weights "
                + $"of {_trainCount} training examples and targets up to {_target.Max()}");
        }

        foreach (FitText fit in _fits)
        {
            string found = training.FingerprintOf(fit.Output, fit.Rows.Models.AsSpan(), cancellation);
            if (found != fit.Rows.Fingerprint)
            {
                throw Differs(
                    training, $"of the {fit.Rows.Models.Count} models that they were fitted to, some are not completed there or "
                    + "are others");
            }
        }
    }

    /// <summary>The datamodels, as datamodels of a run.</summary>
    /// <param name="training">The run.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DatamodelException">Reading failed.</exception>
    public IEnumerable<Datamodel> Read(SubsetTraining training, CancellationToken cancellation)
    {
        FitText[] fits = Array.ConvertAll(_fits, fit => fit with
        {
            // What a run gives by itself is not asked for.
            Options = fit.Output == training.Spec.Observation.OutputFor(null)
                ? fit.Options
                : fit.Options with { Output = fit.Output },
        });
        using Stream stream = Guard(_path, () => OpenAt("weight", _weightOffset));
        double[] column = new double[_trainCount];
        for (int i = 0; i < _target.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Guard(_path, () =>
            {
                stream.ReadExactly(MemoryMarshal.AsBytes(column.AsSpan()));
                return column.All(double.IsFinite) ? true : throw Foreign("has a weight that is not a finite number");
            });
            FitText fit = fits[_fit[i]];
            FittedTarget numbers = FittedTarget.FromDense(column, _bias[i]) with
            {
                Lambda = _lambda[i] == 0 ? null : _lambda[i],
                HeldOutR2 = NumberOf(_heldOutR2[i]),
                DualityGap = NumberOf(_dualityGap[i]),
                KktResidual = NumberOf(_kktResidual[i]),
                ResidualDeviation = NumberOf(_residualDeviation[i]),
                Converged = _converged[i],
            };
            yield return Datamodel.Of(training, fit.Rows, fit.Output, fit.Options, (int)_target[i], _label[i], numbers);
        }

        static double? NumberOf(double value) => double.IsNaN(value) ? null : value;
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new DatamodelException(
                "ArchiveDamaged", ErrorKind.InvalidData,
                $"'{path}' is cut short or damaged, or no NumPy archive (.npz) at all: {e.Message.TrimEnd('.')}. "
                + "Copy it again, or write it anew with Export-Datamodel.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatamodelException(
                "ArchiveNotFound", ErrorKind.NotFound, $"There is no file '{path}'; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "ArchiveNotReadable", ErrorKind.InputOutput,
                $"'{path}' cannot be read: {e.Message.TrimEnd('.')}. Check its permissions and the disk.", e);
        }
    }

    private DatamodelException Differs(SubsetTraining training, string how) => new(
        "RunDiffers", ErrorKind.Conflict,
        $"The run in '{training.Path}' is not the one that the datamodels in '{_path}' were fitted to, which was in "
        + $"'{_run}': {how}. Give that run as Training.");

    private DatamodelException Foreign(string what) => new(
        "ArchiveForeign", ErrorKind.InvalidData,
        $"'{_path}' {what}; expected a file that Export-Datamodel wrote, with the arrays {string.Join(", ", s_names)}. Write it "
        + "with the Export-Datamodel of this version.");

    private ZipArchiveEntry RequireEntry(string name) =>
        _archive.GetEntry(name + ".npy") ?? throw Foreign($"has no array '{name}'");

    private string PlaceOf(string name) => $"{_path}, {name}";

    private Stream OpenAt(string name, int offset)
    {
        Stream stream = RequireEntry(name).Open();
        stream.ReadExactly(new byte[offset]);
        return stream;
    }

    private (NpyHeader Header, int Offset) WeightHeader()
    {
        ZipArchiveEntry entry = RequireEntry("weight");
        using Stream stream = entry.Open();
        (NpyHeader header, long offset) = NpyHeader.Read(stream, entry.Length, PlaceOf("weight"), fortranOrder: true);
        if (header.Type != NpyType.Double || header.Shape.Count != 2 || header.Shape.Any(length => length is < 1 or > 1 << 30)
            || (Int128)header.Shape[0] * header.RowSize != entry.Length - offset)
        {
            throw Foreign($"has weights of {header} in {entry.Length - offset} bytes, not float64 [train, targets] in as many");
        }

        return (header, (int)offset);
    }

    private T[] Vector<T>(string name, NpyType type, long count)
        where T : unmanaged
    {
        byte[] bytes = ReadWhole(name);
        (NpyHeader header, long offset) = NpyHeader.Read(new MemoryStream(bytes), PlaceOf(name));
        var expected = new NpyHeader(type, [count]);
        return header == expected && bytes.Length == offset + expected.DataSize
            ? MemoryMarshal.Cast<byte, T>(bytes.AsSpan((int)offset)).ToArray()
            : throw Foreign($"has {header} as '{name}', in {bytes.Length - offset} bytes, not {expected}");
    }

    private string[] Texts(string name, long? count)
    {
        string[] texts = NpyText.Read(ReadWhole(name), PlaceOf(name));
        return texts.Length == (count ?? texts.Length)
            ? texts
            : throw Foreign($"has {texts.Length} texts as '{name}', not {count}");
    }

    private byte[] ReadWhole(string name)
    {
        ZipArchiveEntry entry = RequireEntry(name);
        if (entry.Length > Array.MaxLength)
        {
            throw Foreign($"has {entry.Length} bytes as '{name}', which is far too much");
        }

        byte[] bytes = new byte[entry.Length];
        using Stream stream = entry.Open();
        stream.ReadExactly(bytes);
        Crc32 checksum = default;
        checksum.Append(bytes);
        RequireChecksum(entry, checksum);
        return bytes;
    }

    // ZipArchive does not look at it.
    private static void RequireChecksum(ZipArchiveEntry entry, Crc32 checksum)
    {
        if (checksum.Value != entry.Crc32)
        {
            throw new InvalidDataException($"the checksum of {entry.FullName} is wrong");
        }
    }

    private void RequireValues()
    {
        if (_fit.Any(fit => fit >= _fits.Length))
        {
            throw Foreign($"has a target of the fit {_fit.Max()}, and {_fits.Length} fits, counted from 0");
        }

        if (_bias.Any(bias => !double.IsFinite(bias)))
        {
            throw Foreign("has a bias that is not a finite number");
        }
    }

    private void CheckWeights(IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        ZipArchiveEntry entry = RequireEntry("weight");
        var meter = new ProgressMeter(progress, SubsetTraining.Checking, entry.Length);
        using Stream stream = OpenAt("weight", 0);
        byte[] block = new byte[Block];
        Crc32 checksum = default;
        long done = 0;
        for (int read; (read = stream.Read(block)) > 0; done += read)
        {
            cancellation.ThrowIfCancellationRequested();
            checksum.Append(block.AsSpan(0, read));
            meter.Report(done);
        }

        RequireChecksum(entry, checksum);
        meter.Report(done);
    }
}
