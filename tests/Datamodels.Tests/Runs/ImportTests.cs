using System.Runtime.InteropServices;
using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;
using Datamodels.Tests.Regression;
using Xunit;

namespace Datamodels.Tests.Runs;

/// <summary>Stores of models that another program has trained, and everything that can be wrong with one.</summary>
public sealed class ImportTests : IDisposable
{
    private const int Models = 60;
    private const int Train = 21;
    private const int Targets = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly RunRows _rows = new PlantedRun(Train, Models, Targets, noise: 0.1).Rows;

    public ImportTests()
    {
        Write<byte>("masks", NpyType.Boolean, [Models, Train], MaskBytes());
        Write("margins", NpyType.Single, [Models, Targets], _rows.Outputs);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_model_is_a_row_where_nothing_says_otherwise()
    {
        SubsetTraining run = Import();
        Assert.Equal((Models, Models, Train, Targets), (run.ModelCount, run.CompletedCount, run.TrainCount, run.TargetCount));
        Assert.Equal((RunState.Complete, OutputKind.Margin), (run.State, run.Spec.Observation.Output));
        Assert.Equal(_folder.Path, run.Path);
        CheckRows(run, _ => true);
    }

    [Theory]
    [InlineData("_completed", "Boolean")]
    [InlineData("_completed", "UInt8")]
    [InlineData("completed", "UInt32")]
    public void Models_that_are_not_completed_are_left_out_whatever_their_rows_hold(string name, string type)
    {
        NpyType stored = Enum.Parse<NpyType>(type);
        byte[] masks = MaskBytes();
        masks[(3 * Train) + 5] = 77;
        Write<byte>("masks", NpyType.UInt8, [Models, Train], masks);
        int size = stored == NpyType.UInt32 ? 4 : 1;
        byte[] completed =
            [.. Enumerable.Range(0, Models * size).Select(i => (byte)(i / size % 3 != 0 && i % size == size - 1 ? 1 : 0))];
        Write<byte>(name, stored, [Models], completed);

        SubsetTraining run = Import();
        Assert.Equal((Models, 40, RunState.Stopped), (run.ModelCount, run.CompletedCount, run.State));
        CheckRows(run, model => model % 3 != 0);
    }

    [Fact]
    public void Alpha_is_the_mean_fraction_over_completed_models_of_subsets_of_any_size()
    {
        // Model m has m % 20 examples, but for those left out, which have all.
        byte[] masks =
            [.. from model in Enumerable.Range(0, Models) from example in Enumerable.Range(0, Train)
                select (byte)(model < 20 || example < model % 20 ? 1 : 0)];
        Write<byte>("masks", NpyType.Boolean, [Models, Train], masks);
        byte[] completed = [.. Enumerable.Range(0, Models).Select(model => (byte)(model < 20 ? 0 : 1))];
        Write<byte>("_completed", NpyType.Boolean, [Models], completed);
        Assert.Equal(9.5 / Train, Import().Spec.Plan.Alpha, 1e-15);
    }

    [Fact]
    public void Outputs_of_every_type_are_read_exactly_and_what_is_not_finite_is_passed_on()
    {
        double[] numbers = [.. Enumerable.Range(0, Models * Targets).Select(i => (double)(Half)(i / 7.0))];
        numbers[5] = double.PositiveInfinity;
        numbers[6] = double.NaN;
        Check("half", NpyType.Half, Array.ConvertAll(numbers, number => (Half)number));
        Check("single", NpyType.Single, Array.ConvertAll(numbers, number => (float)number));
        numbers[7] = Math.PI;
        Check("double", NpyType.Double, numbers);

        void Check<T>(string name, NpyType type, T[] values)
            where T : unmanaged
        {
            Write(name, type, [Models, Targets], values);
            using IRunRows rows = Open(Import(OutputKind.Loss, outputName: name));
            double[] outputs = new double[numbers.Length];
            rows.ReadOutputs(0, Models, 0, Targets, outputs);
            Assert.Equal(OutputKind.Loss, rows.Output);
            Assert.Equal(numbers, outputs);
        }
    }

    [Fact]
    public void Outputs_without_a_second_axis_are_of_one_target()
    {
        Write("loss", NpyType.Single, [Models], _rows.Outputs[..Models]);
        using IRunRows rows = Open(Import(outputName: "loss"));
        Assert.Equal(1, rows.TargetCount);
        double[] outputs = new double[3];
        rows.ReadOutputs(10, 3, 0, 1, outputs);
        Assert.Equal(_rows.Outputs[10..13].Select(output => (double)output), outputs);
    }

    [Fact]
    public void Packed_masks_are_read_together_with_the_data()
    {
        File.Delete(_folder.File("masks.npy"));
        Write<byte>("subsets", NpyType.UInt8, [Models, 3], _rows.MaskBytes);
        CheckRows(Import(data: TestData.Blobs(Train, Targets)), _ => true);

        Fails("TrainCountUnknown", "of 17 to 24 training examples", () => Import());
        Fails("StoreDataDiffers", "the 25 training examples of the data take 4", () => Import(data: TestData.Blobs(25, Targets)));

        // With fewer examples some of the bits are past the last.
        var e = Fails("MaskValueInvalid", "past the last of 20", () => Import(data: TestData.Blobs(20, Targets)));
        int row = Enumerable.Range(0, Models).First(m => _rows.MaskOf(m)[20]);
        Assert.Contains($"at row {row} ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Datamodels_are_those_of_the_same_rows_in_memory()
    {
        var options = new FitOptions();
        (int Target, FittedTarget Fit)[] expected =
            [.. DatamodelFit.Fit(_rows, options, cancellation: TestContext.Current.CancellationToken)];
        TrainingData data = TestData.Blobs(Train, Targets);
        foreach (SubsetTraining run in new[] { Import(), Import(data: data) })
        {
            Datamodel[] datamodels = [.. DatamodelFit.Fit(run, options, null, TestContext.Current.CancellationToken)];
            Assert.Equal(expected.Select(fit => fit.Fit.Bias), datamodels.Select(datamodel => datamodel.Bias));
            Assert.All(datamodels, datamodel => Assert.True(datamodel.NonzeroCount > 0));
            bool named = run.Spec.ClassCount > 0;
            Assert.Equal(
                Enumerable.Range(0, Targets).Select(target => named ? data.Classes[data.Test.Labels[target]] : $"{target}"),
                datamodels.Select(datamodel => datamodel.Label));
            foreach (Influencer influencer in datamodels.SelectMany(datamodel => Influencers.Of(datamodel, 3)))
            {
                Assert.Equal(
                    named ? data.Classes[data.Train.Labels[influencer.Example]] : $"{influencer.Example}",
                    influencer.ExampleLabel);
            }
        }
    }

    [Fact]
    public void The_fingerprint_is_of_the_rows_and_not_of_how_they_are_stored()
    {
        string Fingerprint(string maskName, string outputName, OutputKind output = OutputKind.Margin)
        {
            using IRunRows rows = Open(Import(output, maskName: maskName, outputName: outputName));
            return rows.Fingerprint;
        }

        byte[] masks = MaskBytes();
        Write<byte>("bytes", NpyType.UInt8, [Models, Train], masks);
        Write("double", NpyType.Double, [Models, Targets], Array.ConvertAll(_rows.Outputs, output => (double)output));
        string expected = Fingerprint("masks", "margins");
        Assert.Equal(expected, Fingerprint("bytes", "double"));
        Assert.NotEqual(expected, Fingerprint("masks", "margins", OutputKind.Loss));

        masks[^1] ^= 1;
        Write<byte>("bytes", NpyType.UInt8, [Models, Train], masks);
        float[] outputs = [.. _rows.Outputs];
        outputs[^1]++;
        Write("single", NpyType.Single, [Models, Targets], outputs);
        Assert.NotEqual(expected, Fingerprint("bytes", "margins"));
        Assert.NotEqual(expected, Fingerprint("masks", "single"));
        Write<byte>("_completed", NpyType.Boolean, [Models], [.. Enumerable.Range(0, Models).Select(m => (byte)Math.Min(m, 1))]);
        Assert.NotEqual(expected, Fingerprint("masks", "margins"));
    }

    [Fact]
    public void Nothing_can_be_trained_and_data_that_was_not_given_is_asked_for()
    {
        SubsetTraining run = Import();
        Fails("TrainedElsewhere", "Start-SubsetTraining", () => run.Train(new FakeEngine()));
        Fails("TrainedElsewhere", "Start-SubsetTraining", () => TrainingEngines.For(run.Spec.Learner));
        Fails("TrainedElsewhere", "Start-SubsetTraining", () => SubsetTraining.CreateOrOpen(
            _folder.File("new"), TestData.Blobs(Train, Targets), run.Spec.Learner, new SubsetPlan(1, 0.5, 4), "cpu"));
        Assert.False(Directory.Exists(_folder.File("new")));
        Fails("NoTrainingData", "Import-SubsetTraining -Data", () => run.Data.ToString());
        Fails(
            "OutputNotRecorded", "and Margin is",
            () => run.OpenRows(OutputKind.Loss, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_store_is_only_read()
    {
        Write<byte>("_completed", NpyType.Boolean, [Models], [.. Enumerable.Repeat((byte)1, Models)]);
        string[] files = Directory.GetFiles(_folder.Path);
        Assert.Equal(3, files.Length);
        byte[][] before = [.. files.Select(File.ReadAllBytes)];
        foreach (string file in files)
        {
            File.SetAttributes(file, FileAttributes.ReadOnly);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        try
        {
            CheckRows(Import(), _ => true);
            Assert.Equal(files, Directory.GetFileSystemEntries(_folder.Path));
            Assert.Equal(before, files.Select(File.ReadAllBytes));
        }
        finally
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            foreach (string file in files)
            {
                File.SetAttributes(file, FileAttributes.Normal);
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(17, 20)]
    [InlineData(59, 8)]
    public void A_byte_of_a_mask_that_is_neither_0_nor_1_is_named(int row, int column)
    {
        byte[] masks = MaskBytes();
        masks[(row * Train) + column] = 255;
        Write<byte>("masks", NpyType.UInt8, [Models, Train], masks);
        Fails("MaskValueInvalid", $"holds 255 at row {row}, column {column}; expected 0 or 1", () => Import());
    }

    [Fact]
    public void What_is_missing_is_named_with_what_is_there()
    {
        Fails("StoreFileMissing", "margins, masks. Name the right one with OutputName", () => Import(outputName: "loss"));
        Fails("StoreFileMissing", "Name the right one with MaskName", () => Import(maskName: "subsets"));
        Fails("StoreFileMissing", "losses.npy", () => Import(OutputKind.Loss));
        Fails("LogitsNotImported", "Logits", () => Import(OutputKind.Logits));
        File.Delete(_folder.File("masks.npy"));
        File.Delete(_folder.File("margins.npy"));
        Fails("StoreFileMissing", "in this folder are: none", () => Import());
        Fails("StoreNotFound", "nowhere", () => SubsetTraining.Import(
            _folder.File("nowhere"), cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_run_is_no_store()
    {
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File("run"), TestData.Blobs(Train, Targets), new NetworkLearner(), new SubsetPlan(1, 0.5, 4), "fake");
        Fails("StoreIsRun", "Get-SubsetTraining", () => SubsetTraining.Import(
            run.Path, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Arrays_that_do_not_go_together_are_refused()
    {
        Write("more", NpyType.Single, [Models + 1, Targets], new float[(Models + 1) * Targets]);
        Fails("StoreShapesDiffer", $"more.npy' holds float32 [{Models + 1}, {Targets}]", () => Import(outputName: "more"));
        Fails("StoreDataDiffers", "the data has 22 and a test set of 4", () => Import(data: TestData.Blobs(22, Targets)));
        Fails("StoreDataDiffers", "the data has 21 and a test set of 5", () => Import(data: TestData.Blobs(Train, 5)));
        Write<byte>("_completed", NpyType.Boolean, [Models - 1], new byte[Models - 1]);
        Fails("StoreShapesDiffer", "_completed.npy' holds bool [59]", () => Import());
        Write("_completed", NpyType.Single, [Models], new float[Models]);
        Fails("StoreArrayUnexpected", "holds float32 [60]; expected bool, uint8 or uint32 [models]", () => Import());
        Write<byte>("_completed", NpyType.Boolean, [Models], new byte[Models]);
        Fails("StoreEmpty", "None of the 60 models", () => Import());
    }

    [Fact]
    public void Arrays_of_other_types_and_shapes_are_refused()
    {
        Fails("StoreArrayUnexpected", "masks.npy' holds bool [60, 21]; expected float16", () => Import(outputName: "masks"));
        Fails("StoreArrayUnexpected", "margins.npy' holds float32 [60, 4]; expected bool", () => Import(maskName: "margins"));
        Write<byte>("flat", NpyType.UInt8, [Models], new byte[Models]);
        Fails("StoreArrayUnexpected", "[models, train]", () => Import(maskName: "flat"));
        Write<byte>("subsets", NpyType.Boolean, [Models, 3], new byte[Models * 3]);
        Fails("StoreArrayUnexpected", "expected uint8 [models, ceil(train / 8)]", () => Import(maskName: "subsets"));
        Write("deep", NpyType.Single, [Models, 2, 2], new float[Models * 4]);
        Fails("StoreArrayUnexpected", "[60, 2, 2]", () => Import(outputName: "deep"));
        Write<byte>("none", NpyType.Boolean, [0, Train], []);
        Fails("StoreSizeOutOfRange", "holds bool [0, 21]", () => Import(maskName: "none"));
        Write<float>("targetless", NpyType.Single, [Models, 0], []);
        Fails("StoreSizeOutOfRange", "holds float32 [60, 0]", () => Import(outputName: "targetless"));
        Write<byte>("empty", NpyType.Boolean, [Models, Train], new byte[Models * Train]);
        Fails("MasksAllAlike", "hold no training example", () => Import(maskName: "empty"));
        Write<byte>("full", NpyType.Boolean, [Models, Train], [.. Enumerable.Repeat((byte)1, Models * Train)]);
        Fails("MasksAllAlike", "hold every training example", () => Import(maskName: "full"));
    }

    [Theory]
    [InlineData("masks.npy")]
    [InlineData("margins.npy")]
    public void A_file_that_is_cut_short_is_named(string name)
    {
        using (var file = new FileStream(_folder.File(name), FileMode.Open))
        {
            file.SetLength(file.Length - 1);
        }

        Fails("NpyTruncated", name, () => Import());
        File.WriteAllText(_folder.File(name), "no array");
        Fails("NpyForeign", name, () => Import());
    }

    [Fact]
    public void A_file_that_was_replaced_since_is_named()
    {
        SubsetTraining run = Import();
        Write("margins", NpyType.Single, [Models, Targets + 1], new float[Models * (Targets + 1)]);
        Fails("NpyShapeDiffers", "margins.npy", () => Open(run));
        File.Delete(_folder.File("margins.npy"));
        Fails("StoreNotReadable", "margins.npy", () => Open(run));
    }

    [Fact]
    public void The_check_of_the_masks_can_be_cancelled() => Assert.Throws<OperationCanceledException>(
        () => SubsetTraining.Import(_folder.Path, cancellation: new CancellationToken(canceled: true)));

    private void CheckRows(SubsetTraining run, Func<int, bool> isCompleted)
    {
        int[] models = [.. Enumerable.Range(0, Models).Where(isCompleted)];
        using IRunRows rows = Open(run);
        Assert.Equal((models.Length, 0), (rows.Count, rows.DamagedCount));
        Assert.Equal(models, Enumerable.Range(0, rows.Count).Select(rows.ModelOf));
        byte[] masks = new byte[rows.Count * 3];
        rows.ReadMasks(0, rows.Count, masks);
        Assert.Equal(models.SelectMany(model => _rows.MaskOf(model).Bytes.ToArray()), masks);
        double[] outputs = new double[rows.Count * 2];
        rows.ReadOutputs(0, rows.Count, 1, 2, outputs);
        Assert.Equal(
            models.SelectMany(model => _rows.OutputsOf(model)[1..3].ToArray()).Select(output => (double)output), outputs);
    }

    private static IRunRows Open(SubsetTraining run) => run.OpenRows(cancellation: TestContext.Current.CancellationToken);

    private static DatamodelException Fails(string id, string said, Action action)
    {
        var e = Assert.Throws<DatamodelException>(action);
        Assert.Equal(id, e.Id);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        return e;
    }

    private SubsetTraining Import(
        OutputKind output = OutputKind.Margin, TrainingData? data = null, string? maskName = null, string? outputName = null) =>
        SubsetTraining.Import(
            _folder.Path, data, output, maskName, outputName, cancellation: TestContext.Current.CancellationToken);

    /// <summary>The masks, one byte for each example.</summary>
    private byte[] MaskBytes() =>
        [.. from model in Enumerable.Range(0, Models) from example in Enumerable.Range(0, Train)
            select (byte)(_rows.MaskOf(model)[example] ? 1 : 0)];

    private void Write<T>(string name, NpyType type, EquatableList<long> shape, T[] values)
        where T : unmanaged
    {
        string path = _folder.File(name + ".npy");
        File.Delete(path);
        using NpyFile file = NpyFile.Create(path, new NpyHeader(type, shape));
        if (values.Length > 0)
        {
            file.Write<byte>(0, MemoryMarshal.AsBytes<T>(values));
        }
    }
}
