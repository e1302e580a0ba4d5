using Datamodels.Runs;

namespace Datamodels.Report.Pictures;

/// <summary>The runs that a report is of: their pictures, and how they are told apart.</summary>
/// <param name="runs">The runs.</param>
internal sealed class Gallery(IReadOnlyList<SubsetTraining> runs)
{
    private readonly Dictionary<string, RunPictures> _pictures = [];

    /// <summary>The run of an object that does not say so itself: the only one; null where the report knows of none.</summary>
    /// <param name="item">The object.</param>
    /// <param name="remedy">What to do where there are several runs.</param>
    /// <exception cref="DatamodelException"><c>ReportRunUnknown</c>: there are several runs.</exception>
    public SubsetTraining? Only(object item, string remedy) => runs.Count < 2
        ? runs.SingleOrDefault()
        : throw new DatamodelException(
            "ReportRunUnknown", ErrorKind.InvalidArgument,
            $"The report is of {runs.Count} runs ({string.Join(", ", runs.Select(NameOf))}), and nothing says which of them "
            + $"'{item}', a {item.GetType().Name}, is of; {remedy}.");

    /// <summary>
    /// What tells a run from the others: the name of its folder, or all of its path where another has that name, too. Null where
    /// there are no others.
    /// </summary>
    public string? NameOf(SubsetTraining? run)
    {
        if (runs.Count < 2 || run is null)
        {
            return null;
        }

        string name = Path.GetFileName(run.Path);
        return runs.Count(other => Path.GetFileName(other.Path) == name) > 1 ? run.Path : name;
    }

    /// <summary>That name as it follows other words; empty where there are no other runs.</summary>
    public string SuffixOf(SubsetTraining? run) => NameOf(run) is { } name ? $" ({name})" : "";

    /// <summary>Objects run by run; those of no run come last.</summary>
    public IEnumerable<(SubsetTraining? Run, IReadOnlyList<T> Items)> ByRun<T>(
        IEnumerable<T> items, Func<T, SubsetTraining?> runOf)
    {
        ILookup<string?, T> ofPath = items.ToLookup(item => runOf(item)?.Path);
        return runs.Append<SubsetTraining?>(null).Where(run => ofPath.Contains(run?.Path))
            .Select(run => (run, (IReadOnlyList<T>)[.. ofPath[run?.Path]]));
    }

    /// <summary>The pictures of a run's examples; none of no run.</summary>
    public RunPictures Of(SubsetTraining? run)
    {
        if (run is null)
        {
            return RunPictures.None;
        }

        if (!_pictures.TryGetValue(run.Path, out RunPictures? pictures))
        {
            pictures = RunPictures.Of(run);
            _pictures.Add(run.Path, pictures);
        }

        return pictures;
    }
}
