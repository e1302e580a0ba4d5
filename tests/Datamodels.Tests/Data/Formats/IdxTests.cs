using Datamodels.Data;
using Xunit;

namespace Datamodels.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TrainingData Read(DataSource source) => TrainingDataReader.Read(source, TestContext.Current.CancellationToken);

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder.File(name), content);
        return _folder.File(name);
    }

    private string Fails(string id, params string[] paths)
    {
        var e = Assert.Throws<DatamodelException>(() => Read(new DataSource { Path = [.. paths] }));
        Assert.Equal(id, e.Id);
        return e.Message;
    }

    /// <summary>A folder as MNIST comes: training and test set, images and labels.</summary>
    private void WriteMnist(Func<byte[], byte[]> encode, string ending)
    {
        Write("train-images-idx3-ubyte" + ending, encode(RealDigits.Images(..1000)));
        Write("train-labels-idx1-ubyte" + ending, encode(RealDigits.LabelFile(..1000)));
        Write("t10k-images-idx3-ubyte" + ending, encode(RealDigits.Images(1000..1500)));
        Write("t10k-labels-idx1-ubyte" + ending, encode(RealDigits.LabelFile(1000..1500)));
        _folder.Write("readme.md", "not data");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_a_folder_of_MNIST_as_it_comes(bool gzip)
    {
        WriteMnist(content => gzip ? RealDigits.Gzip(content) : content, gzip ? ".gz" : "");
        TrainingData data = Read(new DataSource { Path = [_folder.Path] });

        Assert.Equal(Path.GetFileName(_folder.Path), data.Name);
        Assert.Equal((1000, 500, 64, 10), (data.TrainCount, data.TestCount, data.FeatureCount, data.ClassCount));
        Assert.Equal(new ImageShape(8, 8), data.ImageShape);
        Assert.Equal(RealDigits.Pixels(..1000).Select(x => (float)x), data.Train.Features.ToArray());
        Assert.Equal(RealDigits.Pixels(1000..1500).Select(x => (float)x), data.Test.Features.ToArray());
        Assert.Equal(RealDigits.Labels(..1000).Select(x => (int)x), data.Train.Labels.ToArray());
        Assert.Equal(RealDigits.Labels(1000..1500).Select(x => (int)x), data.Test.Labels.ToArray());
    }

    [Fact]
    public void Leaves_out_a_compressed_file_beside_its_content()
    {
        WriteMnist(content => content, "");
        string expected = Read(new DataSource { Path = [_folder.Path] }).Fingerprint;
        WriteMnist(RealDigits.Gzip, ".gz");
        Assert.Equal(expected, Read(new DataSource { Path = [_folder.Path] }).Fingerprint);
    }

    [Fact]
    public void Finds_the_labels_beside_the_images_and_reads_the_same_as_CSV()
    {
        string images = Write("all-images-idx3-ubyte.gz", RealDigits.Gzip(RealDigits.Images(..)));
        string labels = Write("all-labels-idx1-ubyte", RealDigits.LabelFile(..));
        string csv = Read(new DataSource { Path = [Repository.Digits], TestSize = 300 }).Fingerprint;
        Assert.Equal(csv, Read(new DataSource { Path = [images], TestSize = 300 }).Fingerprint);
        Assert.Equal(csv, Read(new DataSource { Path = [labels, images], TestSize = 300 }).Fingerprint);
    }

    [Fact]
    public void Takes_files_of_any_name_by_their_content_and_their_order()
    {
        string first = Write("a", RealDigits.Images(..900));
        string second = Write("b", RealDigits.Images(900..));
        string firstLabels = Write("c", RealDigits.LabelFile(..900));
        string secondLabels = Write("d", RealDigits.LabelFile(900..));
        Assert.Equal(
            Read(new DataSource { Path = [Repository.Digits] }).Fingerprint,
            Read(new DataSource { Path = [first, second, firstLabels, secondLabels] }).Fingerprint);
        Assert.Contains(
            "900 examples, but", Fails("LabelCountDiffers", first, second, secondLabels, firstLabels), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x09, "FF000102", -1f, 0f, 1f, 2f)]
    [InlineData(0x0B, "FFFE000100020103", -2f, 1f, 2f, 259f)]
    [InlineData(0x0C, "FFFFFFFF000100000000000200000003", -1f, 65536f, 2f, 3f)]
    [InlineData(0x0D, "3F800000BF8000003F00000000000000", 1f, -1f, 0.5f, 0f)]
    [InlineData(0x0E, "3FF0000000000000BFF00000000000003FE00000000000000000000000000000", 1f, -1f, 0.5f, 0f)]
    public void Reads_every_type_of_element(byte type, string hex, float a, float b, float c, float d)
    {
        string images = Write("x.idx", RealDigits.Idx(type, Convert.FromHexString(hex), 4, 1));
        string labels = Write("y.idx", RealDigits.Idx([0, 0, 1, 1], 4));
        TrainingData data = Read(new DataSource { Path = [images, labels], TestSize = 2 });
        Assert.Equal(
            new[] { a, b, c, d }.Order(), data.Train.Features.ToArray().Concat(data.Test.Features.ToArray()).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Names_the_sizes_of_a_file_that_is_cut_short_or_too_long(bool gzip)
    {
        Func<byte[], byte[]> encode = gzip ? RealDigits.Gzip : content => content;
        Write("y-idx1-ubyte", RealDigits.LabelFile(..100));
        byte[] images = RealDigits.Images(..100);

        string said = Fails("DataFileLength", Write("x-idx3-ubyte", encode(images[..^1])));
        Assert.Contains(
            "x-idx3-ubyte' (uint8 [100, 8, 8]) takes 6400 bytes, but there are 6399 bytes", said, StringComparison.Ordinal);
        said = Fails("DataFileLength", Write("x-idx3-ubyte", encode([.. images, 0])));
        Assert.Contains(gzip ? "more than 6400 bytes" : "6401 bytes", said, StringComparison.Ordinal);
        Assert.Contains(
            "ends within the lengths of its 3 axes", Fails("DataFileLength", Write("x-idx3-ubyte", encode(images[..10]))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_damaged_gzip()
    {
        Write("y-idx1-ubyte", RealDigits.LabelFile(..100));
        byte[] whole = RealDigits.Gzip(RealDigits.Images(..100));
        string path = Write("x-idx3-ubyte", whole[..^9]);
        Assert.Contains(path, Fails("GzipDamaged", path), StringComparison.Ordinal);
        whole[^7] ^= 1;
        Fails("GzipDamaged", Write("x-idx3-ubyte", whole));
    }

    [Theory]
    [InlineData("01000803", "begins with 01000803")]
    [InlineData("0000FF03", "begins with 0000FF03")]
    [InlineData("0000", "begins with 0000")]
    public void Refuses_what_is_no_IDX_file(string hex, string expected)
    {
        string path = Write("x-idx3-ubyte", Convert.FromHexString(hex));
        Assert.Contains(expected, Fails("IdxForeign", path), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_images_and_labels_that_do_not_go_together()
    {
        string images = Write("x-idx3-ubyte", RealDigits.Images(..100));
        Assert.Contains("none are beside it", Fails("LabelsMissing", images), StringComparison.Ordinal);
        string labels = Write("y-idx1-ubyte", RealDigits.LabelFile(..99));
        string said = Fails("LabelCountDiffers", images);
        Assert.Contains("has 100 examples, but", said, StringComparison.Ordinal);
        Assert.Contains("has 99 labels", said, StringComparison.Ordinal);
        Assert.Contains(labels, Fails("FeaturesMissing", labels), StringComparison.Ordinal);
        Fails("LabelsShape", images, Write("labels.idx", RealDigits.Idx(new byte[200], 100, 2)));
        Fails("DataFileEmpty", Write("x-idx3-ubyte", RealDigits.Idx([], 0, 8, 8)));
        Fails("DataFileTwice", labels, labels);
    }

    [Fact]
    public void Refuses_a_header_of_a_size_beyond_any_file() =>
        Assert.Contains(
            "4294967295 examples",
            Fails("DataTooLarge", Write("x-idx3-ubyte", [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255])),
            StringComparison.Ordinal);

    [Fact]
    public void Refuses_another_image_shape_than_that_of_the_file()
    {
        WriteMnist(content => content, "");
        var source = new DataSource { Path = [_folder.Path], ImageShape = new ImageShape(4, 16) };
        Assert.Equal("ImageShapeMismatch", Assert.Throws<DatamodelException>(() => Read(source)).Id);
        Assert.Equal(new ImageShape(8, 8), Read(source with { ImageShape = new ImageShape(8, 8) }).ImageShape);
    }
}
