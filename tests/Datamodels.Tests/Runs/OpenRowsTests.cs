using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

/// <summary>Rows read where they lie are those that were written, in whatever pieces they are asked for.</summary>
public sealed class OpenRowsTests : IDisposable
{
    private const int Models = 40;
    private const int Targets = 11;

    private static readonly SubsetPlan s_plan = new(7, 0.5, Models);

    private readonly TemporaryFolder _folder = new();
    private readonly TrainingData _data = TestData.Blobs(trainCount: 49, testCount: Targets);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Gives_the_masks_and_outputs_of_every_model()
    {
        using IRunRows rows = Open(Train());
        Assert.Equal(
            (Models, 49, Targets, OutputKind.Margin, 0),
            (rows.Count, rows.TrainCount, rows.TargetCount, rows.Output, rows.DamagedCount));
        Assert.Equal(Enumerable.Range(0, Models), Enumerable.Range(0, Models).Select(rows.ModelOf));
        CheckAll(rows);
    }

    [Fact]
    public void Leaves_out_what_is_damaged_or_not_done_and_reads_over_the_gaps()
    {
        // Not done: 25 and 30 to 39. Damaged: 0 and 17 by their masks, 18 by an output.
        SubsetTraining run = Train();
        foreach (int model in Enumerable.Range(30, 10).Append(25))
        {
            Change("completed.npy", 128 + (model * 4), 4, _ => 0);
        }

        Change("subsets.npy", 128, 1, Flip);
        Change("subsets.npy", 128 + (17 * 7) + 6, 1, Flip);
        Change("margins.npy", 128 + (18 * Targets * 4) + 9, 1, Flip);

        using IRunRows rows = Open(SubsetTraining.Open(run.Path));
        Assert.Equal(3, rows.DamagedCount);
        Assert.Equal(
            Enumerable.Range(0, 30).Except([0, 17, 18, 25]), Enumerable.Range(0, rows.Count).Select(rows.ModelOf));
        CheckAll(rows);
    }

    [Fact]
    public void The_first_models_are_those_of_a_smaller_run()
    {
        SubsetTraining run = Train();
        Change("completed.npy", 128 + (9 * 4), 4, _ => 0);
        using IRunRows first = Open(SubsetTraining.Open(run.Path), modelCount: 25);
        Assert.Equal(Enumerable.Range(0, 25).Except([9]), Enumerable.Range(0, first.Count).Select(first.ModelOf));
        CheckAll(first);
    }

    [Theory]
    [InlineData(OutputKind.Margin)]
    [InlineData(OutputKind.Loss)]
    public void Gives_outputs_from_logits_target_by_target(OutputKind output)
    {
        var engine = new CpuEngine(1);
        var learner = new NetworkLearner { Hidden = [4], Epochs = 2, PeakEpoch = 1 };
        var plan = new SubsetPlan(3, 0.5, 6);
        SubsetTraining Of(OutputKind recorded)
        {
            SubsetTraining run = SubsetTraining.CreateOrOpen(
                _folder.File($"{recorded}"), _data, learner, plan, engine.Name, new Observation { Output = recorded });
            run.Train(engine, cancellation: TestContext.Current.CancellationToken);
            return run;
        }

        using IRunRows recorded = Open(Of(output));
        using IRunRows derived = Open(Of(OutputKind.Logits), output);
        double[] expected = new double[6 * Targets];
        recorded.ReadOutputs(0, 6, 0, Targets, expected);
        double[] piece = new double[4 * 3];
        derived.ReadOutputs(1, 4, 5, 3, piece);
        Assert.Equal(
            from row in Enumerable.Range(1, 4) from target in Enumerable.Range(5, 3) select expected[(row * Targets) + target],
            piece);
    }

    [Fact]
    public void Several_threads_may_read_at_once()
    {
        using IRunRows rows = Open(Train());
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken,
        };
        Parallel.For(0, 64, options, _ => CheckAll(rows));
    }

    [Fact]
    public void Says_so_when_a_file_is_cut_short_while_it_is_open()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "cuts a file that is open");
        SubsetTraining run = Train();
        using IRunRows rows = Open(run);
        using (var margins = new FileStream(Path.Combine(run.Path, "margins.npy"), FileMode.Open))
        {
            margins.SetLength(margins.Length - 1);
        }

        double[] outputs = new double[Targets];
        rows.ReadOutputs(Models - 2, 1, 0, Targets, outputs);
        var e = Assert.Throws<DatamodelException>(() => rows.ReadOutputs(Models - 1, 1, 0, Targets, outputs));
        Assert.Equal(("RunInputOutputFailed", ErrorKind.InputOutput), (e.Id, e.Kind));
        Assert.Contains(run.Path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_check_can_be_cancelled()
    {
        SubsetTraining run = Train();
        Assert.Throws<OperationCanceledException>(() => run.OpenRows(cancellation: new CancellationToken(canceled: true)));
    }

    private static IRunRows Open(SubsetTraining run, OutputKind? output = null, int? modelCount = null) =>
        run.OpenRows(output, modelCount, TestContext.Current.CancellationToken);

    // Every rectangle of some sizes, against what the engine gave.
    private static void CheckAll(IRunRows rows)
    {
        int stride = Mask.ByteCount(rows.TrainCount);
        foreach (int rowCount in new[] { 1, 5, rows.Count })
        {
            byte[] masks = new byte[rowCount * stride];
            for (int first = 0; first + rowCount <= rows.Count; first++)
            {
                rows.ReadMasks(first, rowCount, masks);
                for (int i = 0; i < rowCount; i++)
                {
                    Assert.Equal(TaskOf(rows, first + i).Mask.Bytes, masks.AsSpan(i * stride, stride));
                }

                foreach ((int firstTarget, int targetCount) in new[] { (0, Targets), (0, 1), (3, 4), (Targets - 1, 1) })
                {
                    double[] outputs = new double[rowCount * targetCount];
                    rows.ReadOutputs(first, rowCount, firstTarget, targetCount, outputs);
                    for (int i = 0; i < rowCount; i++)
                    {
                        float[] expected = FakeEngine.MarginsOf(TaskOf(rows, first + i), Targets);
                        Assert.Equal(
                            expected.Skip(firstTarget).Take(targetCount).Select(margin => (double)margin),
                            outputs.Skip(i * targetCount).Take(targetCount));
                    }
                }
            }
        }
    }

    private static TrainingTask TaskOf(IRunRows rows, int row)
    {
        int model = rows.ModelOf(row);
        return new TrainingTask(model, s_plan.MaskOf(model, rows.TrainCount), s_plan.TrainingSeedOf(model));
    }

    private SubsetTraining Train()
    {
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File("run"), _data, new NetworkLearner(), s_plan, "fake");
        run.Train(new FakeEngine(), cancellation: TestContext.Current.CancellationToken);
        return run;
    }

    private static byte Flip(byte b) => (byte)(b ^ 1);

    private void Change(string name, int at, int count, Func<byte, byte> change)
    {
        string path = Path.Combine(_folder.File("run"), name);
        byte[] bytes = File.ReadAllBytes(path);
        for (int i = at; i < at + count; i++)
        {
            bytes[i] = change(bytes[i]);
        }

        File.WriteAllBytes(path, bytes);
    }
}
