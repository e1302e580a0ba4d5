using Datamodels.Data;
using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>
/// Fits one datamodel per target: minimise 1/(2m) |y - Xw - b|^2 + lambda |w|_1, b not penalised, columns not
/// standardised. Lambda is the one of a log-spaced path with the least squared error on held-out models; the weights are
/// then fitted to all models at that lambda.
/// </summary>
/// <remarks>
/// Memory: 8 n^2 bytes for Gram matrices and m n / 8 for bit-packed masks (n training examples, m models), and at most
/// n^2 for each thread, beside the rows of the run: m n / 8 and 4 m T bytes for T targets.
/// </remarks>
public static class DatamodelFit
{
    /// <summary>
    /// Fits and yields the datamodels in the order of the targets, each as soon as it and those before it are done.
    /// </summary>
    /// <param name="training">The run; its completed rows are used.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told at most five times a second, on the thread that takes the datamodels.</param>
    /// <param name="cancellation">Stops within a fraction of a second.</param>
    /// <exception cref="DatamodelException">
    /// An option is out of range, the run has too few completed models, or a margin is not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static IEnumerable<Datamodel> Fit(
        SubsetTraining training, FitOptions options, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options.Validate(training.TargetCount);
        return Stream(training, options, progress, cancellation);
    }

    private static IEnumerable<Datamodel> Stream(
        SubsetTraining training, FitOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<string> labels = training.TargetLabels();
        RunRows rows = training.ReadRows(options.Output);
        TargetSelection selection = training.Spec.Observation.Targets;
        foreach ((int target, TargetFit fit) in Fit(rows, options, progress, cancellation))
        {
            int[] examples = [.. Enumerable.Range(0, fit.Weights.Length).Where(i => fit.Weights[i] != 0)];
            yield return new Datamodel
            {
                Training = training,
                Target = target,
                TargetExample = selection.ExampleOf(target),
                Output = rows.Output,
                Label = labels[target],
                Examples = new EquatableList<int>(examples),
                Weights = new EquatableList<double>(Array.ConvertAll(examples, i => fit.Weights[i])),
                Bias = fit.Bias,
                Lambda = fit.Lambda,
                HeldOutR2 = fit.HeldOutR2,
                DualityGap = fit.DualityGap,
                Converged = fit.Converged,
                ModelCount = rows.Count,
            };
        }
    }

    /// <summary>The same from rows in memory: the numbers of each target, in order.</summary>
    internal static IEnumerable<(int Target, TargetFit Fit)> Fit(
        RunRows rows, FitOptions options, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var problem = new FitProblem(rows, options, cancellation);
        int[] targets = problem.Targets.ToArray();
        var meter = new ProgressMeter(progress, "Fitting datamodels", targets.Length);
        int threads = Math.Min(options.ThreadCount, targets.Length);
        using var work = new OrderedWork<LassoPath, TargetFit>(
            targets.Length, threads, problem.NewPath, problem.Fit, cancellation);
        for (int index = 0; index < targets.Length; index++)
        {
            while (!work.Wait(index, TimeSpan.FromMilliseconds(200)))
            {
                meter.Report(work.Done);
            }

            meter.Report(work.Done);
            yield return (targets[index], work.Take(index));
        }
    }
}
