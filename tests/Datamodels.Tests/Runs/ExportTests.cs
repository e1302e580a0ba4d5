using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

/// <summary>Runs written as stores for other programs.</summary>
public sealed class ExportTests : IDisposable
{
    private const int Models = 60;
    private const int Train = 21;
    private const int Targets = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_store_holds_the_rows_and_is_fitted_like_the_run()
    {
        SubsetTraining run = Run();
        Assert.Equal(0, Export(run));
        Assert.Equal(["_completed.npy", "margins.npy", "masks.npy"], NamesIn(_folder.File("store")));
        RunRows rows = run.ReadRows();
        RunRows back = Import().ReadRows();
        Assert.Equal(rows.Models, back.Models);
        Assert.Equal(rows.MaskBytes, back.MaskBytes);
        Assert.Equal(rows.Outputs, back.Outputs);

        Datamodel[] expected = Fit(run);
        Assert.Contains(expected, datamodel => datamodel.NonzeroCount > 0);
        foreach (SubsetTraining imported in new[] { Import(), Import(run.Data) })
        {
            Datamodel[] fitted = Fit(imported);
            Assert.Equal(expected.Select(d => d.Bias), fitted.Select(d => d.Bias));
            Assert.Equal(expected.Select(d => d.Weights), fitted.Select(d => d.Weights));
            Assert.Equal(expected.Select(d => d.Lambda), fitted.Select(d => d.Lambda));
        }

        Assert.Equal(expected.Select(d => d.Label), Fit(Import(run.Data)).Select(d => d.Label));
    }

    [Fact]
    public void Only_completed_models_count_and_damaged_ones_do_not()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        SubsetTraining run = Run(new FakeEngine(), train: false);
        Assert.Equal("RunEmpty", Fails(() => Export(run)).Id);
        Assert.False(Path.Exists(_folder.File("store")));
        var engine = new FakeEngine(trained: count => { if (count == 40) { stop.Cancel(); } });
        Assert.ThrowsAny<OperationCanceledException>(() => run.Train(engine, cancellation: stop.Token));
        int[] models = run.ReadRows().Models;
        Assert.InRange(models.Length, 30, Models - 1);
        Export(run);
        Assert.Equal((Models, models.Length), (Import().ModelCount, Import().CompletedCount));
        Assert.Equal(models, Import().ReadRows().Models);

        // The last byte of the margins of a model that is done.
        int spoiled = models[^1];
        using (var file = new FileStream(Path.Combine(run.Path, "margins.npy"), FileMode.Open))
        {
            file.Position = 128 + ((((spoiled + 1) * Targets) - 1) * 4) + 3;
            int value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 0x80));
        }

        Assert.Equal(1, run.Export(_folder.File("less"), cancellation: TestContext.Current.CancellationToken));
        SubsetTraining less = SubsetTraining.Import(_folder.File("less"), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(models[..^1], less.ReadRows().Models);
    }

    [Fact]
    public void NumPy_reads_it()
    {
        SubsetTraining run = Run();
        Export(run);
        Export(run, "half", halfPrecision: true);
        Python.Run("numpy", $"""
            import numpy as np
            run, store, half = r'{run.Path}', r'{_folder.File("store")}', r'{_folder.File("half")}'
            masks = np.unpackbits(np.load(run + '/subsets.npy'), axis=1, bitorder='little')[:, :{Train}]
            margins = np.load(run + '/margins.npy')
            assert 0.4 < masks.mean() < 0.6 and margins.std() > 0
            for folder, kind in (store, np.float32), (half, np.float16):
                found = np.load(folder + '/masks.npy')
                assert found.dtype == bool and found.shape == ({Models}, {Train}) and (found == masks).all()
                found = np.load(folder + '/margins.npy')
                assert found.dtype == kind and (found == margins.astype(kind)).all()
                found = np.load(folder + '/_completed.npy')
                assert found.dtype == bool and found.shape == ({Models},) and found.all()
            """);
    }

    [Fact]
    public void An_output_of_logits_has_its_name_and_nothing_of_an_import_is_lost()
    {
        SubsetTraining run = Run(output: OutputKind.Logits);
        Export(run);
        Assert.Equal(run.ReadRows().Outputs, Import().ReadRows().Outputs);
        run.Export(_folder.File("losses"), OutputKind.Loss, cancellation: TestContext.Current.CancellationToken);
        SubsetTraining losses = SubsetTraining.Import(
            _folder.File("losses"), output: OutputKind.Loss, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(run.ReadRows(OutputKind.Loss).Outputs, losses.ReadRows().Outputs);

        // In float64, a third is no float32.
        double[] thirds = [.. Enumerable.Range(0, Models * Targets).Select(i => i / 3.0)];
        string path = _folder.File("store/margins.npy");
        Save(path, thirds);
        byte[] before = File.ReadAllBytes(path);
        SubsetTraining store = Import();
        Assert.Equal(0, store.Export(_folder.File("copy"), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(before, File.ReadAllBytes(_folder.File("copy/margins.npy")));

        thirds[(5 * Targets) + 2] = 65520;
        Save(path, thirds);
        var e = Fails(() => Import().Export(_folder.File("halved"), halfPrecision: true));
        Assert.Equal("OutputBeyondHalf", e.Id);
        Assert.Contains("model 5 on target 2 is 65520", e.Message, StringComparison.Ordinal);
        Assert.Equal(["copy", "losses", "run", "store"], NamesIn(_folder.Path));

        void Save(string path, double[] values)
        {
            File.Delete(path);
            using NpyFile file = NpyFile.Create(path, new NpyHeader(NpyType.Double, [Models, Targets]));
            file.Write<double>(0, values);
        }
    }

    [Fact]
    public void A_store_is_replaced_whole_and_anything_else_is_left()
    {
        SubsetTraining run = Run();
        Directory.CreateDirectory(_folder.File("store"));
        Export(run);
        Export(run, halfPrecision: true);
        using (NpyFile file = NpyFile.Open(_folder.File("store/margins.npy")))
        {
            Assert.Equal(NpyType.Half, file.Header.Type);
        }

        Assert.Equal("StoreFolderForeign", Fails(() => Export(run, "run")).Id);
        _folder.Write("file", "mine");
        Assert.Equal("StoreFolderForeign", Fails(() => Export(run, "file")).Id);
        _folder.Write("store/notes.txt", "mine");
        var e = Fails(() => Export(run));
        Assert.Equal("StoreFolderForeign", e.Id);
        Assert.Contains("'notes.txt' is none of its files", e.Message, StringComparison.Ordinal);
        Assert.Equal(["file", "run", "store"], NamesIn(_folder.Path));
    }

    [Theory]
    [InlineData("store", "store")]
    [InlineData("store", "store/")]
    [InlineData("store", "other/../store")]
    [InlineData("store.writing", "store")]
    [InlineData("store.replaced", "store")]
    public void A_store_never_takes_the_place_of_the_files_that_it_is_read_from(string source, string target)
    {
        Export(Run());
        if (source != "store")
        {
            Directory.Move(_folder.File("store"), _folder.File(source));
        }

        byte[] before = File.ReadAllBytes(_folder.File($"{source}/margins.npy"));
        SubsetTraining store = SubsetTraining.Import(
            _folder.File(source), cancellation: TestContext.Current.CancellationToken);
        var e = Fails(() => Export(store, target, halfPrecision: true));
        Assert.Equal("StoreIsSource", e.Id);
        Assert.Contains($"'{_folder.File(source)}'", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.File($"{source}/margins.npy")));
        Assert.Equal(["run", source], NamesIn(_folder.Path));
    }

    [Fact]
    public void A_store_is_asked_after_before_it_is_replaced()
    {
        SubsetTraining run = Run();
        run.RequireExportable(_folder.File("store"), replace: false);
        Directory.CreateDirectory(_folder.File("store"));
        run.RequireExportable(_folder.File("store"), replace: false);
        Export(run);
        Assert.Equal("FileExists", Fails(() => run.RequireExportable(_folder.File("store"), replace: false)).Id);
        run.RequireExportable(_folder.File("store"), replace: true);
    }

    [Fact]
    public void A_folder_that_may_not_be_read_is_named()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Windows has other permissions, and root may read everything");
            return;
        }

        string closed = Directory.CreateDirectory(_folder.File("closed")).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.None);
        try
        {
            var e = Fails(() => Export(Run(), "closed"));
            Assert.Equal("StoreFolderNotReadable", e.Id);
            Assert.Contains(closed, e.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_fit_to_the_first_models_of_which_none_is_completed_has_too_few()
    {
        Export(Run());
        string path = _folder.File("store/_completed.npy");
        using (NpyFile file = NpyFile.Open(path, new NpyHeader(NpyType.Boolean, [Models]), FileAccess.ReadWrite))
        {
            file.Write<byte>(0, new byte[10]);
        }

        var options = new FitOptions { ModelCount = 10, FitPath = _folder.File("fit") };
        var e = Fails(() => DatamodelFit.Fit(Import(), options, null, TestContext.Current.CancellationToken).Count());
        Assert.Equal("TooFewModels", e.Id);
        Assert.Contains("0 models", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_where_it_was_stopped_or_failed()
    {
        SubsetTraining run = Run();
        Export(run);
        byte[] before = File.ReadAllBytes(_folder.File("store/margins.npy"));
        using var stop = new CancellationTokenSource();
        var progress = new Stopper(stop);
        Assert.ThrowsAny<OperationCanceledException>(
            () => run.Export(_folder.File("store"), halfPrecision: true, progress: progress, cancellation: stop.Token));
        Assert.ThrowsAny<OperationCanceledException>(
            () => run.Export(_folder.File("store"), cancellation: new CancellationToken(canceled: true)));
        Assert.Equal("StoreNotWritten", Fails(() => Export(run, "file/store", () => _folder.Write("file", ""))).Id);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("store/margins.npy")));

        // What a kill has left behind does not stand in the way.
        Directory.CreateDirectory(_folder.File("store.writing"));
        File.Copy(_folder.File("store/masks.npy"), _folder.File("store.writing/masks.npy"));
        Export(run);
        Assert.Equal(["file", "run", "store"], NamesIn(_folder.Path));
    }

    private static Datamodel[] Fit(SubsetTraining run) =>
        [.. DatamodelFit.Fit(run, new FitOptions(), null, TestContext.Current.CancellationToken)];

    private static IEnumerable<string> NamesIn(string folder) =>
        Directory.GetFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal);

    private static DatamodelException Fails(Action action) => Assert.Throws<DatamodelException>(action);

    private int Export(SubsetTraining run, string name = "store", Action? before = null, bool halfPrecision = false)
    {
        before?.Invoke();
        return run.Export(
            _folder.File(name), halfPrecision: halfPrecision, cancellation: TestContext.Current.CancellationToken);
    }

    private SubsetTraining Import(TrainingData? data = null) =>
        SubsetTraining.Import(_folder.File("store"), data, cancellation: TestContext.Current.CancellationToken);

    private SubsetTraining Run(ITrainingEngine? engine = null, OutputKind output = OutputKind.Margin, bool train = true)
    {
        engine ??= new CpuEngine();
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File("run"), TestData.Blobs(Train, Targets), new NetworkLearner { Hidden = [4], Epochs = 4, PeakEpoch = 2 },
            new SubsetPlan(1, 0.5, Models), engine.Name, new Observation { Output = output });
        if (train)
        {
            run.Train(engine, cancellation: TestContext.Current.CancellationToken);
        }

        return run;
    }

    /// <summary>Stops at the first report of rows that are written.</summary>
    private sealed class Stopper(CancellationTokenSource stop) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            Assert.Equal("Exporting", value.Activity);
            stop.Cancel();
        }
    }
}
