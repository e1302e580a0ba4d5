using System.IO.Compression;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Datamodels.Tests.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

/// <summary>What was written, read back; and everything that can be wrong with the file or its run.</summary>
public sealed class DatamodelArchiveReadTests : IDisposable
{
    private const int Train = 30;
    private const int Models = 80;
    private const int Targets = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_comes_back_to_the_bit_and_is_written_to_the_same_bytes()
    {
        SubsetTraining run = TrainRun();
        Datamodel[] written =
        [
            .. Fit(run, new FitOptions { Targets = [4, 1, 0] }),
            .. Fit(run, new FitOptions { Targets = [1, 2], Method = FitMethod.Ridge, Folds = 3, ModelCount = 60 }),
            .. Fit(run, new FitOptions { Targets = [3], Method = FitMethod.DifferenceOfMeans }),
            .. Fit(run, new FitOptions { Targets = [3], Tolerance = 1e-3, PathTolerance = 1e-15, Patience = 4, L1Ratio = 0.3 }),
        ];
        Datamodel[] read = [.. Read(Write("a", written))];

        Assert.Equal(Array.ConvertAll(written, Numbers), Array.ConvertAll(read, Numbers));
        Assert.Equal(written.Select(d => d.Warning), read.Select(d => d.Warning));
        Assert.Contains(written, d => d.Warning is not null);
        Assert.All(read, d => Assert.Equal(run.Path, d.Training.Path));
        Assert.Equal(File.ReadAllBytes(_folder.File("a.npz")), File.ReadAllBytes(Write("b", read)));

        // What the numbers do not depend on is not kept.
        Assert.Equal(written.Select(d => d.Options), read.Select(d => d.Options));
        Datamodel threaded = Fit(run, new FitOptions { Targets = [0], Threads = 1, MemoryLimit = 1 << 30 })[0];
        Assert.Equal(new FitOptions(), Read(Write("c", threaded)).Single().Options);

        static object Numbers(Datamodel d) => (
            (d.Target, d.TargetExample, d.Output, d.Label, d.Method, d.ModelCount), d.Examples, d.Weights, Bits(d.Bias),
            (Bits(d.Lambda), Bits(d.HeldOutR2), Bits(d.DualityGap), Bits(d.KktResidual), Bits(d.ResidualDeviation), d.Converged));
        static long? Bits(double? value) => value is double number ? BitConverter.DoubleToInt64Bits(number) : null;
    }

    [Fact]
    public void An_output_other_than_the_recorded_one_is_asked_for_again()
    {
        SubsetTraining run = TrainRun(output: OutputKind.Logits);
        Datamodel[] written =
        [
            .. Fit(run, new FitOptions { Targets = [0] }),
            .. Fit(run, new FitOptions { Targets = [0], Output = OutputKind.Loss }),
        ];
        Datamodel[] read = [.. Read(Write("a", written))];
        Assert.Equal([OutputKind.Margin, OutputKind.Loss], read.Select(d => d.Output));
        Assert.Equal([null, OutputKind.Loss], read.Select(d => d.Options.Output));
    }

    [Fact]
    public void A_run_may_have_been_moved_finished_and_made_larger_but_not_be_another()
    {
        SubsetTraining run = TrainRun(models: Models / 2);
        string file = Write("a", Fit(run, new FitOptions { Targets = [0, 2] }));
        TrainRun(models: Models);
        Assert.Equal(2, Read(file).Count());

        string moved = _folder.File("moved");
        Directory.Move(run.Path, moved);
        Fails("RunNotFound", run.Path, () => Read(file));
        Assert.All(Read(file, SubsetTraining.Open(moved)), d => Assert.Equal(moved, d.Training.Path));

        TrainRun(models: Models, seed: 4);
        Fails("RunDiffers", run.Path, () => Read(file));
        Fails("RunDiffers", "30 training examples and 1 targets", () => Read(file, TrainRun("small", targets: 1)));

        // Of the rows that were fitted on, one is not there any more.
        SubsetTraining fewer = TrainRun("fewer", models: 4);
        Fails("RunDiffers", fewer.Path, () => Read(file, fewer));
    }

    [Fact]
    public void Rows_that_the_fit_left_out_are_not_asked_after()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        SubsetTraining run = TrainRun(engine: new FakeEngine(), train: false);
        var stopping = new FakeEngine(trained: count => { if (count == 50) { stop.Cancel(); } });
        Assert.ThrowsAny<OperationCanceledException>(() => run.Train(stopping, cancellation: stop.Token));
        string file = Write("a", Fit(run, new FitOptions { Targets = [1], Method = FitMethod.DifferenceOfMeans }));
        int some = Read(file).Single().ModelCount;
        Assert.InRange(some, 40, Models - 1);
        run.Train(new FakeEngine(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(some, Read(file).Single().ModelCount);
    }

    [Fact]
    public void Models_trained_elsewhere_are_given_as_a_run_and_known_by_their_bytes()
    {
        RunRows rows = new PlantedRun(Train, Models, Targets, noise: 0.1).Rows;
        Save("store", rows, 0);
        SubsetTraining store = SubsetTraining.Import(_folder.File("store"), cancellation: TestContext.Current.CancellationToken);
        Datamodel[] written = Fit(store, new FitOptions { Targets = [2, 0] });
        string file = Write("a", written);
        Fails("RunNotFound", "Import-SubsetTraining", () => Read(file));
        Datamodel[] read = [.. Read(file, store)];
        Assert.Equal(written.Select(d => d.Weights), read.Select(d => d.Weights));
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Write("b", read)));

        Save("other", rows, 1);
        SubsetTraining other = SubsetTraining.Import(_folder.File("other"), cancellation: TestContext.Current.CancellationToken);
        Fails("RunDiffers", other.Path, () => Read(file, other));
    }

    [Fact]
    public void Every_damage_is_found_before_the_first_datamodel_comes_out()
    {
        string file = Write("a", Fit(TrainRun(), new FitOptions { Targets = [0, 1, 2] }));
        byte[] bytes = File.ReadAllBytes(file);
        for (int place = 0; place < bytes.Length; place += 37)
        {
            byte[] damaged = [.. bytes];
            damaged[place] ^= 0x10;
            File.WriteAllBytes(_folder.File("damaged.npz"), damaged);
            Datamodel[] read;
            try
            {
                read = [.. Read(_folder.File("damaged.npz")).Take(1)];
            }
            catch (DatamodelException)
            {
                continue;
            }

            // Times and attributes of the archive are no content.
            Assert.Equal(bytes, File.ReadAllBytes(Write("again", [.. Read(_folder.File("damaged.npz"))])));
        }

        foreach (int length in new[] { 0, 1, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(_folder.File("cut.npz"), bytes[..length]);
            Fails("ArchiveDamaged", "cut.npz", () => Read(_folder.File("cut.npz")));
        }
    }

    [Fact]
    public void Files_of_something_else_are_refused_by_what_they_lack()
    {
        string file = Write("a", Fit(TrainRun(), new FitOptions { Targets = [0, 1, 2] }));
        Fails("ArchiveNotFound", "none.npz", () => Read(_folder.File("none.npz")));
        Fails("ArchiveDamaged", "text.npz", () => Read(_folder.Write("text.npz", "not an archive")));
        Replaced("ArchiveForeign", "no array 'fits'", "fits", null);
        Replaced("ArchiveForeign", "float64 [2] as 'bias'", "bias", Vector(NpyType.Double, 0.5, 1.5));
        Replaced("ArchiveForeign", "float32 [3] as 'bias'", "bias", Vector(NpyType.Single, 1f, 2f, 3f));
        Replaced("ArchiveForeign", "bias that is not a finite", "bias", Vector(NpyType.Double, 0, double.NaN, 1));
        Replaced("ArchiveForeign", "the fit 1, and 1 fits", "fit", Vector(NpyType.UInt32, 0u, 1u, 0u));
        Replaced("RunDiffers", "targets up to 5", "target", Vector(NpyType.UInt32, 0u, 5u, 1u));
        Replaced("NpyForeign", "a.npz, label", "label", [1, 2, 3]);
        Replaced("NpyTypeUnknown", "a.npz, label", "label", Vector(NpyType.UInt32, 0u, 5u, 1u));
        Replaced("ArchiveForeign", "2 texts as 'label', not 3", "label", Texts("a", "b"));
        Replaced("YamlKeyMissing", "'output'", "fits", Texts("method: Lasso"));
        Replaced("NpyNotFortranOrder", "a.npz, weight", "weight", new NpyHeader(NpyType.Double, [30, 3]).ToBytes());
        Replaced(
            "ArchiveForeign", "float64 [30, 4]", "weight",
            new NpyHeader(NpyType.Double, [30, 4]).ToBytes(fortranOrder: true));
        Replaced(
            "ArchiveForeign", "float64 [1073741824, 1073741824]", "weight",
            new NpyHeader(NpyType.Double, [1 << 30, 1 << 30]).ToBytes(fortranOrder: true));
        string fit = FitOf(file);
        Assert.Contains($"models: 0-{Models - 1}\n", fit, StringComparison.Ordinal);
        foreach (string models in new[] { "0-2147483000", "2147483000", "5-2" })
        {
            Replaced(
                "YamlValueType", models, "fits",
                Texts(fit.Replace($"0-{Models - 1}\n", models + "\n", StringComparison.Ordinal)));
        }

        static string FitOf(string path)
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            using Stream entry = archive.GetEntry("fits.npy")!.Open();
            using var content = new MemoryStream();
            entry.CopyTo(content);
            return NpyText.Read(content.ToArray(), "fits").Single();
        }

        void Replaced(string id, string named, string array, byte[]? content)
        {
            string other = Path.Combine(Directory.CreateDirectory(_folder.File("other")).FullName, "a.npz");
            File.Copy(file, other, overwrite: true);
            using (ZipArchive archive = ZipFile.Open(other, ZipArchiveMode.Update))
            {
                archive.GetEntry(array + ".npy")!.Delete();
                if (content is not null)
                {
                    using Stream entry = archive.CreateEntry(array + ".npy").Open();
                    entry.Write(content);
                }
            }

            Fails(id, named, () => Read(other));
        }

        static byte[] Vector<T>(NpyType type, params T[] values)
            where T : unmanaged => Bytes(stream => DatamodelArrays.WriteVector(stream, type, values));
        static byte[] Texts(params string[] texts) => Bytes(stream => NpyText.Write(stream, texts));
        static byte[] Bytes(Action<Stream> write)
        {
            using var stream = new MemoryStream();
            write(stream);
            return stream.ToArray();
        }
    }

    [Fact]
    public void What_NumPy_saved_again_is_read()
    {
        string file = Write("a", Fit(TrainRun(), new FitOptions { Targets = [0, 1, 2] }));
        string again = _folder.File("again.npz");
        Python.Run("numpy", $"""
            import numpy as np
            np.savez_compressed(r'{again}', **np.load(r'{file}'))
            """);
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Write("b", [.. Read(again)])));
    }

    [Fact]
    public void It_stops_and_a_first_datamodel_needs_no_others()
    {
        string file = Write("a", Fit(TrainRun(), new FitOptions { Targets = [0, 1, 2] }));
        Assert.Throws<OperationCanceledException>(
            () => DatamodelArchive.Read(file, cancellation: new CancellationToken(canceled: true)).ToList());
        Assert.Equal(0, Read(file).First().Target);
        File.Delete(file); // nothing holds it
    }

    private static IEnumerable<Datamodel> Read(string path, SubsetTraining? training = null) =>
        DatamodelArchive.Read(path, training, cancellation: TestContext.Current.CancellationToken);

    private static Datamodel[] Fit(SubsetTraining run, FitOptions options) =>
        [.. DatamodelFit.Fit(run, options, null, TestContext.Current.CancellationToken)];

    private static void Fails(string id, string named, Func<IEnumerable<Datamodel>> read)
    {
        var exception = Assert.Throws<DatamodelException>(() => read().First());
        Assert.Equal(id, exception.Id);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    private string Write(string name, params Datamodel[] datamodels)
    {
        string path = _folder.File(name + ".npz");
        DatamodelArchive.Write(path, datamodels, TestContext.Current.CancellationToken);
        return path;
    }

    private SubsetTraining TrainRun(
        string name = "run", int models = Models, ulong seed = 3, int targets = Targets, OutputKind output = OutputKind.Margin,
        ITrainingEngine? engine = null, bool train = true)
    {
        engine ??= new CpuEngine();
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File(name), TestData.Blobs(Train, targets), new NetworkLearner { Hidden = [4], Epochs = 3, PeakEpoch = 1 },
            new SubsetPlan(seed, 0.5, models), engine.Name, new Observation { Output = output });
        if (train)
        {
            run.Train(engine, cancellation: TestContext.Current.CancellationToken);
        }

        return run;
    }

    private void Save(string name, RunRows rows, float added)
    {
        string folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        byte[] masks =
            [.. from row in Enumerable.Range(0, rows.Count) from example in Enumerable.Range(0, rows.TrainCount)
                select (byte)(rows.MaskOf(row)[example] ? 1 : 0)];
        float[] margins = [.. rows.Outputs];
        margins[0] += added;
        using NpyFile maskFile = NpyFile.Create(
            Path.Combine(folder, "masks.npy"), new NpyHeader(NpyType.Boolean, [rows.Count, rows.TrainCount]));
        maskFile.Write<byte>(0, masks);
        using NpyFile marginFile = NpyFile.Create(
            Path.Combine(folder, "margins.npy"), new NpyHeader(NpyType.Single, [rows.Count, rows.TargetCount]));
        marginFile.Write<float>(0, margins);
    }
}
