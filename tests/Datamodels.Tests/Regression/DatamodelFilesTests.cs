using System.Runtime.InteropServices;
using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Regression;

public sealed class DatamodelFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TrainingData _data = TestData.Blobs(trainCount: 30, testCount: 5);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_trained_run_is_fitted_into_datamodels_that_know_their_target()
    {
        SubsetTraining run = Train("run");
        Datamodel[] datamodels = Fit(run, [4, 1]);
        Assert.Equal([4, 1], datamodels.Select(d => d.Target));
        RunRows rows = run.ReadRows();
        foreach (Datamodel datamodel in datamodels)
        {
            Assert.Same(run, datamodel.Training);
            Assert.Equal((datamodel.Target % 3).ToString(), datamodel.Label);
            Assert.Equal((60, true), (datamodel.ModelCount, datamodel.Converged));
            Assert.Equal(datamodel.Examples.Order(), datamodel.Examples);
            Assert.All(datamodel.Weights, weight => Assert.NotEqual(0, weight));

            // The bias makes the residuals sum to 0.
            double mean = Enumerable.Range(0, 60).Average(row => (double)rows.OutputsOf(row)[datamodel.Target]);
            Assert.Equal(mean, Enumerable.Range(0, 60).Average(row => datamodel.Predict(rows.MaskOf(row))), 1e-9);
        }
    }

    [Fact]
    public void Files_hold_the_datamodels_row_by_row()
    {
        Datamodel[] datamodels = Fit(Train("run"), [4, 1, 0]);
        string folder = _folder.File("fit");
        DatamodelFiles.Write(folder, datamodels);
        DatamodelFiles.Write(folder, datamodels);
        Assert.Equal(
            ["bias.npy", "lambdas.npy", "targets.npy", "weights.npy"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        double[] weights = Read<double>("weights.npy", NpyType.Double, 3, 30);
        Assert.Equal(datamodels.Select(d => d.Bias), Read<double>("bias.npy", NpyType.Double, 3));
        Assert.Equal(datamodels.Select(d => d.Lambda!.Value), Read<double>("lambdas.npy", NpyType.Double, 3));
        Assert.Equal([4, 1, 0], Read<uint>("targets.npy", NpyType.UInt32, 3));
        Assert.Contains(weights, w => w != 0);
        for (int row = 0; row < 3; row++)
        {
            double[] expected = new double[30];
            for (int i = 0; i < datamodels[row].NonzeroCount; i++)
            {
                expected[datamodels[row].Examples[i]] = datamodels[row].Weights[i];
            }

            Assert.Equal(expected, weights[(row * 30)..((row + 1) * 30)]);
        }
    }

    [Fact]
    public void Nothing_to_write_is_refused()
    {
        var error = Assert.Throws<DatamodelException>(() => DatamodelFiles.Write(_folder.File("fit"), []));
        Assert.Equal("NoDatamodels", error.Id);
        Assert.False(Directory.Exists(_folder.File("fit")));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        Datamodel[] datamodels = Fit(Train("run"), [0]);
        string folder = Path.Combine(_folder.Write("file", "in the way"), "fit");
        var error = Assert.Throws<DatamodelException>(() => DatamodelFiles.Write(folder, datamodels));
        Assert.Equal(("FolderNotMade", ErrorKind.InputOutput), (error.Id, error.Kind));
        Assert.Contains(folder, error.Message);
    }

    private SubsetTraining Train(string name)
    {
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File(name), _data, new NetworkLearner { Hidden = [4], Epochs = 4, PeakEpoch = 2 },
            new SubsetPlan(3, 0.5, 60), new CpuEngine().Name);
        run.Train(new CpuEngine(), cancellation: TestContext.Current.CancellationToken);
        return run;
    }

    private static Datamodel[] Fit(SubsetTraining run, int[] targets) =>
    [
        .. DatamodelFit.Fit(
            run, new FitOptions { Targets = new EquatableList<int>(targets) }, null, TestContext.Current.CancellationToken),
    ];

    private T[] Read<T>(string name, NpyType type, params long[] shape)
        where T : unmanaged
    {
        using NpyFile file = NpyFile.Open(
            Path.Combine(_folder.File("fit"), name), new NpyHeader(type, new EquatableList<long>(shape)), FileAccess.Read);
        T[] values = new T[file.Header.DataSize / Marshal.SizeOf<T>()];
        file.Read<T>(0, values);
        return values;
    }
}
