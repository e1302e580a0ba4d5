namespace Datamodels.Data;

/// <summary>Finds out which of several stored arrays hold features and which the labels of them.</summary>
internal static class ArrayPairs
{
    /// <summary>
    /// Pairs arrays that are files of their own. Features and labels are known by their names, else by their shapes: labels
    /// have one value an example. Features go with the labels whose name differs in that word alone, else in the order given;
    /// where no labels are given, they are looked for beside the features. A split goes with the features of its name.
    /// </summary>
    /// <param name="arrays">The arrays, each of which finds its place.</param>
    /// <param name="open">Opens a file with labels.</param>
    /// <exception cref="DatamodelException">
    /// There are features without labels, or labels or a split without features.
    /// </exception>
    public static IReadOnlyList<(StoredArray Features, StoredArray Labels, StoredArray? Split)> OfFiles(
        IReadOnlyList<StoredArray> arrays, Func<string, StoredArray> open)
    {
        StoredArray[] features = [.. arrays.Where(array => RoleOf(array) == NamedRole.Features)];
        var unpaired = arrays.Where(array => RoleOf(array) == NamedRole.Labels).ToList();
        var splits = arrays.Where(array => RoleOf(array) == NamedRole.Split).ToList();
        var found = new StoredArray?[features.Length];
        var foundSplits = new StoredArray?[features.Length];
        for (int i = 0; i < features.Length; i++)
        {
            NameWords name = NameWords.Of(features[i].Name);
            found[i] = Take(unpaired, name with { Role = NamedRole.Labels });
            foundSplits[i] = Take(splits, name with { Role = NamedRole.Split });
        }

        for (int i = 0; i < features.Length; i++)
        {
            if (found[i] is null && unpaired.Count > 0)
            {
                found[i] = unpaired[0];
                unpaired.RemoveAt(0);
            }

            found[i] ??= FindBeside(features[i], open);
        }

        StoredArray? left = unpaired.Concat(splits).FirstOrDefault();
        return left is null
            ? [.. features.Zip(found, foundSplits).Select(group => (group.First, group.Second!, group.Third))]
            : throw new DatamodelException(
                "FeaturesMissing", ErrorKind.InvalidArgument,
                $"{left} holds {(unpaired.Count > 0 ? "labels" : "a split")}, but there are no features for it; "
                + "give the file with the features, too.");
    }

    /// <summary>
    /// Finds features and labels of each set among the arrays of one archive: by the names in
    /// <see cref="NameWords.Expected"/>, and where none is so named, by their shapes. Arrays of sets that are neither
    /// training nor test set are left out where there is one of those.
    /// </summary>
    /// <param name="path">The archive, for errors.</param>
    /// <param name="arrays">All its arrays.</param>
    /// <param name="problem">Why an array of it cannot be read, if there is one; said where others do not do.</param>
    /// <returns>For each set its features and labels, and the split if that is an array of its own.</returns>
    /// <exception cref="DatamodelException">There is none, or more than one that could be meant.</exception>
    public static IReadOnlyList<(NamedSet Set, StoredArray Features, StoredArray Labels, StoredArray? Split)> OfArchive(
        string path, IReadOnlyList<StoredArray> arrays, DatamodelException? problem)
    {
        StoredArray One(IEnumerable<StoredArray> set, NamedRole role)
        {
            StoredArray[] found = [.. set.Where(array => NameWords.Of(array.Name).Role == role)];
            if (found.Length == 0)
            {
                found = [.. set.Where(array => RoleOf(array) == role)];
            }

            return found.Length == 1
                ? found[0]
                : throw problem ?? new DatamodelException(
                    "ArrayNamesUnknown", ErrorKind.InvalidData,
                    $"'{path}' has {(found.Length == 0 ? "no" : "more than one")} array that can be the "
                    + $"{(role == NamedRole.Features ? "features" : "labels")}; it has "
                    + $"{(arrays.Count == 0 ? "none" : string.Join(", ", arrays.Select(Described)))}. "
                    + $"Expected arrays named {NameWords.Expected}.");
        }

        ILookup<NamedSet, StoredArray> sets = arrays.ToLookup(array => NameWords.Of(array.Name).Set);
        NamedSet[] used = [.. new[] { NamedSet.Train, NamedSet.Test }.Where(sets.Contains)];
        return
        [
            .. (used.Length > 0 ? used : [NamedSet.Unnamed]).Select(set => (
                set, One(sets[set], NamedRole.Features), One(sets[set], NamedRole.Labels),
                sets[set].FirstOrDefault(array => RoleOf(array) == NamedRole.Split))),
        ];
    }

    private static StoredArray? Take(List<StoredArray> arrays, NameWords name)
    {
        StoredArray? taken = arrays.Find(array => NameWords.Of(array.Name) == name);
        if (taken is not null)
        {
            arrays.Remove(taken);
        }

        return taken;
    }

    private static string Described(StoredArray array) => $"{array.Name} ({array.Type} [{string.Join(", ", array.Shape)}])";

    private static NamedRole RoleOf(StoredArray array) => NameWords.Of(array.Name).Role switch
    {
        NamedRole.Unnamed => array.RowLength > 1 ? NamedRole.Features : NamedRole.Labels,
        var named => named,
    };

    private static StoredArray FindBeside(StoredArray features, Func<string, StoredArray> open)
    {
        NameWords wanted = NameWords.Of(features.Name) with { Role = NamedRole.Labels };
        string[] beside =
        [
            .. DataFiles.InFolder(Path.GetDirectoryName(features.Path)!).Where(
                file => DataFormats.ByName(file) == DataFormats.ByName(features.Path)
                    && NameWords.Of(Path.GetFileName(file)) == wanted),
        ];
        return beside.Length == 1
            ? open(beside[0])
            : throw new DatamodelException(
                "LabelsMissing", ErrorKind.InvalidArgument,
                $"{features} has no labels, and {(beside.Length == 0 ? "none are" : "more than one file with them is")} beside "
                + "it; give the file with the labels, too.");
    }
}
