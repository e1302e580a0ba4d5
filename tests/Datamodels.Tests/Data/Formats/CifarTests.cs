using Datamodels.Data;
using Xunit;

namespace Datamodels.Tests.Data;

public sealed class CifarTests : IDisposable
{
    private const int Pixels = 3072;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TrainingData Read(DataSource source) => TrainingDataReader.Read(source, TestContext.Current.CancellationToken);

    /// <summary>Records of CIFAR: the label bytes, then pixels that depend on the record and their place.</summary>
    private string Write(string name, int firstRecord, params byte[][] labels)
    {
        File.WriteAllBytes(
            _folder.File(name),
            [
                .. labels.SelectMany((label, i) => label.Concat(
                    Enumerable.Range(0, Pixels).Select(pixel => Pixel(firstRecord + i, pixel)))),
            ]);
        return _folder.File(name);
    }

    private static byte Pixel(int record, int pixel) => (byte)((17 * record) + (31 * pixel) + (pixel / 1024));

    private string Fails(string id, string path)
    {
        var e = Assert.Throws<DatamodelException>(() => Read(new DataSource { Path = [path] }));
        Assert.Equal(id, e.Id);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        return e.Message;
    }

    [Fact]
    public void Reads_the_real_images()
    {
        string folder = Path.Combine(Repository.Root, "..", "shared", "data", "cifar10");
        Assert.SkipUnless(Directory.Exists(folder), "needs the excerpt of CIFAR-10 in ../shared/data/cifar10");
        TrainingData data = Read(new DataSource { Path = [folder], Scaling = FeatureScaling.StandardizeChannels });

        Assert.Equal((5000, 1000, Pixels, 10), (data.TrainCount, data.TestCount, data.FeatureCount, data.ClassCount));
        Assert.Equal(new ImageShape(32, 32, 3), data.ImageShape);

        // The first labels of the first batch: frog, truck, truck, deer, automobile; and of the test batch: cat, ship, ship.
        Assert.Equal([6, 9, 9, 4, 1], data.Train.Labels[..5].ToArray());
        Assert.Equal([3, 8, 8], data.Test.Labels[..3].ToArray());

        // What is known of the whole of CIFAR-10: channel means 125.3, 123.0, 113.9 and deviations 63.0, 62.1, 66.7.
        TrainingData raw = Read(data.Source! with { Scaling = FeatureScaling.None });
        double[] means = [125.3, 123.0, 113.9];
        double[] deviations = [63.0, 62.1, 66.7];
        for (int c = 0; c < 3; c++)
        {
            double[] before = [.. Enumerable.Range(0, 5000).SelectMany(i => Plane(raw.Train, i, c)).Select(x => (double)x)];
            double mean = before.Average();
            double deviation = Math.Sqrt(before.Average(x => (x - mean) * (x - mean)));
            Assert.Equal(means[c], mean, 3.0);
            Assert.Equal(deviations[c], deviation, 2.0);
            Assert.Equal((Plane(raw.Test, 7, c)[100] - mean) / deviation, Plane(data.Test, 7, c)[100], 1e-5);
        }
    }

    private static float[] Plane(ExampleSet set, int example, int channel) =>
        set.Row(example).Slice(1024 * channel, 1024).ToArray();

    [Fact]
    public void Reads_batches_as_the_training_set_and_the_test_batch_as_the_test_set()
    {
        Write("data_batch_2.bin", 2, [1], [0]);
        Write("data_batch_1.bin", 0, [0], [9]);
        Write("test_batch.bin", 4, [9], [1], [0]);
        _folder.Write("batches.meta.txt", "airplane\n");
        TrainingData data = Read(new DataSource { Path = [_folder.Path] });

        Assert.Equal(["0", "1", "9"], data.Classes);
        Assert.Equal([0, 2, 1, 0], data.Train.Labels.ToArray());
        Assert.Equal([2, 1, 0], data.Test.Labels.ToArray());
        Assert.Equal(
            Enumerable.Range(0, 4).SelectMany(i => Enumerable.Range(0, Pixels).Select(pixel => (float)Pixel(i, pixel))),
            data.Train.Features.ToArray());
        Assert.Equal(Pixel(6, 3000), data.Test.Row(2)[3000]);
    }

    [Fact]
    public void Takes_the_fine_labels_of_CIFAR_100()
    {
        Write("train.bin", 0, [4, 99], [19, 0], [4, 99], [0, 55]);
        Write("test.bin", 4, [0, 55]);
        TrainingData data = Read(new DataSource { Path = [_folder.Path] });
        Assert.Equal(["0", "55", "99"], data.Classes);
        Assert.Equal([2, 0, 2, 1], data.Train.Labels.ToArray());
        Assert.Equal([1], data.Test.Labels.ToArray());
        Assert.Equal(Pixel(3, 1234), data.Train.Row(3)[1234]);
    }

    [Fact]
    public void Tells_the_versions_apart_by_their_labels_where_the_length_fits_both()
    {
        // 3,074 records of 3,073 bytes are as long as 3,073 records of 3,074.
        TrainingData ten = Read(new DataSource
        {
            Path = [Write("ten.bin", 0, [.. Enumerable.Range(0, 3074).Select(i => new[] { (byte)(i % 10) })])], TrainSize = 10,
        });
        Assert.Equal((10, 10), (ten.TrainCount, ten.ClassCount));
        TrainingData hundred = Read(new DataSource
        {
            Path =
            [
                Write("hundred.bin", 0, [.. Enumerable.Range(0, 3073).Select(i => new[] { (byte)(i % 20), (byte)(i % 100) })]),
            ],
            TrainSize = 100,
        });
        Assert.Equal((100, 100), (hundred.TrainCount, hundred.ClassCount));
    }

    [Fact]
    public void Names_record_byte_and_value_of_a_label_out_of_range()
    {
        Assert.Contains(
            "record 2 (from 0), byte 6146: the label is 10; expected 0 to 9",
            Fails("LabelOutOfRange", Write("a.bin", 0, [0], [1], [10])), StringComparison.Ordinal);
        Assert.Contains(
            "record 1 (from 0), byte 3075: the label is 100; expected 0 to 99",
            Fails("LabelOutOfRange", Write("b.bin", 0, [0, 5], [1, 100])), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_size_of_a_file_that_is_no_whole_number_of_records()
    {
        string path = Write("a.bin", 0, [0], [1], [2]);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.Contains("has 9218 bytes", Fails("DataFileLength", path), StringComparison.Ordinal);
        File.WriteAllBytes(path, []);
        Assert.Contains("has 0 bytes", Fails("DataFileLength", path), StringComparison.Ordinal);
        Fails("DataFileNotFound", _folder.File("none.bin"));
    }
}
