namespace Datamodels.Data;

/// <summary>Reads a <see cref="TrainingData"/> from where its <see cref="DataSource"/> says, the same bytes every time.</summary>
public static class TrainingDataReader
{
    /// <summary>
    /// Whether the name of a file says a format that can be read; of a folder, whether it holds such files. Nothing is read.
    /// </summary>
    public static bool CanRead(string path) =>
        Directory.Exists(path) ? DataFiles.InFolder(path).Count > 0 : DataFormats.ByName(path) is not null;

    /// <summary>
    /// Reads the files, names the classes, chooses training and test examples, scales the features. Takes the memory of the
    /// examples that are chosen, 4 bytes a feature, and for CSV that of all its features besides.
    /// </summary>
    /// <param name="source">What to read and how; a relative path is taken from the current folder.</param>
    /// <param name="cancellation">Stops within some thousand rows, or about a megabyte.</param>
    /// <returns>
    /// The data; within each set the examples stand in the order of the files and in file order. Its source has absolute paths,
    /// and the image shape that the format says.
    /// </returns>
    /// <exception cref="DatamodelException">
    /// A file is not there, cannot be read or is damaged; a value is bad (the message names file, place and value); there is no
    /// such label column, one class only, a class with too few examples; sizes or the image shape do not fit; the set does not
    /// fit into memory.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static TrainingData Read(DataSource source, CancellationToken cancellation = default) =>
        Read(source, DataMemory.OfThisMachine, cancellation);

    internal static TrainingData Read(DataSource source, DataMemory memory, CancellationToken cancellation)
    {
        source = source with
        {
            Path = [.. source.Path.Select(Path.GetFullPath)],
            TestPath = [.. source.TestPath.Select(Path.GetFullPath)],
        };
        ExampleChoice.CheckSizes(source);
        cancellation.ThrowIfCancellationRequested();

        (IReadOnlyList<string> trainPaths, IReadOnlyList<string> testPaths) = DataFiles.Resolve(source);
        NamedSet preferred = testPaths.Count > 0 ? NamedSet.Train : NamedSet.Unnamed;
        IReadOnlyList<ExampleFile> trainFiles = ExampleFiles.Open(trainPaths, preferred, source, memory, cancellation);
        ExampleFile[] files =
        [
            .. trainFiles, .. ExampleFiles.Open(testPaths, NamedSet.Test, source, memory, cancellation),
        ];
        ImageShape? shape = RequireAlike(source, files);
        source = source with { ImageShape = shape };

        int[] firstOf = new int[files.Length];
        for (int i = 1; i < files.Length; i++)
        {
            firstOf[i] = checked(firstOf[i - 1] + files[i - 1].Labels.Count);
        }

        (string[] classes, int[] labels) = Classify(files);
        bool[] isTest = new bool[labels.Length];
        for (int i = 0; i < files.Length; i++)
        {
            for (int example = 0; example < files[i].Labels.Count; example++)
            {
                isTest[firstOf[i] + example] = i >= trainFiles.Count || files[i].IsTest(example);
            }
        }

        string Place(int example)
        {
            int file = Array.FindLastIndex(firstOf, first => first <= example);
            return files[file].Place(example - firstOf[file]);
        }

        ExampleUse[] uses = ExampleChoice.Choose(source, labels, isTest.Contains(true) ? isTest : null, classes, Place);
        int featureCount = files[0].FeatureCount;
        int trainCount = uses.Count(use => use == ExampleUse.Train);
        int testCount = uses.Count(use => use == ExampleUse.Test);
        memory.Require(source.ToString(), featureCount, files.Sum(file => file.HeldBytes), trainCount, testCount);

        float[] train = new float[trainCount * featureCount];
        float[] test = new float[testCount * featureCount];
        int trainEnd = 0;
        int testEnd = 0;
        for (int i = 0; i < files.Length; i++)
        {
            files[i].ReadFeatures(
                example => uses[firstOf[i] + example] switch
                {
                    ExampleUse.Train => train.AsSpan(featureCount * trainEnd++, featureCount),
                    ExampleUse.Test => test.AsSpan(featureCount * testEnd++, featureCount),
                    _ => [],
                },
                cancellation);
        }

        FeatureScaler.Apply(source.Scaling, train, test, featureCount, shape?.Channels ?? 1);
        return new TrainingData(NameOf(source), Set(train, ExampleUse.Train), Set(test, ExampleUse.Test), classes, shape, source);

        ExampleSet Set(float[] features, ExampleUse use)
        {
            int[] members = [.. Enumerable.Range(0, uses.Length).Where(example => uses[example] == use)];
            int[] fileOf = [.. members.Select(example => Array.FindLastIndex(firstOf, first => first <= example))];
            return new ExampleSet(features, [.. members.Select(example => labels[example])], featureCount)
            {
                Places = new ExamplePlaces(
                    [.. files.Select(file => file.PlaceText)], fileOf,
                    [.. members.Zip(fileOf, (example, file) => files[file].Number(example - firstOf[file]))]),
            };
        }
    }

    /// <summary>Makes sure that the files can be one set; the image shape of their examples.</summary>
    private static ImageShape? RequireAlike(DataSource source, ExampleFile[] files)
    {
        ExampleFile first = files[0];
        foreach (ExampleFile file in files.Skip(1))
        {
            if (file.FeatureCount != first.FeatureCount
                || (file.ImageShape is ImageShape here && first.ImageShape is ImageShape there && here != there))
            {
                throw new DatamodelException(
                    "FeatureCountsDiffer", ErrorKind.InvalidData,
                    $"{file} has {Described(file)}, but {first} has {Described(first)}; "
                    + "the files of one set have examples alike.");
            }

            if (file.FeatureNames is not null && first.FeatureNames is not null
                && !file.FeatureNames.SequenceEqual(first.FeatureNames))
            {
                throw new DatamodelException(
                    "FeatureNamesDiffer", ErrorKind.InvalidData,
                    $"'{file.Path}' has other columns than '{first.Path}', or in another order; "
                    + "the files of one set have the same columns.");
            }
        }

        ImageShape? known = files.Select(file => file.ImageShape).FirstOrDefault(shape => shape is not null);
        if (source.ImageShape is ImageShape shape && (shape.FeatureCount != first.FeatureCount || (known ?? shape) != shape))
        {
            throw new DatamodelException(
                "ImageShapeMismatch", ErrorKind.InvalidArgument,
                $"An image of {shape} has {shape.FeatureCount} features, but {first} has {Described(first)}; "
                + "give the shape of its images.");
        }

        if (source.Scaling == FeatureScaling.StandardizeChannels && (source.ImageShape ?? known) is null)
        {
            throw new DatamodelException(
                "ImageShapeMissing", ErrorKind.InvalidArgument,
                $"The scaling {source.Scaling} is for images, but {first} has {Described(first)}; "
                + "give the image shape, or another scaling.");
        }

        return source.ImageShape ?? known;
    }

    private static string Described(ExampleFile file) => file.ImageShape is ImageShape shape
        ? $"{file.FeatureCount} features, images of {shape}"
        : $"{file.FeatureCount} features";

    private static (string[] Classes, int[] Labels) Classify(ExampleFile[] files)
    {
        (string[] classes, Dictionary<string, int> classOf) = ClassNames.Of(
            [.. files.SelectMany(file => file.Labels.Texts).Distinct()]);
        var labels = new List<int>();
        foreach (ExampleFile file in files)
        {
            int[] classOfCode = [.. file.Labels.Texts.Select(text => classOf[text])];
            for (int example = 0; example < file.Labels.Count; example++)
            {
                labels.Add(classOfCode[file.Labels[example]]);
            }
        }

        return (classes, [.. labels]);
    }

    /// <summary>
    /// The name of the file without <c>.gz</c> and the extension before it, or of the folder where it is one or where there are
    /// several files.
    /// </summary>
    private static string NameOf(DataSource source)
    {
        string path = source.Path.Count > 1 ? Path.GetDirectoryName(source.Path[0])! : source.Path[0];
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        if (Directory.Exists(path))
        {
            return name;
        }

        return Path.GetFileNameWithoutExtension(name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name);
    }
}
