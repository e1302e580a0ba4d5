using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Datamodels.Data;
using Xunit;

namespace Datamodels.Tests.Data;

public sealed class NumPyTests : IDisposable
{
    // What NumPy 1.24 writes for
    // np.savez_compressed(b, x_train=np.arange(24, dtype=np.float16).reshape(4, 2, 3) / 2,
    //     y_train=np.array(['cat', 'dog', 'cat', 'dog']), x_test=np.arange(12, dtype=np.float16).reshape(2, 2, 3),
    //     y_test=np.array(['dog', 'cat']), x_val=np.zeros((1, 2, 3), np.float16), note=np.array(7))
    private const string TwoSets =
        "UEsDBBQAAAAIAAAAIQDRNX4reQAAALAAAAALABQAeF90cmFpbi5ucHkBABAAsAAAAAAAAAB5AAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqSu"
        + "o6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6CkY6CsaaOgq1CuQBLgYGBgsGGwY7BgcGRwYnBmcGlwYXBtcGVwa3BjcG9wZ3Bg8HjwaPAx4M"
        + "ng6eDZ4HPAFQSwMEFAAAAAgAAAAhALGC3xpXAAAAsAAAAAsAFAB5X3RyYWluLm5weQEAEACwAAAAAAAAAFcAAAAAAAAAm+wX6hsQychQxlCtnpJanFyk"
        + "bqWgbhNqrK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjqaOgq1ChQArmQGBoZEIC4B4hQgzgfidCDGJQ4AUEsDBBQAAAAIAAAAIQDhn/u1"
        + "YAAAAJgAAAAKABQAeF90ZXN0Lm5weQEAEACYAAAAAAAAAGAAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmpK6joJ6WX1RSlJgXn1+UkgoSd0vM"
        + "KU4FihdnJBakAvkaRjoKQGSsqaNQq0Ae4GJgYLBhcGBwYnBhcGVwY3Bn8GjwYPBs8AQAUEsDBBQAAAAIAAAAIQBlZOwkVQAAAJgAAAAKABQAeV90ZXN0"
        + "Lm5weQEAEACYAAAAAAAAAFUAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbhNqrK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1"
        + "ChQArhQGBoZ8IE4H4mQgTgTiEiAGAFBLAwQUAAAACAAAACEAPEN5AEwAAACMAAAACQAUAHhfdmFsLm5weQEAEACMAAAAAAAAAEwAAAAAAAAAm+wX6hsQ"
        + "ychQxlCtnpJanFykbqWgbpNmpK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjoKRjoKxpo6CrUK5AEuBiQAAFBLAwQUAAAACAAAACEAI7jw"
        + "bEYAAACIAAAACAAUAG5vdGUubnB5AQAQAIgAAAAAAAAARgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wp"
        + "TgWKF2ckFqQC+RqaOgq1ChQBLnYGCAAAUEsBAhQDFAAAAAgAAAAhANE1fit5AAAAsAAAAAsAAAAAAAAAAAAAAIABAAAAAHhfdHJhaW4ubnB5UEsBAhQD"
        + "FAAAAAgAAAAhALGC3xpXAAAAsAAAAAsAAAAAAAAAAAAAAIABtgAAAHlfdHJhaW4ubnB5UEsBAhQDFAAAAAgAAAAhAOGf+7VgAAAAmAAAAAoAAAAAAAAA"
        + "AAAAAIABSgEAAHhfdGVzdC5ucHlQSwECFAMUAAAACAAAACEAZWTsJFUAAACYAAAACgAAAAAAAAAAAAAAgAHmAQAAeV90ZXN0Lm5weVBLAQIUAxQAAAAI"
        + "AAAAIQA8Q3kATAAAAIwAAAAJAAAAAAAAAAAAAACAAXcCAAB4X3ZhbC5ucHlQSwECFAMUAAAACAAAACEAI7jwbEYAAACIAAAACAAAAAAAAAAAAAAAgAH+"
        + "AgAAbm90ZS5ucHlQSwUGAAAAAAYABgBPAQAAfgMAAAAA";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TrainingData Read(DataSource source) => TrainingDataReader.Read(source, TestContext.Current.CancellationToken);

    private static string Fails(string id, DataSource source)
    {
        var e = Assert.Throws<DatamodelException>(() => Read(source));
        Assert.Equal(id, e.Id);
        return e.Message;
    }

    private DataSource Source(params string[] names) => new() { Path = [.. names.Select(_folder.File)] };

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder.File(name), content);
        return _folder.File(name);
    }

    private static byte[] Npy<T>(string type, string shape, params T[] elements)
        where T : unmanaged
    {
        byte[] text = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}\n");
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. text, .. MemoryMarshal.AsBytes(elements.AsSpan())];
    }

    private string WriteNpz(string name, CompressionLevel level, params (string Name, byte[] Content)[] arrays)
    {
        using var archive = new ZipArchive(File.Create(_folder.File(name)), ZipArchiveMode.Create);
        foreach ((string arrayName, byte[] content) in arrays)
        {
            using Stream entry = archive.CreateEntry(arrayName + ".npy", level).Open();
            entry.Write(content);
        }

        return _folder.File(name);
    }

    private static byte[] DigitImages(Range range, int count) => Npy("|u1", $"{count}, 8, 8", RealDigits.Pixels(range));

    private static byte[] DigitLabels(Range range, int count) => Npy("|u1", $"{count},", RealDigits.Labels(range));

    [Fact]
    public void Reads_the_sets_of_an_archive_that_NumPy_wrote()
    {
        Write("sets.npz", Convert.FromBase64String(TwoSets));
        TrainingData data = Read(Source("sets.npz"));
        Assert.Equal("sets", data.Name);
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal(new ImageShape(2, 3), data.ImageShape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i / 2f), data.Train.Features.ToArray());
        Assert.Equal([0, 1, 0, 1], data.Train.Labels.ToArray());
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)i), data.Test.Features.ToArray());
        Assert.Equal([1, 0], data.Test.Labels.ToArray());
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Reads_the_digits_of_an_archive_as_those_of_the_CSV(CompressionLevel level)
    {
        WriteNpz("d.npz", level, ("features", DigitImages(.., RealDigits.Count)), ("labels", DigitLabels(.., RealDigits.Count)));
        DataSource source = Source("d.npz") with { TestSize = 300, Seed = 4, Scaling = FeatureScaling.Standardize };
        Assert.Equal(Read(source with { Path = [Repository.Digits] }).Fingerprint, Read(source).Fingerprint);
    }

    [Fact]
    public void Reads_files_of_arrays_that_belong_together_by_their_names()
    {
        Write("x_train.npy", DigitImages(..1000, 1000));
        Write("y_train.npy", DigitLabels(..1000, 1000));
        Write("x_test.npy", DigitImages(1000..1200, 200));
        Write("y_test.npy.gz", RealDigits.Gzip(DigitLabels(1000..1200, 200)));
        TrainingData data = Read(new DataSource { Path = [_folder.Path] });
        Assert.Equal((1000, 200), (data.TrainCount, data.TestCount));
        Assert.Equal(RealDigits.Labels(1000..1200).Select(x => (int)x), data.Test.Labels.ToArray());
        Assert.Equal(
            data.Fingerprint, Read(Source("y_test.npy.gz", "x_test.npy", "y_train.npy", "x_train.npy")).Fingerprint);
        Assert.Equal(
            data.Fingerprint,
            Read(Source("x_train.npy") with { TestPath = [_folder.File("x_test.npy")] }).Fingerprint);
    }

    [Fact]
    public void Takes_a_split_that_is_an_array()
    {
        byte[] x = Npy("<f4", "4, 2", 1f, 2, 3, 4, 5, 6, 7, 8);
        byte[] y = Npy("<i8", "4, 1", 3L, -1, 3, -1);
        foreach (byte[] split in new[]
        {
            Npy("|S5", "4,", Encoding.ASCII.GetBytes("traintraintest\0train")), Npy("<i4", "4,", 0, 0, 1, 0),
            Npy<byte>("|b1", "4,", 0, 0, 1, 0),
        })
        {
            WriteNpz("s.npz", CompressionLevel.Optimal, ("split", split), ("data", x), ("targets", y));
            TrainingData data = Read(Source("s.npz"));
            Assert.Equal(["-1", "3"], data.Classes);
            Assert.Equal([1f, 2, 3, 4, 7, 8], data.Train.Features.ToArray());
            Assert.Equal([5f, 6], data.Test.Features.ToArray());
            Assert.Equal([1], data.Test.Labels.ToArray());
        }

        string test = WriteNpz("t.npz", CompressionLevel.Optimal, ("x", x), ("y", y));
        Fails("SplitTwice", Source("s.npz") with { TestPath = [test] });

        Write("a_x.npy", x);
        Write("a_y.npy", y);
        Write("a_split.npy", Npy("<i4", "4,", 0, 0, 1, 0));
        Assert.Equal(
            Read(Source("s.npz")).Fingerprint, Read(Source("a_split.npy", "a_x.npy", "a_y.npy")).Fingerprint);
        Assert.Contains(
            "a_split.npy' (int32 [4]) holds a split, but there are no features for it",
            Fails("FeaturesMissing", Source("a_split.npy")), StringComparison.Ordinal);
        WriteNpz("s.npz", CompressionLevel.Optimal, ("split", Npy("<i4", "4,", 0, 0, 2, 0)), ("x", x), ("y", y));
        Assert.Contains("row 2 (from 0): the value is '2'", Fails("SplitValue", Source("s.npz")), StringComparison.Ordinal);
        byte[] texts = Npy("|S5", "4,", Encoding.ASCII.GetBytes("traintraintset\0train"));
        WriteNpz("s.npz", CompressionLevel.Optimal, ("split", texts), ("x", x), ("y", y));
        Assert.Contains("row 2 (from 0): the value is 'tset'", Fails("SplitValue", Source("s.npz")), StringComparison.Ordinal);
        WriteNpz("s.npz", CompressionLevel.Optimal, ("split", Npy("<i4", "3,", 0, 0, 1)), ("x", x), ("y", y));
        Fails("SplitShape", Source("s.npz"));
    }

    [Fact]
    public void Names_the_array_of_other_examples()
    {
        byte[] x = Npy("<f4", "2, 3", 1f, 2, 3, 4, 5, 6);
        byte[] y = Npy("<i8", "2,", 0L, 1);
        byte[] other = Npy("<f4", "2, 2", 1f, 2, 3, 4);
        string path = WriteNpz(
            "a.npz", CompressionLevel.Optimal, ("x_train", x), ("y_train", y), ("x_test", other), ("y_test", y));
        Assert.StartsWith(
            $"'{path}', x_test (float32 [2, 2]) has 2 features, but '{path}', x_train (float32 [2, 3]) has 3 features",
            Fails("FeatureCountsDiffer", Source("a.npz")), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_arrays_without_names_by_their_shape_and_lists_them_where_that_does_not_do()
    {
        byte[] x = Npy("<f4", "4, 2", 1f, 2, 3, 4, 5, 6, 7, 8);
        byte[] y = Npy("<i8", "4,", 0L, 1, 0, 1);
        WriteNpz("a.npz", CompressionLevel.Optimal, ("arr_0", x), ("arr_1", y));
        Assert.Equal(2, Read(Source("a.npz") with { TestSize = 2 }).FeatureCount);
        WriteNpz("a.npz", CompressionLevel.Optimal, ("arr_0", x), ("arr_1", y), ("ids", y));
        string said = Fails("ArrayNamesUnknown", Source("a.npz"));
        Assert.Contains("arr_0 (float32 [4, 2]), arr_1 (int64 [4]), ids (int64 [4])", said, StringComparison.Ordinal);
        WriteNpz("a.npz", CompressionLevel.Optimal, ("arr_0", x), ("y", y), ("ids", y));
        Assert.Equal(2, Read(Source("a.npz") with { TestSize = 2 }).FeatureCount);
        WriteNpz("a.npz", CompressionLevel.Optimal, ("arr_0", x), ("y", Npy("|O", "4,", new byte[40])));
        said = Fails("NpyTypeUnknown", Source("a.npz"));
        Assert.Contains("a.npz, y.npy' holds elements of type '|O'", said, StringComparison.Ordinal);
        WriteNpz("a.npz", CompressionLevel.Optimal);
        Fails("ArrayNamesUnknown", Source("a.npz"));
    }

    [Fact]
    public void Reads_every_type_of_number()
    {
        Write("y.npy", Npy<byte>("|b1", "4,", 0, 1, 0, 1));
        float[] Values(byte[] npy)
        {
            Write("x.npy", npy);
            TrainingData data = Read(Source("x.npy", "y.npy") with { TestSize = 2 });
            Assert.Equal(["False", "True"], data.Classes);
            return [.. data.Train.Features.ToArray().Concat(data.Test.Features.ToArray()).Order()];
        }

        Assert.Equal([0f, 0, 1, 1], Values(Npy<byte>("|b1", "4, 1", 0, 1, 0, 1)));
        Assert.Equal([0f, 1, 2, 255], Values(Npy<byte>("|u1", "4, 1", 0, 255, 2, 1)));
        Assert.Equal([-128f, 0, 1, 127], Values(Npy<sbyte>("|i1", "4, 1", 0, -128, 127, 1)));
        Assert.Equal([0f, 1, 2, 65535], Values(Npy<ushort>("<u2", "4, 1", 0, 65535, 2, 1)));
        Assert.Equal([-32768f, 0, 1, 2], Values(Npy<short>("<i2", "4, 1", 0, -32768, 2, 1)));
        Assert.Equal([0f, 1, 2, 4294967295], Values(Npy<uint>("<u4", "4, 1", 0, uint.MaxValue, 2, 1)));
        Assert.Equal([-5f, 0, 1, 2], Values(Npy("<i4", "4, 1", 0, -5, 2, 1)));
        Assert.Equal([0f, 1, 2, 18446744073709551615], Values(Npy<ulong>("<u8", "4, 1", 0, ulong.MaxValue, 2, 1)));
        Assert.Equal([-5f, 0, 1, 2], Values(Npy("<i8", "4, 1", 0L, -5, 2, 1)));
        Assert.Equal([-0.5f, 0, 1, 65504], Values(Npy("<f2", "4, 1", (Half)0, (Half)(-0.5), Half.MaxValue, (Half)1)));
        Assert.Equal([-0.5f, 0, 1, 1e30f], Values(Npy<float>("<f4", "4, 1", 0, -0.5f, 1e30f, 1)));
        Assert.Equal([-0.5f, 0, 0.1f, 1e30f], Values(Npy("<f8", "4, 1", 0d, -0.5, 1e30, 0.1)));
        Assert.Equal([-2f, 0, 1, 256], Values(Npy(">i2", "4, 1", new byte[] { 0, 0, 255, 254, 1, 0, 0, 1 })));
    }

    [Fact]
    public void Puts_channels_first()
    {
        // Two images of 2x2 pixels and 3 channels; value = 100 image + 10 pixel + channel.
        float[] Image(bool last) =>
        [
            .. from image in Enumerable.Range(0, 4)
               from outer in Enumerable.Range(0, last ? 4 : 3)
               from inner in Enumerable.Range(0, last ? 3 : 4)
               select (100f * image) + (last ? (10 * outer) + inner : (10 * inner) + outer),
        ];
        Write("y.npy", Npy("<i8", "4,", 0L, 1, 0, 1));
        Write("x.npy", Npy("<f4", "4, 3, 2, 2", Image(last: false)));
        TrainingData first = Read(Source("x.npy") with { TestSize = 2 });
        Write("x.npy", Npy("<f4", "4, 2, 2, 3", Image(last: true)));
        TrainingData last = Read(Source("x.npy") with { TestSize = 2 });
        Assert.Equal(new ImageShape(2, 2, 3), first.ImageShape);
        Assert.Equal(new ImageShape(2, 2, 3), last.ImageShape);
        Assert.Equal([0f, 10, 20, 30, 1, 11, 21, 31, 2, 12, 22, 32], last.Train.Row(0).ToArray().Select(x => x % 100));
        Assert.Equal(first.Fingerprint, last.Fingerprint);
        Assert.Equal(new ImageShape(2, 2, 3), last.Source!.ImageShape);
        Assert.Equal(last.Fingerprint, Read(last.Source).Fingerprint);
    }

    [Fact]
    public void Asks_for_the_image_shape_where_it_is_not_clear()
    {
        Write("y.npy", Npy("<i8", "4,", 0L, 1, 0, 1));
        Write("x.npy", Npy("|u1", "4, 3, 2, 4", new byte[96]));
        DataSource source = Source("x.npy") with { TestSize = 2 };
        string said = Fails("ImageLayoutUnclear", source);
        Assert.Contains("2x4x3 with the channels first or of 3x2x4 with the channels last; both", said, StringComparison.Ordinal);
        Assert.Equal(new ImageShape(2, 4, 3), Read(source with { ImageShape = new ImageShape(2, 4, 3) }).ImageShape);
        Assert.Equal(new ImageShape(3, 2, 4), Read(source with { ImageShape = new ImageShape(3, 2, 4) }).ImageShape);
        Assert.Contains(
            "4x3x2 is neither", Fails("ImageLayoutUnclear", source with { ImageShape = new ImageShape(4, 3, 2) }),
            StringComparison.Ordinal);
        Write("x.npy", Npy("|u1", "4, 2, 3, 2", new byte[48]));
        Assert.Contains("neither has 1, 3 or 4 channels", Fails("ImageLayoutUnclear", source), StringComparison.Ordinal);
        Write("x.npy", Npy("|u1", "4, 3, 3, 3", new byte[108]));
        Assert.Contains(
            "save it as [n, features]", Fails("ImageLayoutUnclear", source with { ImageShape = new ImageShape(3, 3, 3) }),
            StringComparison.Ordinal);
        Write("x.npy", Npy("|u1", "4, 1, 3, 3, 3", new byte[108]));
        Assert.Contains("has 5 axes", Fails("ArrayAxes", source), StringComparison.Ordinal);
        Write("x.npy", Npy("|u1", "4, 1, 2, 1025", new byte[8200]));
        Assert.Contains("more than 1024 pixels", Fails("ArrayAxes", source), StringComparison.Ordinal);
        Write("x.npy", Npy("|u1", "4, 2, 1025", new byte[8200]));
        Assert.Null(Read(source).ImageShape);
        Write("x.npy", Npy("|u1", "4, 6", new byte[24]));
        Assert.Null(Read(source).ImageShape);
        Assert.Equal(new ImageShape(2, 3), Read(source with { ImageShape = new ImageShape(2, 3) }).ImageShape);
    }

    [Fact]
    public void Names_place_and_value_of_what_is_not_finite_or_no_label()
    {
        Write("y.npy", Npy("<f8", "4,", 0d, 1, 0, 1));
        Write("x.npy", Npy("<f8", "4, 2", 0d, 1, 2, 3, 4, double.NaN, 6, 7));
        string said = Fails("ValueInvalid", Source("x.npy") with { TestSize = 2 });
        Assert.Contains("row 2 (from 0), value 1 (from 0): the value is NaN", said, StringComparison.Ordinal);
        Write("x.npy", Npy("<f8", "4, 2", 0d, 1, 2, 3, 4, 5, -1e300, 7));
        said = Fails("ValueInvalid", Source("x.npy") with { TestSize = 2 });
        Assert.Contains("row 3 (from 0), value 0 (from 0)", said, StringComparison.Ordinal);
        Write("y.npy", Npy("<f8", "4,", 0d, 1, double.NaN, 1));
        Assert.Contains("row 2 (from 0): the label is NaN", Fails("ValueInvalid", Source("x.npy")), StringComparison.Ordinal);
        Write("y.npy", Npy("<U1", "4,", Encoding.UTF32.GetBytes("ab\0b")));
        Assert.Contains("row 2 (from 0): the label is empty", Fails("ValueInvalid", Source("x.npy")), StringComparison.Ordinal);
        Write("x.npy", Npy("<U1", "4, 2", Encoding.UTF32.GetBytes("12345678")));
        Fails("ArrayTypeInvalid", Source("x.npy"));
    }

    [Fact]
    public void Reads_labels_that_are_text()
    {
        Write("x.npy", Npy("<f4", "4, 1", 1f, 2, 3, 4));
        foreach (byte[] labels in new[]
        {
            Npy("<U2", "4,", Encoding.UTF32.GetBytes("é\0fgé\0fg")),
            Npy(">U2", "4,", new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes("é\0fgé\0fg")),
            Npy("|S2", "4,", Encoding.UTF8.GetBytes("éfgéfg")),
        })
        {
            Write("y.npy", labels);
            Assert.Equal(["fg", "é"], Read(Source("x.npy") with { TestSize = 2 }).Classes);
        }
    }

    [Fact]
    public void Names_the_sizes_of_an_array_that_is_cut_short_and_says_what_cannot_be_read()
    {
        Write("y.npy", Npy("<i8", "4,", 0L, 1, 0, 1));
        byte[] x = Npy("<f4", "4, 1", 1f, 2, 3, 4);
        Write("x.npy", x[..^1]);
        string said = Fails("DataFileLength", Source("x.npy"));
        Assert.Contains("(float32 [4, 1]) takes 16 bytes, but there are 15", said, StringComparison.Ordinal);
        Write("x.npy", RealDigits.Gzip(x[..^1]));
        Assert.Contains("takes 16 bytes, but there are 15", Fails("DataFileLength", Source("x.npy")), StringComparison.Ordinal);
        Write("x.npy", Npy("|O", "4, 1", new byte[32]));
        Assert.Contains("type '|O'; expected bool, int8", Fails("NpyTypeUnknown", Source("x.npy")), StringComparison.Ordinal);
        Write("x.npy", [.. x.Select((b, i) => i == 1 ? (byte)'P' : b)]);
        Fails("NpyForeign", Source("x.npy"));
        string text = Encoding.Latin1.GetString(x).Replace("False", "True ", StringComparison.Ordinal);
        Write("x.npy", Encoding.Latin1.GetBytes(text));
        Assert.Contains("numpy.ascontiguousarray", Fails("NpyFortranOrder", Source("x.npy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Refuses_a_damaged_archive(CompressionLevel level)
    {
        string path = WriteNpz("d.npz", level, ("x", DigitImages(..200, 200)), ("y", DigitLabels(..200, 200)));
        byte[] whole = File.ReadAllBytes(path);
        Assert.Equal(160, Read(Source("d.npz")).TrainCount);

        // A flipped bit anywhere in the pixels; the archive begins with them.
        for (int place = 300; place < whole.Length / 2; place += 97)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= 4;
            Write("d.npz", damaged);
            Assert.Contains(path, Fails("NpzDamaged", Source("d.npz")), StringComparison.Ordinal);
        }

        Write("d.npz", whole[..^30]);
        Fails("NpzDamaged", Source("d.npz"));
        Write("d.npz", []);
        Fails("NpzDamaged", Source("d.npz"));
    }

    [Fact]
    public void Reads_what_NumPy_saves()
    {
        string folder = _folder.Path.Replace('\\', '/');
        Python.Run(
            "numpy",
            $"""
            import numpy as np
            v = np.loadtxt("{Repository.Digits.Replace('\\', '/')}", delimiter=",")
            x, y = v[:, :64].copy(), v[:, 64]
            np.savez("{folder}/double.npz", x=x, y=y.astype(np.int64))
            np.savez_compressed("{folder}/half.npz", features=x.astype(np.float16), labels=y.astype(int).astype(str))
            np.savez("{folder}/shuffled.npz", X_train=x[300:].reshape(-1, 8, 8).astype(np.uint8), y_train=y[300:, None],
                X_test=x[:300].reshape(-1, 8, 8).astype(np.uint8), y_test=y[:300, None])
            np.save("{folder}/x.npy", x.reshape(-1, 8, 8, 1).astype(">i4"))
            np.save("{folder}/y.npy", y.astype(np.uint8))
            """);
        string expected = Read(new DataSource { Path = [Repository.Digits] }).Fingerprint;
        Assert.Equal(expected, Read(Source("double.npz")).Fingerprint);
        Assert.Equal(expected, Read(Source("half.npz")).Fingerprint);
        Assert.Equal(expected, Read(Source("x.npy")).Fingerprint);
        TrainingData shuffled = Read(Source("shuffled.npz"));
        Assert.Equal((1497, 300), (shuffled.TrainCount, shuffled.TestCount));
        Assert.Equal(RealDigits.Pixels(..300).Select(x => (float)x), shuffled.Test.Features.ToArray());
        Assert.Equal(RealDigits.Labels(300..).Select(x => (int)x), shuffled.Train.Labels.ToArray());
        Assert.Equal(new ImageShape(8, 8), shuffled.ImageShape);
    }
}
