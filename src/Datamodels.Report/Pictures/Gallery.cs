using Datamodels.Runs;

namespace Datamodels.Report.Pictures;

/// <summary>The pictures of the runs that a report is of.</summary>
/// <param name="runs">The runs.</param>
internal sealed class Gallery(IReadOnlyList<SubsetTraining> runs)
{
    private readonly Dictionary<string, RunPictures> _pictures = [];

    /// <summary>
    /// The pictures for objects of which nothing says what run they are of: those of the only run there is; none where there
    /// are several.
    /// </summary>
    public RunPictures Only => runs.Count == 1 ? Of(runs[0]) : RunPictures.None;

    /// <summary>The pictures of a run's examples.</summary>
    public RunPictures Of(SubsetTraining run)
    {
        if (!_pictures.TryGetValue(run.Path, out RunPictures? pictures))
        {
            pictures = RunPictures.Of(run);
            _pictures.Add(run.Path, pictures);
        }

        return pictures;
    }
}
