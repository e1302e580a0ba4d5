namespace Datamodels.Data;

/// <summary>Reads a <see cref="TrainingData"/> from where its <see cref="DataSource"/> says, the same bytes every time.</summary>
public static class TrainingDataReader
{
    /// <summary>Reads the file, names the classes, splits into training and test set, scales the features.</summary>
    /// <param name="source">What to read and how; a relative path is taken from the current folder.</param>
    /// <param name="cancellation">Stops within some thousand rows.</param>
    /// <returns>The data; within each set the examples stand in file order.</returns>
    /// <exception cref="DatamodelException">
    /// The file is not there or cannot be read; a row is bad (the message names line, column and value); there is no such
    /// label column, one class only, a class with one example; the test size or the image shape does not fit.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static TrainingData Read(DataSource source, CancellationToken cancellation = default)
    {
        source = source with { Path = Path.GetFullPath(source.Path) };
        CheckTestSize(source.TestSize);
        ExampleTable table = CsvExampleReader.Read(source, cancellation);
        int featureCount = table.Rows[0].Length;
        if (source.ImageShape is ImageShape shape && shape.FeatureCount != featureCount)
        {
            throw new DatamodelException(
                "ImageShapeMismatch", ErrorKind.InvalidArgument,
                $"An image of {shape} has {shape.FeatureCount} features, but '{source.Path}' has {featureCount}; "
                + "give the shape of its images.");
        }

        (string[] classes, int[] labels) = ClassNames.Of(table.Labels);
        int[] classCounts = CountClasses(source, table, classes, labels);
        int testCount = TestCount(source, labels.Length, classes.Length);
        bool[] isTest = StratifiedSplit.Draw(labels, classCounts, testCount, source.Seed);

        (float[] trainFeatures, int[] trainLabels) = Gather(source, table.Rows, labels, isTest, wanted: false);
        (float[] testFeatures, int[] testLabels) = Gather(source, table.Rows, labels, isTest, wanted: true);
        FeatureScaler.Apply(source.Scaling, trainFeatures, testFeatures, featureCount);
        return new TrainingData(
            NameOf(source.Path), new ExampleSet(trainFeatures, trainLabels, featureCount),
            new ExampleSet(testFeatures, testLabels, featureCount), classes, source.ImageShape, source);
    }

    private static void CheckTestSize(double size)
    {
        if (!(size > 0 && (size < 1 || (size == Math.Floor(size) && size <= int.MaxValue))))
        {
            throw new DatamodelException(
                "TestSizeInvalid", ErrorKind.InvalidArgument,
                FormattableString.Invariant($"The test size is {size}; give a fraction inside (0, 1), such as 0.2, ")
                + "or a whole number of test examples, such as 300.");
        }
    }

    private static int[] CountClasses(DataSource source, ExampleTable table, string[] classes, int[] labels)
    {
        if (classes.Length == 1)
        {
            throw new DatamodelException(
                "SingleClass", ErrorKind.InvalidData,
                $"Every example of '{source.Path}' has the label '{classes[0]}'; at least two classes are needed. "
                + $"Is '{source.LabelColumn}' the label column?");
        }

        int[] counts = new int[classes.Length];
        foreach (int label in labels)
        {
            counts[label]++;
        }

        int single = Array.IndexOf(counts, 1);
        if (single >= 0)
        {
            int others = counts.Count(count => count == 1) - 1;
            string more = others == 0
                ? ""
                : $" ({others} other classes have one, too; is '{source.LabelColumn}' the label column?)";
            throw new DatamodelException(
                "ClassWithOneExample", ErrorKind.InvalidData,
                $"{source.Path}, line {table.Lines[Array.IndexOf(labels, single)]}: "
                + $"class '{classes[single]}' has this one example{more}; "
                + "a class needs at least two, one to train on and one to test. Add examples of it or remove it.");
        }

        return counts;
    }

    private static int TestCount(DataSource source, int exampleCount, int classCount)
    {
        // In decimal, so that a fraction such as 0.29 is the number that was written and not the nearest double.
        int count = source.TestSize < 1
            ? (int)Math.Round((decimal)source.TestSize * exampleCount, MidpointRounding.AwayFromZero)
            : (int)source.TestSize;
        int most = exampleCount - classCount;
        if (count < 1 || count > most)
        {
            throw new DatamodelException(
                "TestSizeOutOfRange", ErrorKind.InvalidArgument,
                FormattableString.Invariant($"A test size of {source.TestSize} sets {count} of {exampleCount} examples aside; ")
                + $"it must leave at least one test example and one training example in each of the {classCount} classes: "
                + $"1 to {most}.");
        }

        return count;
    }

    private static (float[] Features, int[] Labels) Gather(
        DataSource source, List<float[]> rows, int[] labels, bool[] isTest, bool wanted)
    {
        int count = isTest.Count(test => test == wanted);
        int featureCount = rows[0].Length;
        if ((long)count * featureCount > Array.MaxLength)
        {
            throw new DatamodelException(
                "DataTooLarge", ErrorKind.InvalidData,
                $"'{source.Path}' gives {count} examples of {featureCount} features; "
                + $"at most {Array.MaxLength} numbers fit in one set.");
        }

        float[] features = new float[count * featureCount];
        int[] gathered = new int[count];
        int next = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (isTest[i] == wanted)
            {
                rows[i].CopyTo(features, next * featureCount);
                gathered[next++] = labels[i];
            }
        }

        return (features, gathered);
    }

    /// <summary>The file's name without <c>.gz</c> and the extension before it.</summary>
    private static string NameOf(string path)
    {
        string name = Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^3];
        }

        return Path.GetFileNameWithoutExtension(name);
    }
}
