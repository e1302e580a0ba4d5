using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// Very many models trained on subsets, on disk: one row of margins per model. Opening never changes a file; a row is
/// written, flushed, and only then marked with its checksum.
/// </summary>
public sealed class SubsetTraining
{
    private SubsetTraining(string path, RunSpec spec, TrainingData? data) => throw new NotImplementedException();

    /// <summary>The run's folder, absolute.</summary>
    public string Path { get; } = "";

    /// <summary>What the run is of.</summary>
    public RunSpec Spec { get; } = null!;

    /// <summary>Number of models in the plan.</summary>
    public int ModelCount => Spec.Plan.ModelCount;

    /// <summary>Size of the training set, n.</summary>
    public int TrainCount => Spec.TrainCount;

    /// <summary>Number of targets.</summary>
    public int TargetCount => Spec.TargetCount;

    /// <summary>Models trained so far, 0..ModelCount.</summary>
    public int CompletedCount => throw new NotImplementedException();

    /// <summary>Whether every model is trained.</summary>
    public bool IsComplete => CompletedCount == ModelCount;

    /// <summary>
    /// The data; for a run opened by its path alone it is read again from <see cref="RunSpec.DataSource"/> on first use
    /// and its fingerprint compared.
    /// </summary>
    /// <exception cref="DatamodelException">The data is not there any more, or is not the data of the run.</exception>
    public TrainingData Data => throw new NotImplementedException();

    /// <summary>Makes a new run in <paramref name="path"/>, or opens the one that is there if its spec is the same.</summary>
    /// <exception cref="DatamodelException">
    /// The folder holds a run with another spec (the message names each difference), other files, or cannot be written; the
    /// disk is too small.
    /// </exception>
    public static SubsetTraining CreateOrOpen(string path, TrainingData data, Learner learner, SubsetPlan plan, string engine) =>
        throw new NotImplementedException();

    /// <summary>Opens the run in <paramref name="path"/>.</summary>
    /// <exception cref="DatamodelException">There is no run, or its files are truncated or foreign.</exception>
    public static SubsetTraining Open(string path) => throw new NotImplementedException();

    /// <summary>Trains every model that is not done yet, and again those whose checksum is wrong.</summary>
    /// <param name="engine">Does the training; its name must be that of the spec.</param>
    /// <param name="progress">Told at most five times a second.</param>
    /// <param name="cancellation">Stops; the rows done so far stay.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for; the run can be resumed.</exception>
    /// <exception cref="DatamodelException">Writing failed; the run can be resumed.</exception>
    public void Train(ITrainingEngine engine, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Reads all completed rows.</summary>
    /// <exception cref="DatamodelException">A file cannot be read.</exception>
    public RunRows ReadRows() => throw new NotImplementedException();
}
