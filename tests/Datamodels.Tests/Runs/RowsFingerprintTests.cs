using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

public sealed class RowsFingerprintTests : IDisposable
{
    private static readonly TrainingData s_data = TestData.Blobs(trainCount: 49, testCount: 11);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_one_run_have_one_fingerprint()
    {
        SubsetTraining run = Train("run", 1);
        Assert.Matches("^[0-9a-f]{64}$", FingerprintOf(run));
        Assert.Equal(FingerprintOf(run), FingerprintOf(SubsetTraining.Open(run.Path)));
        Assert.Equal(FingerprintOf(run), FingerprintOf(Train("again", 1)));
        Assert.NotEqual(FingerprintOf(run), FingerprintOf(Train("other", 2)));
    }

    [Theory]
    [InlineData("completed.npy", 4, 4)]
    [InlineData("margins.npy", 44, 1)]
    public void A_row_less_gives_another(string name, int at, int count)
    {
        SubsetTraining run = Train("run", 1);
        string before = FingerprintOf(run);
        string path = Path.Combine(run.Path, name);
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(128 + at, count).Clear();
        File.WriteAllBytes(path, bytes);
        string after = FingerprintOf(run);
        Assert.NotEqual(before, after);

        run.Train(new FakeEngine(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(before, FingerprintOf(run));
    }

    [Fact]
    public void Rows_in_memory_have_that_of_their_bytes()
    {
        var rows = new RunRows([0, 2], 9, 1, [1, 0, 3, 1], [0.5f, 0.25f]);
        RunRows[] others =
        [
            rows with { Models = [0, 1] },
            rows with { MaskBytes = [1, 0, 3, 0] },
            rows with { Outputs = [0.5f, -0.25f] },
            rows with { Output = OutputKind.Loss },
        ];
        Assert.Equal(rows.Fingerprint, (rows with { Models = [0, 2] }).Fingerprint);
        Assert.Equal(5, others.Append(rows).Select(r => r.Fingerprint).Distinct().Count());
    }

    private static string FingerprintOf(SubsetTraining run)
    {
        using IRunRows rows = run.OpenRows(cancellation: TestContext.Current.CancellationToken);
        return rows.Fingerprint;
    }

    private SubsetTraining Train(string name, ulong seed)
    {
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File(name), s_data, new NetworkLearner(), new SubsetPlan(seed, 0.5, 40), "fake");
        run.Train(new FakeEngine(), cancellation: TestContext.Current.CancellationToken);
        return run;
    }
}
