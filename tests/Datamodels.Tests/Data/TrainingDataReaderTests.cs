using System.IO.Compression;
using System.Text;
using Datamodels.Data;
using Xunit;

namespace Datamodels.Tests.Data;

public sealed class TrainingDataReaderTests : IDisposable
{
    private const string Small = "1,2,a\n3,4,b\n5,6,a\n7,8,b\n9,10,a\n11,12,b\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DataSource Source(string content, double testSize = 2, bool header = false) => new()
    {
        Path = [_folder.Write("data.csv", content)], TestSize = testSize, Header = header,
    };

    private static TrainingData Read(DataSource source) => TrainingDataReader.Read(source, TestContext.Current.CancellationToken);

    private static DatamodelException Fails(string id, DataSource source)
    {
        var e = Assert.Throws<DatamodelException>(() => Read(source));
        Assert.Equal(id, e.Id);
        return e;
    }

    [Fact]
    public void Reads_the_digits()
    {
        TrainingData data = Read(new DataSource
        {
            Path = [Repository.Digits], TestSize = 300, Scaling = FeatureScaling.UnitRange, ImageShape = ImageShape.Parse("8x8"),
        });

        Assert.Equal("digits", data.Name);
        Assert.Equal((1497, 300, 64, 10), (data.TrainCount, data.TestCount, data.FeatureCount, data.ClassCount));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], data.Classes);
        Assert.Equal(0, data.Train.Features.ToArray().Min());
        Assert.Equal(1, data.Train.Features.ToArray().Max());
        Assert.Equal(new ImageShape(8, 8), data.ImageShape);

        // Every pixel is a sixteenth, so that scaling is exact and the sum of all of them is that of the file over 16.
        double sum = data.Train.Features.ToArray().Concat(data.Test.Features.ToArray()).Sum(x => (double)x);
        Assert.Equal(SumOfPixels() / 16, sum);
        int[] perClass = new int[10];
        foreach (int label in data.Test.Labels)
        {
            perClass[label]++;
        }

        Assert.All(perClass, count => Assert.InRange(count, 29, 31));
    }

    private static double SumOfPixels()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Repository.Digits), CompressionMode.Decompress));
        double sum = 0;
        while (reader.ReadLine() is string line)
        {
            sum += line.Split(',')[..^1].Sum(double.Parse);
        }

        return sum;
    }

    [Fact]
    public void Reads_the_same_bytes_again_and_others_with_another_seed()
    {
        var source = new DataSource { Path = [Repository.Digits], TestSize = 300 };
        string first = Read(source).Fingerprint;
        Assert.Equal(first, Read(source).Fingerprint);
        Assert.NotEqual(first, Read(source with { Seed = 1 }).Fingerprint);
    }

    [Fact]
    public void Keeps_file_order_within_each_set()
    {
        TrainingData data = Read(Source(Small));
        float[] train = [.. Enumerable.Range(0, data.TrainCount).Select(i => data.Train.Row(i)[0])];
        float[] test = [.. Enumerable.Range(0, data.TestCount).Select(i => data.Test.Row(i)[0])];
        Assert.Equal(train.Order(), train);
        Assert.Equal(test.Order(), test);
        Assert.Equal([1f, 3, 5, 7, 9, 11], train.Concat(test).Order());
    }

    [Fact]
    public void Takes_the_label_from_any_column()
    {
        string content = "kind,x,y\na,1,2\nb,3,4\na,5,6\nb,7,8\na,9,10\nb,11,12\n";
        string expected = Read(Source(Small)).Fingerprint;
        DataSource source = Source(content, header: true);
        foreach (string column in new[] { "kind", "1", "-3" })
        {
            TrainingData data = Read(source with { LabelColumn = column });
            Assert.Equal(["a", "b"], data.Classes);
            Assert.Equal(expected, data.Fingerprint);
        }
    }

    [Fact]
    public void Prefers_a_name_to_a_number()
    {
        TrainingData data = Read(
            Source("7,1,x\na,0,1\nb,0,2\na,0,3\nb,0,4\na,0,5\nb,0,6\n", header: true) with { LabelColumn = "7" });
        Assert.Equal(["a", "b"], data.Classes);
    }

    [Theory]
    [InlineData("10,9,2", "2,9,10")]
    [InlineData("10.0,9,-2.0", "-2,9,10")]
    [InlineData("10,9,x", "10,9,x")]
    [InlineData("b,B,a", "B,a,b")]
    [InlineData("1.5,10,9", "1.5,10,9")]
    public void Sorts_classes_as_numbers_if_all_are_whole_else_as_text(string labels, string classes)
    {
        string content = string.Concat(labels.Split(',').SelectMany(l => new[] { $"1,{l}\n", $"2,{l}\n" }));
        Assert.Equal(classes.Split(','), Read(Source(content, 3)).Classes);
    }

    [Fact]
    public void Recognises_gzip_by_its_content()
    {
        string path = _folder.File("named-plainly.csv");
        WriteGzip(path, Small);
        Assert.Equal(Read(Source(Small)).Fingerprint, Read(new DataSource { Path = [path], TestSize = 2 }).Fingerprint);
    }

    [Fact]
    public void Reads_gzip_of_several_members()
    {
        WriteGzip(_folder.File("1.gz"), Small[..20]);
        WriteGzip(_folder.File("2.gz"), Small[20..]);
        string path = _folder.File("both.csv.gz");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(_folder.File("1.gz")), .. File.ReadAllBytes(_folder.File("2.gz"))]);
        Assert.Equal(Read(Source(Small)).Fingerprint, Read(new DataSource { Path = [path], TestSize = 2 }).Fingerprint);
    }

    [Fact]
    public void Accepts_a_byte_order_mark_windows_lines_quotes_and_blank_lines()
    {
        string content = "\uFEFF1,2,\"a\"\r\n3, 4 ,b\r\n\r\n5,6,a\r\n7,8,\"b\"\r\n9,10,a\r\n11,12,b";
        Assert.Equal(Read(Source(Small)).Fingerprint, Read(Source(content)).Fingerprint);
    }

    [Fact]
    public void Standardizes_with_constants_of_the_training_set()
    {
        TrainingData raw = Read(Source("1,5,a\n2,5,b\n30,5,a\n4,5,b\n5,5,a\n60,5,b\n", 2));
        TrainingData data = Read(
            Source("1,5,a\n2,5,b\n30,5,a\n4,5,b\n5,5,a\n60,5,b\n", 2) with { Scaling = FeatureScaling.Standardize });
        double[] train = [.. Enumerable.Range(0, 4).Select(i => (double)raw.Train.Row(i)[0])];
        double mean = train.Average();
        double deviation = Math.Sqrt(train.Average(x => (x - mean) * (x - mean)));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal((train[i] - mean) / deviation, data.Train.Row(i)[0], 1e-6);
            Assert.Equal(0, data.Train.Row(i)[1]);
        }

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal((raw.Test.Row(i)[0] - mean) / deviation, data.Test.Row(i)[0], 1e-5);
        }
    }

    [Fact]
    public void Scales_to_the_unit_range_of_the_training_set()
    {
        DataSource source = Source("1,5,a\n2,5,b\n30,5,a\n4,5,b\n5,5,a\n60,5,b\n");
        TrainingData raw = Read(source);
        TrainingData data = Read(source with { Scaling = FeatureScaling.UnitRange });
        float least = raw.Train.Features.ToArray().Min();
        float most = raw.Train.Features.ToArray().Max();
        Assert.Equal(0, data.Train.Features.ToArray().Min());
        Assert.Equal(1, data.Train.Features.ToArray().Max());
        Assert.Equal(
            raw.Test.Features.ToArray().Select(x => (float)(((double)x - least) / ((double)most - least))),
            data.Test.Features.ToArray());
    }

    [Theory]
    [InlineData("1,2,a\n3,oops,b\n",
        "line 2, column 2: the value is 'oops'; expected a finite number. Every column but the label, column 3, holds numbers")]
    [InlineData("1,2,a\n3,NaN,b\n", "line 2, column 2: the value is 'NaN'")]
    [InlineData("1,2,a\n3,1e99,b\n", "line 2, column 2: the value is '1e99'")]
    [InlineData("1,2,a\n\n,4,b\n", "line 3, column 1: the value is empty")]
    [InlineData("1,2,a\n3,4,\n", "line 2, column 3: the value is empty; expected a label. Fill it in")]
    [InlineData("x,y,kind\n1,2,a\n",
        "line 1, column 1: the value is 'x'; expected a finite number. If the first line holds column names, set Header.")]
    public void Names_line_column_and_value_of_a_bad_value(string content, string expected) =>
        Assert.Contains(expected, Fails("ValueInvalid", Source(content)).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_the_column_where_it_has_a_name() =>
        Assert.Contains(
            "line 3, column 2 ('height'): the value is '?'",
            Fails("ValueInvalid", Source("width,height,kind\n1,2,a\n3,?,b\n", header: true)).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_ragged_row() =>
        Assert.Contains(
            "line 2: 2 columns, where the first line has 3", Fails("RowLengthDiffers", Source("1,2,a\n3,b\n")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_quote_that_is_not_closed() =>
        Assert.Contains("line 2", Fails("CsvMalformed", Source("1,2,a\n3,\"4,b\n5,6,a\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Lists_the_columns_there_are()
    {
        string named = Fails(
            "LabelColumnNotFound", Source("x,y,kind\n1,2,a\n", header: true) with { LabelColumn = "label" }).Message;
        Assert.Contains("no label column 'label'; its columns are 'x', 'y', 'kind'.", named, StringComparison.Ordinal);
        string numbered = Fails("LabelColumnNotFound", Source(Small) with { LabelColumn = "4" }).Message;
        Assert.Contains("no label column '4'; its columns are 1 to 3", numbered, StringComparison.Ordinal);
        Fails("LabelColumnNotFound", Source(Small) with { LabelColumn = "0" });
        Fails("LabelColumnNotFound", Source(Small) with { LabelColumn = "-4" });
        Fails("LabelColumnAmbiguous", Source("x,x,y\n1,2,a\n", header: true) with { LabelColumn = "x" });
    }

    [Fact]
    public void Names_a_class_with_one_example_and_its_line() =>
        Assert.Contains(
            "line 3: class 'c' has this one example",
            Fails("ClassWithOneExample", Source("1,2,a\n3,4,b\n5,6,c\n7,8,b\n9,10,a\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_single_class() => Fails("SingleClass", Source("1,a\n2,a\n3,a\n"));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Refuses_a_test_size_that_is_none(double size) => Fails("TestSizeInvalid", Source(Small, size));

    [Theory]
    [InlineData(0.01)]
    [InlineData(5)]
    [InlineData(0.99)]
    public void Refuses_a_test_size_that_leaves_a_set_empty(double size) => Fails("TestSizeOutOfRange", Source(Small, size));

    [Fact]
    public void Refuses_an_image_shape_of_other_size() =>
        Assert.Contains(
            "3x3", Fails("ImageShapeMismatch", Source(Small) with { ImageShape = new ImageShape(3, 3) }).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Refuses_what_is_not_a_readable_file()
    {
        Fails("DataFileNotFound", new DataSource { Path = [_folder.File("none.csv")] });
        Fails("DataFileNotFound", new DataSource { Path = [_folder.File("none/none.csv")] });
        Fails("DataFileIsFolder", new DataSource { Path = [_folder.Path] });
        Fails("DataFileEmpty", Source(""));
        Fails("DataFileEmpty", Source("\n\n"));
        Fails("DataFileEmpty", Source("x,y\n", header: true));
        Fails("TooFewColumns", Source("1\n2\n"));
    }

    [Fact]
    public void Refuses_a_header_of_repeated_numbers() => Fails("HeaderMissing", Source("1,1,2\n3,4,5\n", header: true));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(20)]
    [InlineData(1000)]
    [InlineData(40000)]
    public void Refuses_gzip_that_is_cut_short(int cut)
    {
        byte[] whole = File.ReadAllBytes(Repository.Digits);
        File.WriteAllBytes(_folder.File("cut.csv.gz"), whole[..^cut]);
        Fails("GzipDamaged", new DataSource { Path = [_folder.File("cut.csv.gz")] });
    }

    [Fact]
    public void Refuses_gzip_that_is_damaged()
    {
        byte[] damaged = File.ReadAllBytes(Repository.Digits);
        damaged[^6] ^= 0xFF;
        File.WriteAllBytes(_folder.File("damaged.csv.gz"), damaged);
        Fails("GzipDamaged", new DataSource { Path = [_folder.File("damaged.csv.gz")] });
    }

    [Fact]
    public void Stops_when_told()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => TrainingDataReader.Read(Source(Small), cancellation.Token));
    }

    private static void WriteGzip(string path, string content)
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(content));
    }
}
