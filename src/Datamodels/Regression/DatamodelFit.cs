using Datamodels.IO;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>
/// Fits one datamodel per target, by default the lasso: minimise 1/(2m) |y - Xw - b|^2 + lambda |w|_1, b not penalised, columns
/// not standardised. Lambda is the one of a log-spaced path with the least squared error on held-out models; the weights are
/// then fitted to all models at that lambda.
/// </summary>
/// <remarks>
/// Memory and disk: 4 n^2 bytes for the Gram matrix, m n / 8 for bit-packed masks (n training examples, m models), for each
/// thread about 3 KB n, and about 8 m + 48 n for each of up to 1,024 targets at a time; the rows of the run are read as they
/// are needed. What is done is kept (<see cref="FitOptions.FitPath"/>), so that a fit that was broken off goes on where it was,
/// and a finished one is there at once.
/// </remarks>
public static class DatamodelFit
{
    /// <summary>Name of what computes the numbers; another name where they change.</summary>
    internal const string Engine = "fit-4";

    private const string FitsName = "fits";

    /// <summary>Fits and yields the datamodels in the order of the targets.</summary>
    /// <param name="training">The run; its completed rows are used.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told at most five times a second, on the thread that takes the datamodels.</param>
    /// <param name="cancellation">Stops within a fraction of a second; the same call goes on from there.</param>
    /// <param name="failed">
    /// Told which targets cannot be fitted, and why, in their turn; the others go on. Without it, the first such target ends the
    /// fit with that exception.
    /// </param>
    /// <param name="notKept">Told why what is done is not kept, where that is so.</param>
    /// <exception cref="DatamodelException">
    /// An option is out of range, or the run has too few completed models, or cannot be read; nothing can be kept in the folder
    /// asked for.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static IEnumerable<Datamodel> Fit(
        SubsetTraining training, FitOptions options, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default, Action<FitFailure>? failed = null, Action<string>? notKept = null)
    {
        options.Validate(training.TargetCount);
        options.RequireModels(training.ModelCount);
        return Stream(training, options, progress, cancellation, failed, notKept);
    }

    /// <summary>The same from any rows: the numbers of each target, in order.</summary>
    internal static IEnumerable<(int Target, FittedTarget Fit)> Fit(
        IRunRows rows, FitOptions options, FitStore? store = null, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default, Action<FitFailure>? failed = null)
    {
        options.Validate(rows.TargetCount);
        failed ??= failure => throw failure.Reason;
        using var session = new FitSession(rows, options, store, failed, progress, cancellation);
        foreach ((int, FittedTarget) fitted in session.Fit())
        {
            yield return fitted;
        }
    }

    /// <summary>Everything that the numbers of a target depend on.</summary>
    internal static string IdentityOf(IRunRows rows, FitOptions options) => YamlWriter.Write(root =>
    {
        root.Text("engine", Engine);
        root.Text("method", options.Method.ToString());
        if (options.Chooses)
        {
            root.Number("lambdaCount", options.LambdaCount);
            root.Number(options.Folds > 0 ? "folds" : "heldOut", options.Folds > 0 ? options.Folds : options.HeldOut);
        }

        if (options.Method == FitMethod.Lasso)
        {
            root.Number("l1Ratio", options.L1Ratio);
            root.Number("epsilon", options.Epsilon);
            root.Number("patience", options.PatienceCount);
            root.Number("pathTolerance", options.PathTolerance);
        }

        if (options.Method != FitMethod.DifferenceOfMeans)
        {
            root.Number("tolerance", options.Tolerance);
        }

        root.Text("output", rows.Output.ToString());
        root.Number("rowCount", rows.Count);
        root.Text("rows", rows.Fingerprint);
    });

    private static IEnumerable<Datamodel> Stream(
        SubsetTraining training, FitOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellation,
        Action<FitFailure>? failed, Action<string>? notKept)
    {
        IReadOnlyList<string> labels = training.TargetLabels();
        using IRunRows rows = training.OpenRows(options.Output, options.ModelCount, cancellation);
        using FitStore? store = OpenStore(training, rows, options, notKept);
        FitOptions shared = options with { Targets = null };
        FittedRows? fitted = null;
        foreach ((int target, FittedTarget fit) in Fit(rows, options, store, progress, cancellation, failed))
        {
            fitted ??= FittedRows.Of(rows);
            yield return Datamodel.Of(training, fitted, rows.Output, shared, target, labels[target], fit);
        }
    }

    private static FitStore? OpenStore(
        SubsetTraining training, IRunRows rows, FitOptions options, Action<string>? notKept)
    {
        if (options.FitPath is null && training.Spec.Learner is ImportedLearner)
        {
            notKept?.Invoke(
                $"The fit is not kept: another program has trained the models in '{training.Path}', and nothing is written "
                + "there. FitPath names a folder to keep it in.");
            return null;
        }

        FitStore? store = FitStore.Open(
            options.FitPath ?? Path.Combine(training.Path, FitsName), IdentityOf(rows, options), out string reason);
        if (reason.Length > 0 && options.FitPath is not null)
        {
            store?.Dispose();
            throw new DatamodelException(
                "FitNotKept", ErrorKind.InputOutput, $"{reason.TrimEnd('.')}. Choose another folder, or leave FitPath out.");
        }

        if (reason.Length > 0)
        {
            notKept?.Invoke(reason);
        }

        return store;
    }
}
