using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Runs;

public sealed class ObservedOutputTests : IDisposable
{
    private static readonly TargetSelection s_targets = new() { Set = TargetSet.Train, Examples = [5, 1, 20] };

    private readonly TemporaryFolder _folder = new();
    private readonly TrainingData _data = TestData.Blobs(30, 10);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(OutputKind.Margin, "margins.npy")]
    [InlineData(OutputKind.LogSumExpMargin, "log-sum-exp-margins.npy")]
    [InlineData(OutputKind.Correctness, "correctness.npy")]
    [InlineData(OutputKind.Loss, "losses.npy")]
    [InlineData(OutputKind.Probability, "probabilities.npy")]
    public void A_run_holds_its_output_in_a_file_of_that_name(OutputKind output, string file)
    {
        SubsetTraining run = Train(output);
        Assert.Equal(["completed.npy", file, "run.yaml", "subsets.npy"], Files(run));
        Assert.Equal(output, run.ReadRows().Output);

        // All logits say the same, and every other output besides.
        SubsetTraining logits = Train(OutputKind.Logits);
        Assert.Equal(["completed.npy", "logits.npy", "run.yaml", "subsets.npy"], Files(logits));
        Assert.Equal(logits.ReadRows(output).Outputs, run.ReadRows().Outputs);
        Assert.Equal(logits.ReadRows(output).Outputs, SubsetTraining.Open(run.Path).ReadRows(output).Outputs);
    }

    [Fact]
    public void Logits_are_rows_of_targets_by_classes_and_read_as_margins()
    {
        SubsetTraining run = Train(OutputKind.Logits);
        using (FileStream file = File.OpenRead(Path.Combine(run.Path, "logits.npy")))
        {
            (NpyHeader header, _) = NpyHeader.Read(file, "logits.npy");
            Assert.Equal([6, 3, 3], header.Shape);
        }

        Assert.Equal(OutputKind.Margin, run.ReadRows().Output);
        Assert.Equal(3, run.ReadRows().TargetCount);
    }

    [Fact]
    public void Other_outputs_than_the_one_recorded_are_refused()
    {
        SubsetTraining run = Train(OutputKind.Loss);
        var e = Assert.Throws<DatamodelException>(() => run.ReadRows(OutputKind.Margin));
        Assert.Equal("OutputNotRecorded", e.Id);
        Assert.Contains("Margin is asked for, and Loss is recorded", e.Message, StringComparison.Ordinal);
        Assert.Equal(
            "OutputNotRecorded",
            Assert.Throws<DatamodelException>(() => Train(OutputKind.Logits).ReadRows(OutputKind.Logits)).Id);
    }

    [Fact]
    public void A_run_of_another_output_or_of_other_targets_is_another_run()
    {
        SubsetTraining run = Train(OutputKind.Margin);
        TargetSelection targets = s_targets with { Set = TargetSet.Test, Examples = [5, 1, 2] };
        string message = Assert.Throws<DatamodelException>(() => SubsetTraining.CreateOrOpen(
            run.Path, _data, new NetworkLearner(), run.Spec.Plan, run.Spec.Engine,
            new Observation { Output = OutputKind.Loss, Targets = targets })).Message;
        Assert.Contains("the output is Margin in the run, Loss is asked for", message, StringComparison.Ordinal);
        Assert.Contains("Set is Train in the run, Test is asked for", message, StringComparison.Ordinal);
        Assert.Contains("Examples is 5 1 20 in the run, 5 1 2 is asked for", message, StringComparison.Ordinal);
    }

    private static string[] Files(SubsetTraining run) =>
        [.. Directory.EnumerateFiles(run.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private SubsetTraining Train(OutputKind output)
    {
        var engine = new CpuEngine(1);
        var learner = new NetworkLearner { Hidden = [4], Epochs = 2, PeakEpoch = 1 };
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File(output.ToString()), _data, learner, new SubsetPlan(3, 0.5, 6), engine.Name,
            new Observation { Output = output, Targets = s_targets });
        run.Train(engine, cancellation: TestContext.Current.CancellationToken);
        return run;
    }
}
