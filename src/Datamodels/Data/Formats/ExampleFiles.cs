namespace Datamodels.Data;

/// <summary>Opens the files of a <see cref="DataSource"/>, each by the reader of its format.</summary>
internal static class ExampleFiles
{
    /// <summary>Opens files that together are one set, in their order.</summary>
    /// <param name="files">The files.</param>
    /// <param name="preferred">Which of the sets in an archive is meant; <see cref="NamedSet.Unnamed"/> for both.</param>
    /// <param name="source">How they are read.</param>
    /// <param name="memory">Refuses what does not fit.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="DatamodelException">A file cannot be read, or is not as its format or the others want it.</exception>
    public static IReadOnlyList<ExampleFile> Open(
        IReadOnlyList<string> files, NamedSet preferred, DataSource source, DataMemory memory, CancellationToken cancellation)
    {
        var opened = new List<ExampleFile>();
        var arrays = new List<StoredArray>();
        foreach (string path in files)
        {
            cancellation.ThrowIfCancellationRequested();
            DataFormat format = DataFormats.Of(path);
            if (format != DataFormat.Csv && (source.Header || source.LabelColumn != DataSource.LastColumn))
            {
                throw new DatamodelException(
                    "NotCsv", ErrorKind.InvalidArgument,
                    $"'{path}' is no CSV file but {format}, which has no columns; leave Header and LabelColumn off.");
            }

            switch (format)
            {
                case DataFormat.Csv:
                    opened.Add(CsvFile.Open(path, source, memory, cancellation));
                    break;
                case DataFormat.Cifar:
                    opened.Add(CifarFile.Open(path, cancellation));
                    break;
                case DataFormat.Npz:
                    opened.AddRange(OpenArchive(path, preferred, source, cancellation));
                    break;
                default:
                    arrays.Add(OpenArray(path));
                    break;
            }
        }

        foreach ((StoredArray features, StoredArray labels, StoredArray? split) in ArrayPairs.OfFiles(arrays, OpenArray))
        {
            bool[]? isTest = split is null ? null : ReadSplit(split, features, preferred, cancellation);
            opened.Add(new ArrayExamples(features, labels, isTest, source.ImageShape, cancellation));
        }

        return opened;
    }

    private static StoredArray OpenArray(string path) =>
        DataFormats.Of(path) == DataFormat.Idx ? IdxFile.Open(path) : NumPyFile.OpenNpy(path);

    private static IEnumerable<ExampleFile> OpenArchive(
        string path, NamedSet preferred, DataSource source, CancellationToken cancellation)
    {
        (IReadOnlyList<StoredArray> arrays, DatamodelException? problem) = NumPyFile.OpenNpz(path);
        var sets = ArrayPairs.OfArchive(path, arrays, problem);
        bool both = sets.Count > 1;
        foreach ((NamedSet set, StoredArray features, StoredArray labels, StoredArray? split) in sets)
        {
            if (both && preferred != NamedSet.Unnamed && set != preferred)
            {
                continue;
            }

            bool[]? isTest = null;
            if (both && set == NamedSet.Test)
            {
                isTest = new bool[features.Count];
                Array.Fill(isTest, true);
            }
            else if (split is not null)
            {
                isTest = ReadSplit(split, features, preferred, cancellation);
            }

            yield return new ArrayExamples(features, labels, isTest, source.ImageShape, cancellation);
        }
    }

    /// <summary>Reads an array that says <c>train</c> or <c>test</c>, or 0 or 1, of every example.</summary>
    private static bool[] ReadSplit(
        StoredArray split, StoredArray features, NamedSet preferred, CancellationToken cancellation)
    {
        if (preferred != NamedSet.Unnamed)
        {
            throw new DatamodelException(
                "SplitTwice", ErrorKind.InvalidArgument,
                $"{split} says which examples are the test set, but there are files of a test set, too; "
                + "leave them off, or save the training examples alone.");
        }

        if (split.RowLength != 1 || split.Count != features.Count)
        {
            throw new DatamodelException(
                "SplitShape", ErrorKind.InvalidData,
                $"{split} is no split of {features}; expected one value for each of its {features.Count} examples.");
        }

        bool[] isTest = new bool[split.Count];
        split.ReadRows(
            (example, value) => isTest[example] = split.Type.ToText(value).ToUpperInvariant() switch
            {
                "TEST" or "1" or "TRUE" => true,
                "TRAIN" or "0" or "FALSE" => false,
                _ => throw new DatamodelException(
                    "SplitValue", ErrorKind.InvalidData,
                    $"{split}, row {example} (from 0): the value is '{split.Type.ToText(value)}'; expected train or test, "
                    + "or 0 or 1."),
            },
            cancellation);
        return isTest;
    }
}
