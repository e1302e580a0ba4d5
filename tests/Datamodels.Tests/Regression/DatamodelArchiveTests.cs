using System.IO.Compression;
using System.Runtime.InteropServices;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Regression;

public sealed class DatamodelArchiveTests : IDisposable
{
    private const int Train = 30;

    private static readonly string[] s_others =
    [
        "label", "held_out_r2", "duality_gap", "kkt_residual", "residual_deviation", "converged", "fit", "fits", "run",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_arrays_are_the_datamodels_column_by_column()
    {
        Datamodel[] datamodels = Fit("run", [4, 1, 0]);
        string path = _folder.File("fit.npz");
        DatamodelArchive.Write(path, datamodels, TestContext.Current.CancellationToken);
        using ZipArchive archive = ZipFile.OpenRead(path);
        Assert.Equal(
            ["weight.npy", "bias.npy", "lam.npy", "target.npy", .. s_others.Select(name => name + ".npy")],
            archive.Entries.Select(entry => entry.FullName));
        Assert.All(archive.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        double[] weights = Read<double>("weight", "{'descr': '<f8', 'fortran_order': True, 'shape': (30, 3), }");
        Assert.Contains(weights, weight => weight != 0);
        for (int column = 0; column < 3; column++)
        {
            double[] expected = new double[Train];
            for (int i = 0; i < datamodels[column].NonzeroCount; i++)
            {
                expected[datamodels[column].Examples[i]] = datamodels[column].Weights[i];
            }

            Assert.Equal(expected, weights[(column * Train)..((column + 1) * Train)]);
        }

        const string Vector = "'fortran_order': False, 'shape': (3,), }";
        Assert.Equal(datamodels.Select(d => d.Bias), Read<double>("bias", "{'descr': '<f8', " + Vector));
        Assert.Equal(datamodels.Select(d => d.Lambda!.Value), Read<double>("lam", "{'descr': '<f8', " + Vector));
        Assert.Equal([4, 1, 0], Read<uint>("target", "{'descr': '<u4', " + Vector));

        T[] Read<T>(string name, string dictionary)
            where T : unmanaged
        {
            using var content = new MemoryStream();
            using (Stream entry = archive.GetEntry(name + ".npy")!.Open())
            {
                entry.CopyTo(content);
            }

            byte[] bytes = content.ToArray();
            Assert.Equal(dictionary, System.Text.Encoding.ASCII.GetString(bytes, 10, 118).TrimEnd());
            return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(128)).ToArray();
        }
    }

    [Fact]
    public void The_same_datamodels_give_the_same_bytes()
    {
        Datamodel[] datamodels = Fit("run", [2, 3]);
        DatamodelArchive.Write(_folder.File("a.npz"), datamodels, TestContext.Current.CancellationToken);
        File.WriteAllText(_folder.File("b.npz"), "replaced");
        DatamodelArchive.Write(_folder.File("b.npz"), datamodels, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(_folder.File("a.npz")), File.ReadAllBytes(_folder.File("b.npz")));
    }

    [Fact]
    public void NumPy_reads_the_arrays_and_predicts_with_them()
    {
        Datamodel[] datamodels = Fit("run", [4, 1, 0]);
        string path = _folder.File("fit.npz");
        DatamodelArchive.Write(path, datamodels, TestContext.Current.CancellationToken);

        var plan = new SubsetPlan(99, 0.4, 50);
        Mask[] masks = [.. Enumerable.Range(0, 50).Select(model => plan.MaskOf(model, Train))];
        Save<byte>("masks", NpyType.UInt8, [50, Train], [.. masks.SelectMany(
            mask => Enumerable.Range(0, Train).Select(example => (byte)(mask[example] ? 1 : 0)))]);
        Save("predicted", NpyType.Double, [50, 3], [.. masks.SelectMany(mask => datamodels.Select(d => d.Predict(mask)))]);
        Python.Run("numpy", $"""
            import numpy as np
            fit = np.load(r'{path}', allow_pickle=False)
            assert fit.files == 'weight bias lam target {string.Join(' ', s_others)}'.split(), fit.files
            found = [(fit[name].dtype.str, fit[name].shape) for name in fit.files[:4]]
            assert found == [('<f8', (30, 3)), ('<f8', (3,)), ('<f8', (3,)), ('<u4', (3,))], found
            assert fit['target'].tolist() == [4, 1, 0]
            assert fit['label'].tolist() == {Labels(datamodels)}, fit['label']
            assert fit['converged'].dtype == bool and fit['converged'].all()
            assert (fit['duality_gap'] < 1e-6).all() and (fit['held_out_r2'] < 1).all()
            assert fit['fit'].tolist() == [0, 0, 0] and 'method: Lasso' in fit['fits'][0]
            assert fit['run'].tolist() == [r'{datamodels[0].Training.Path}']
            assert (fit['weight'] != 0).any(axis=0).all()
            masks = np.load(r'{_folder.File("masks.npy")}')
            predicted = np.load(r'{_folder.File("predicted.npy")}')
            assert predicted.std() > 0.01
            np.testing.assert_allclose(masks @ fit['weight'] + fit['bias'], predicted, rtol=0, atol=1e-12)
            """);
    }

    [Fact]
    public void Nothing_is_left_where_writing_was_stopped_or_failed()
    {
        Datamodel[] datamodels = Fit("run", [0]);
        string path = _folder.File("fit.npz");
        Assert.Throws<OperationCanceledException>(
            () => DatamodelArchive.Write(path, datamodels, new CancellationToken(canceled: true)));
        Fails("NoDatamodels", path, []);
        Fails("RunsDiffer", path, [.. datamodels, .. Fit("other", [0])]);
        Fails("FileNotWritten", _folder.File("nowhere/fit.npz"), datamodels);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private static string Labels(Datamodel[] datamodels) =>
        $"[{string.Join(", ", datamodels.Select(datamodel => $"'{datamodel.Label}'"))}]";

    private static void Fails(string id, string path, Datamodel[] datamodels) => Assert.Equal(
        id,
        Assert.Throws<DatamodelException>(
            () => DatamodelArchive.Write(path, datamodels, TestContext.Current.CancellationToken)).Id);

    private Datamodel[] Fit(string name, int[] targets)
    {
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File(name), TestData.Blobs(Train, 5), new NetworkLearner { Hidden = [4], Epochs = 4, PeakEpoch = 2 },
            new SubsetPlan(3, 0.5, 60), new CpuEngine().Name);
        run.Train(new CpuEngine(), cancellation: TestContext.Current.CancellationToken);
        var options = new FitOptions { Targets = new EquatableList<int>(targets) };
        return [.. DatamodelFit.Fit(run, options, null, TestContext.Current.CancellationToken)];
    }

    private void Save<T>(string name, NpyType type, EquatableList<long> shape, T[] values)
        where T : unmanaged
    {
        using NpyFile file = NpyFile.Create(_folder.File(name + ".npy"), new NpyHeader(type, shape));
        file.Write<T>(0, values);
    }
}
