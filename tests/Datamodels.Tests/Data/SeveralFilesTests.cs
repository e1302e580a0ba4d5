using Datamodels.Data;
using Xunit;

namespace Datamodels.Tests.Data;

public sealed class SeveralFilesTests : IDisposable
{
    private const string Train = "1,1,a\n2,2,b\n3,3,a\n4,4,b\n5,5,a\n6,6,b\n";
    private const string Test = "7,7,b\n8,8,a\n9,9,b\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TrainingData Read(DataSource source, long memory = long.MaxValue) =>
        TrainingDataReader.Read(source, new DataMemory(memory), TestContext.Current.CancellationToken);

    private static string Fails(string id, DataSource source, long memory = long.MaxValue)
    {
        var e = Assert.Throws<DatamodelException>(() => Read(source, memory));
        Assert.Equal(id, e.Id);
        return e.Message;
    }

    private static float[] First(ExampleSet set) => [.. Enumerable.Range(0, set.Count).Select(i => set.Row(i)[0])];

    /// <summary>The lines of the digits as CSV.</summary>
    private static string[] DigitLines() =>
    [
        .. Enumerable.Range(0, RealDigits.Count).Select(
            i => string.Join(',', RealDigits.Pixels(i..(i + 1)).Concat(RealDigits.Labels(i..(i + 1))))),
    ];

    [Fact]
    public void Every_example_says_where_it_was_read()
    {
        string train = _folder.Write("train.csv", "x,y,class\n" + Train);
        string test = _folder.Write("test.csv", "x,y,class\n" + Test);
        TrainingData data = Read(new DataSource { Path = [train], TestPath = [test], Header = true, TrainSize = 4 });
        TrainingExample[] trained = [.. TrainingExample.Of(data, TargetSet.Train, null)];
        Assert.Equal(
            trained.Select(example => $"{train}, line {example.Features[0] + 1}"), trained.Select(example => example.Place));
        TrainingExample last = Assert.Single(TrainingExample.Of(data, TargetSet.Test, [2]));
        Assert.Equal((2, "b", $"{test}, line 4"), (last.Example, last.Label, last.Place));
        Assert.Equal("ExampleOutOfRange", Assert.Throws<DatamodelException>(
            () => TrainingExample.Of(data, TargetSet.Test, [3]).ToArray()).Id);
        var made = new TrainingData("made", new ExampleSet([1], [0], 1), new ExampleSet([2], [0], 1), ["a"]);
        Assert.Null(Assert.Single(TrainingExample.Of(made, TargetSet.Train, null)).Place);
    }

    [Fact]
    public void Several_files_are_the_set_that_one_would_be()
    {
        string[] lines = DigitLines();
        string[] parts =
        [
            .. lines.Chunk(700).Select((chunk, i) => _folder.Write($"part{i}.csv", string.Join('\n', chunk) + "\n")),
        ];
        string expected = Read(new DataSource { Path = [Repository.Digits], Seed = 2 }).Fingerprint;
        Assert.Equal(expected, Read(new DataSource { Path = [.. parts], Seed = 2 }).Fingerprint);
        Assert.Equal(expected, Read(new DataSource { Path = [_folder.Path], Seed = 2 }).Fingerprint);
        TrainingData data = Read(new DataSource { Path = [.. parts] });
        Assert.Equal(Path.GetFileName(_folder.Path), data.Name);
        Assert.Equal(expected, Read(data.Source! with { Seed = 2 }).Fingerprint);
        Assert.NotEqual(expected, Read(new DataSource { Path = [.. parts.Reverse()], Seed = 2 }).Fingerprint);
    }

    [Fact]
    public void A_test_path_is_the_test_set_whatever_names_say()
    {
        string train = _folder.Write("some.csv", Train);
        string test = _folder.Write("others.csv", Test);
        TrainingData data = Read(new DataSource { Path = [train], TestPath = [test] });
        Assert.Equal([1f, 2, 3, 4, 5, 6], First(data.Train));
        Assert.Equal([7f, 8, 9], First(data.Test));
        Assert.Equal([1, 0, 1], data.Test.Labels.ToArray());
        Assert.Equal(["a", "b"], data.Classes);

        _folder.Write("test.csv", "0,0,a\n");
        Assert.Equal(
            data.Fingerprint,
            Read(new DataSource { Path = [train, _folder.File("test.csv")], TestPath = [test] }).Fingerprint);
    }

    [Theory]
    [InlineData("train.csv", "test.csv")]
    [InlineData("digits-train.CSV", "digits_TEST.csv")]
    [InlineData("data.csv", "test.csv")]
    public void Files_named_test_are_the_test_set(string train, string test)
    {
        _folder.Write(train, Train);
        _folder.Write(test, Test);
        _folder.Write("validation.csv", "0,0,a\n");
        _folder.Write("notes.txt", "not data");
        TrainingData data = Read(new DataSource { Path = [_folder.Path] });
        Assert.Equal((6, 3), (data.TrainCount, data.TestCount));
        Assert.Equal([7f, 8, 9], First(data.Test));
        Assert.Equal(
            data.Fingerprint, Read(new DataSource { Path = [_folder.File(test), _folder.File(train)] }).Fingerprint);

        // Alone, it is what there is to read.
        string alone = _folder.Write("alone-test.csv", Train);
        Assert.Equal(4, Read(new DataSource { Path = [alone], TestSize = 2 }).TrainCount);
    }

    [Fact]
    public void Takes_as_many_as_are_asked_for_and_each_class_keeps_its_share()
    {
        string[] lines = DigitLines();
        string train = _folder.Write("a.csv", string.Join('\n', lines[..1200]));
        string test = _folder.Write("b.csv", string.Join('\n', lines[1200..]));
        var source = new DataSource { Path = [train], TestPath = [test], TrainSize = 500, TestSize = 0.5, Seed = 3 };
        TrainingData whole = Read(source with { TrainSize = null, TestSize = null });
        TrainingData part = Read(source);
        Assert.Equal((1200, 597), (whole.TrainCount, whole.TestCount));
        Assert.Equal((500, 299), (part.TrainCount, part.TestCount));
        AssertPart(whole.Train, part.Train);
        AssertPart(whole.Test, part.Test);

        Assert.Equal(part.Fingerprint, Read(part.Source!).Fingerprint);
        Assert.NotEqual(part.Fingerprint, Read(source with { Seed = 4 }).Fingerprint);
        Assert.Equal(600, Read(source with { TrainSize = 0.5 }).TrainCount);
        Assert.Equal(1200, Read(source with { TrainSize = 1200 }).TrainCount);
    }

    [Fact]
    public void Takes_a_part_of_what_a_random_split_leaves()
    {
        var source = new DataSource { Path = [Repository.Digits], TestSize = 300, TrainSize = 200 };
        TrainingData all = Read(source with { TrainSize = null });
        TrainingData part = Read(source);
        Assert.Equal((200, 300), (part.TrainCount, part.TestCount));
        Assert.Equal(all.Test.Features.ToArray(), part.Test.Features.ToArray());
        AssertPart(all.Train, part.Train);
        Assert.Equal(899, Read(source with { TrainSize = 0.5 }).TrainCount);
    }

    /// <summary>Rows of the whole, in its order, each class within one of its share.</summary>
    private static void AssertPart(ExampleSet whole, ExampleSet part)
    {
        int next = 0;
        for (int i = 0; i < part.Count; i++)
        {
            while (!whole.Row(next).SequenceEqual(part.Row(i)))
            {
                next++;
            }

            Assert.Equal(whole.Labels[next++], part.Labels[i]);
        }

        for (int c = 0; c < 10; c++)
        {
            double share = (double)part.Count * whole.Labels.Count(c) / whole.Count;
            Assert.InRange(part.Labels.Count(c), share - 1, share + 1);
        }
    }

    [Theory]
    [InlineData(1.0, "TrainSizeOutOfRange")]
    [InlineData(7.0, "TrainSizeOutOfRange")]
    [InlineData(0.1, "TrainSizeOutOfRange")]
    [InlineData(0.0, "TrainSizeInvalid")]
    [InlineData(2.5, "TrainSizeInvalid")]
    public void Refuses_a_training_size_that_cannot_be(double size, string id)
    {
        string train = _folder.Write("a.csv", Train);
        string test = _folder.Write("b.csv", Test);
        string said = Fails(id, new DataSource { Path = [train], TestPath = [test], TrainSize = size });
        Assert.Contains(FormattableString.Invariant($"training size is {size}").Split(" is ")[0], said, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_test_size_beyond_the_test_set()
    {
        var source = new DataSource
        {
            Path = [_folder.Write("a.csv", Train)], TestPath = [_folder.Write("b.csv", Test)], TestSize = 4,
        };
        Assert.Contains(
            "4 of the 3 test examples; expected 1 to 3", Fails("TestSizeOutOfRange", source), StringComparison.Ordinal);
        Assert.Equal(2, Read(source with { TestSize = 2 }).TestCount);
        Fails("TestSizeOutOfRange", source with { TestSize = 0.1 });
        var both = new DataSource { Path = [_folder.File("a.csv")], TestSize = 3, TrainSize = 4 };
        Assert.Contains("takes 4 of the 3 examples to train on", Fails("TrainSizeOutOfRange", both), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_class_that_is_tested_but_not_trained()
    {
        string train = _folder.Write("a.csv", Train);
        string test = _folder.Write("b.csv", Test + "1,1,c\n");
        Assert.Contains(
            "b.csv, line 4: class 'c' is in the test set but not in the training set",
            Fails("ClassWithoutTraining", new DataSource { Path = [train], TestPath = [test] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_files_that_are_not_alike()
    {
        string first = _folder.Write("a.csv", Train);
        string second = _folder.Write("b.csv", "1,a\n2,b\n");
        string said = Fails("FeatureCountsDiffer", new DataSource { Path = [first, second] });
        Assert.Contains("b.csv' has 1 features, but '", said, StringComparison.Ordinal);
        Assert.Contains("a.csv' has 2 features", said, StringComparison.Ordinal);

        first = _folder.Write("a.csv", "x,y,kind\n" + Train);
        second = _folder.Write("b.csv", "y,x,kind\n" + Test);
        Fails("FeatureNamesDiffer", new DataSource { Path = [first, second], Header = true });
        second = _folder.Write("b.csv", "kind,x,y\na,7,7\nb,8,8\n");
        TrainingData data = Read(
            new DataSource { Path = [first], TestPath = [second], Header = true, LabelColumn = "kind" });
        Assert.Equal([7f, 8], First(data.Test));
    }

    [Fact]
    public void Refuses_folders_that_do_not_say_what_to_read()
    {
        Fails("DataPathMissing", new DataSource { Path = [] });
        _folder.Write("readme.md", "nothing");
        var source = new DataSource { Path = [_folder.Path] };
        Assert.Contains(".csv, .npy, .npz", Fails("DataFileIsFolder", source), StringComparison.Ordinal);
        _folder.Write("a.csv", Train);
        File.WriteAllBytes(_folder.File("a.npz"), []);
        Assert.Contains("(Csv, Npz)", Fails("DataFormatsMixed", source), StringComparison.Ordinal);
        Assert.Contains(
            "a.csv' is given twice",
            Fails("DataFileTwice", new DataSource { Path = [_folder.File("a.csv")], TestPath = [_folder.File("a.csv")] }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_settings_of_CSV_for_other_formats()
    {
        File.WriteAllBytes(_folder.File("x-idx3-ubyte"), RealDigits.Images(..100));
        var source = new DataSource { Path = [_folder.File("x-idx3-ubyte")] };
        Assert.Contains("no CSV file but Idx", Fails("NotCsv", source with { Header = true }), StringComparison.Ordinal);
        Fails("NotCsv", source with { LabelColumn = "1" });
    }

    [Fact]
    public void Refuses_what_does_not_fit_into_memory_before_it_is_read()
    {
        // The images hold no number that can be read, so that any other error than that of the size is one too many.
        File.WriteAllBytes(
            _folder.File("x-idx3-ubyte"), RealDigits.Idx(0x0D, [.. Enumerable.Repeat((byte)255, 100 * 64 * 4)], 100, 8, 8));
        File.WriteAllBytes(_folder.File("y-idx1-ubyte"), RealDigits.LabelFile(..100));
        var source = new DataSource { Path = [_folder.File("x-idx3-ubyte")] };
        string said = Fails("DataTooLarge", source, memory: (100 * 64 * 4) - 1);
        Assert.Contains("100 examples of 64 features take 25.6 kB of memory", said, StringComparison.Ordinal);
        Fails("ValueInvalid", source, memory: 100 * 64 * 4);

        // Of a part, that which is used counts.
        Fails("ValueInvalid", source with { TrainSize = 50, TestSize = 20 }, memory: 70 * 64 * 4);
    }

    [Fact]
    public void Refuses_CSV_that_does_not_fit_into_memory_before_it_is_read()
    {
        // The bad value at the end is never come to.
        string path = _folder.Write("a.csv", string.Concat(Enumerable.Repeat(Train, 100)) + "x,x,a\n");
        var source = new DataSource { Path = [path] };
        string said = Fails("DataTooLarge", source, memory: 4000);
        Assert.Contains("602 examples of 2 features take 4.8 kB", said, StringComparison.Ordinal);
        Fails("ValueInvalid", source, memory: 5000);

        // Its features and the sets, both at once; a line end behind the last line counts as one more line.
        var small = new DataSource { Path = [_folder.Write("b.csv", Train)], TestSize = 2 };
        Fails("DataTooLarge", small, memory: 103);
        Assert.Equal(4, Read(small, memory: 104).TrainCount);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Counts_lines_of_any_kind(string end)
    {
        string path = _folder.Write("a.csv", (Train + Test).TrimEnd('\n').Replace("\n", end, StringComparison.Ordinal));
        Assert.Equal(7, Read(new DataSource { Path = [path], TestSize = 2 }).TrainCount);
    }
}
