namespace Datamodels.Data;

/// <summary>The files that a <see cref="DataSource"/> means, folders opened up.</summary>
internal static class DataFiles
{
    /// <summary>
    /// The files of the training set, or of a set that is still to be split, and those of the test set. Unless there is a
    /// <see cref="DataSource.TestPath"/>, files whose name has the word test (or t10k) are the test set, if there are others to
    /// train on; those with the word validation (or val, valid) are of neither then.
    /// </summary>
    /// <exception cref="DatamodelException">
    /// There is no path; a folder cannot be read, or holds no data or data in several formats; a file is there twice.
    /// </exception>
    public static (IReadOnlyList<string> Train, IReadOnlyList<string> Test) Resolve(DataSource source)
    {
        if (source.Path.Count == 0)
        {
            throw new DatamodelException(
                "DataPathMissing", ErrorKind.InvalidArgument, "The list of paths is empty; give a file or a folder of data.");
        }

        (IReadOnlyList<string> train, IReadOnlyList<string> test) = Divide([.. source.Path.SelectMany(Open)]);
        if (source.TestPath.Count > 0)
        {
            (IReadOnlyList<string> others, IReadOnlyList<string> named) = Divide([.. source.TestPath.SelectMany(Open)]);
            test = named.Count > 0 ? named : others;
        }

        string? twice = train.Concat(test).GroupBy(file => file).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null
            ? (train, test)
            : throw new DatamodelException(
                "DataFileTwice", ErrorKind.InvalidArgument, $"'{twice}' is given twice; give each file of a set once.");
    }

    /// <summary>
    /// The files in a folder whose name says a format, in ordinal order of their names; a compressed file whose content lies
    /// beside it decompressed is left out.
    /// </summary>
    public static IReadOnlyList<string> InFolder(string folder) => DataFile.Guard(folder, () =>
    {
        string[] files = [.. Directory.EnumerateFiles(folder).Where(file => DataFormats.ByName(file) is not null)];
        Array.Sort(files, string.CompareOrdinal);
        return files.Where(file => !file.EndsWith(".gz", StringComparison.Ordinal) || !files.Contains(file[..^3])).ToArray();
    });

    private static IReadOnlyList<string> Open(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        IReadOnlyList<string> files = InFolder(path);
        if (files.Count == 0)
        {
            throw new DatamodelException(
                "DataFileIsFolder", ErrorKind.InvalidArgument,
                $"'{path}' is a folder without data; expected files named .csv, .npy, .npz, .bin (CIFAR), or as those of MNIST.");
        }

        DataFormat?[] formats = [.. files.Select(DataFormats.ByName).Distinct()];
        return formats.Length == 1
            ? files
            : throw new DatamodelException(
                "DataFormatsMixed", ErrorKind.InvalidArgument,
                $"The folder '{path}' holds data in several formats ({string.Join(", ", formats)}); give the files to read.");
    }

    private static (IReadOnlyList<string> Train, IReadOnlyList<string> Test) Divide(IReadOnlyList<string> files)
    {
        NamedSet SetOf(string file) => NameWords.Of(Path.GetFileName(file)).Set;
        string[] test = [.. files.Where(file => SetOf(file) == NamedSet.Test)];
        string[] train = [.. files.Where(file => SetOf(file) is not (NamedSet.Test or NamedSet.Validation))];
        return test.Length == 0 || train.Length == 0 ? (files, []) : (train, test);
    }
}
