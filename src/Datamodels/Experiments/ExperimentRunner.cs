using System.Diagnostics;
using Datamodels.Attribution;
using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Kernels;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Experiments;

/// <summary>
/// Runs a whole experiment: data, subset training, fit, influencers, brittle sets verified by retraining, held-out scores.
/// <para>
/// The output folder gets <c>run/</c> (the models, and those of the held-out subsets), <c>datamodels/</c> (NumPy files),
/// <c>influencers.csv</c>, <c>brittle.csv</c>, <c>brittle-distribution.csv</c> and, last of all, <c>summary.json</c>. What a
/// stopped experiment has trained is there for the next call with the same settings, which goes on from it.
/// </para>
/// </summary>
public static class ExperimentRunner
{
    private const string TrainingStage = "Training";

    /// <summary>Runs the experiment and writes its files.</summary>
    /// <param name="experiment">What to do.</param>
    /// <param name="engine">Trains every model.</param>
    /// <param name="progress">Told of each stage at most five times a second; the activity is the stage's name.</param>
    /// <param name="cancellation">Stops; everything trained so far stays.</param>
    /// <exception cref="DatamodelException">The data, the settings, or the output folder will not do.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancellation was asked for; the same call goes on where it stopped.
    /// </exception>
    public static ExperimentResult Run(
        Experiment experiment, ITrainingEngine engine, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        TrainingData data = TrainingDataReader.Read(experiment.Data, cancellation);
        Check(experiment, data);
        var seconds = new ExperimentSeconds { Data = Stopwatch.GetElapsedTime(start).TotalSeconds };

        SubsetTraining training = OpenRun(experiment, data, engine, shard: null);
        long stage = Stopwatch.GetTimestamp();
        TrainingReport trained = training.Train(engine, Named(progress, TrainingStage), cancellation);
        seconds = seconds with { Training = Stopwatch.GetElapsedTime(stage).TotalSeconds };

        stage = Stopwatch.GetTimestamp();
        var failures = new List<FitFailure>();
        Datamodel[] datamodels = [.. DatamodelFit.Fit(training, experiment.Fit, progress, cancellation, failures.Add)];
        if (datamodels.Length == 0)
        {
            throw new DatamodelException(
                "NoTargetFitted", ErrorKind.InvalidData,
                $"None of the {failures.Count} targets of '{training.Path}' can be fitted. The first: {failures[0]}");
        }

        seconds = seconds with { Fit = Stopwatch.GetElapsedTime(stage).TotalSeconds };
        Influencer[] influencers = [.. datamodels.SelectMany(datamodel => Influencers.Of(datamodel, experiment.Influencers))];

        stage = Stopwatch.GetTimestamp();
        BrittleSet[] sets = [];
        if (experiment.Brittle is { } brittle)
        {
            sets = BrittleSets.Of(brittle, datamodels, engine, Named(progress, "Retraining"), cancellation);
        }

        seconds = seconds with { Brittle = Stopwatch.GetElapsedTime(stage).TotalSeconds };

        stage = Stopwatch.GetTimestamp();
        DatamodelMeasure[] measures =
            [.. experiment.HeldOut.Select(held => Measure(held, training, datamodels, engine, progress, cancellation))];
        seconds = seconds with
        {
            HeldOut = Stopwatch.GetElapsedTime(stage).TotalSeconds,
            Total = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };

        var summary = new ExperimentSummary
        {
            Models = training.CompletedCount,
            ModelsTrained = trained.Trained,
            ModelsDamaged = trained.Damaged,
            Alpha = experiment.Plan.Alpha,
            TrainCount = data.TrainCount,
            TargetCount = datamodels.Length + failures.Count,
            TargetsNotFitted = failures.Count,
            TestAccuracy = Accuracy(training, cancellation),
            HeldOutR2 = datamodels.Average(datamodel => datamodel.HeldOutR2),
            NonzeroWeights = datamodels.Average(datamodel => datamodel.NonzeroCount),
            WorstDualityGap = datamodels.Max(datamodel => datamodel.DualityGap),
            WorstKktResidual = datamodels.Max(datamodel => datamodel.KktResidual),
            NotConverged = datamodels.Count(datamodel => !datamodel.Converged),
            Brittle = BrittleSummary.Of(sets, experiment.Brittle, BrittleMode.Remove),
            BrittleFlip = BrittleSummary.Of(sets, experiment.Brittle, BrittleMode.Flip),
            Seconds = seconds,
            Engine = engine.Name,
            Threads = experiment.Fit.Threads > 0 ? experiment.Fit.Threads : Environment.ProcessorCount,
        };

        // All at the end, so that a call that is stopped leaves the files of an earlier one as they belong together.
        DatamodelFiles.Write(Path.Combine(experiment.Output, "datamodels"), datamodels);
        ResultTables.WriteInfluencers(Path.Combine(experiment.Output, "influencers.csv"), influencers);
        if (experiment.Brittle is not null)
        {
            ResultTables.WriteBrittleSets(Path.Combine(experiment.Output, "brittle.csv"), sets);
        }

        if (experiment.Brittle is { Search: true })
        {
            ResultTables.WriteBrittleDistribution(
                Path.Combine(experiment.Output, "brittle-distribution.csv"),
                BrittleMeasure.Of([.. sets.Where(set => set.SizeFactor is null)]));
        }

        SummaryFile.Write(Path.Combine(experiment.Output, "summary.json"), summary, measures);
        return new ExperimentResult
        {
            Experiment = experiment,
            Training = training,
            Datamodels = datamodels,
            Failures = failures,
            Influencers = influencers,
            BrittleSets = sets,
            Measures = measures,
            Summary = summary,
        };
    }

    /// <summary>
    /// Trains one shard of each run of the experiment, that of its subsets and those of the held-out subsets, and does nothing
    /// else: the part of one machine among several that share the output folder. <see cref="Run"/> then does what is left.
    /// </summary>
    /// <param name="experiment">What to do.</param>
    /// <param name="engine">Trains every model.</param>
    /// <param name="shard">Which part.</param>
    /// <param name="progress">Told of each run at most five times a second.</param>
    /// <param name="cancellation">Stops; everything trained so far stays.</param>
    /// <returns>The runs, with what is done of the shard and in all.</returns>
    /// <exception cref="DatamodelException">The data, the settings, or the output folder will not do.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static IReadOnlyList<SubsetTraining> TrainShard(
        Experiment experiment, ITrainingEngine engine, Shard shard, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        TrainingData data = TrainingDataReader.Read(experiment.Data, cancellation);
        Check(experiment, data);
        SubsetTraining training = OpenRun(experiment, data, engine, shard);
        training.Train(engine, Named(progress, TrainingStage), cancellation);
        var runs = new List<SubsetTraining> { training };
        foreach (HeldOutStudy study in experiment.HeldOut)
        {
            SubsetTraining heldOut = OpenHeldOut(study, training, engine, shard);
            heldOut.Train(engine, Named(progress, StageOf(study)), cancellation);
            runs.Add(heldOut);
        }

        return runs;
    }

    private static SubsetTraining OpenRun(Experiment experiment, TrainingData data, ITrainingEngine engine, Shard? shard) =>
        SubsetTraining.CreateOrOpen(
            Path.Combine(experiment.Output, "run"), data, experiment.Learner, experiment.Plan, engine.Name,
            experiment.Observation, shard);

    private static SubsetTraining OpenHeldOut(
        HeldOutStudy study, SubsetTraining training, ITrainingEngine engine, Shard? shard) =>
        HeldOutSubsets.Open(training, study.Alpha, study.Subsets, study.Retrainings, study.Seed, engine.Name, shard);

    private static string StageOf(HeldOutStudy study) => FormattableString.Invariant($"Held-out alpha {study.Alpha}");

    /// <summary>Everything that can be known to be wrong before hours of training.</summary>
    private static void Check(Experiment experiment, TrainingData data)
    {
        int targets = experiment.Observation.Targets.Of(data).Count;
        experiment.Fit.Validate(targets);
        _ = experiment.Observation.OutputFor(experiment.Fit.Output);
        FitFolds.Check(experiment.Plan.ModelCount, experiment.Fit);
        if (experiment.Fit.Method == FitMethod.LeastSquares)
        {
            LeastSquaresFit.Check(experiment.Plan.ModelCount, data.TrainCount);
        }

        if (experiment.Brittle is { } brittle)
        {
            if (brittle.Targets < 1 || brittle.Targets > targets)
            {
                throw new DatamodelException(
                    "TooManyTargets", ErrorKind.InvalidArgument,
                    $"The brittle sets of {brittle.Targets} targets are asked for; "
                    + $"there are {targets}, so ask for 1 to that.");
            }

            Retrainer.CheckRetrainings(brittle.Retrainings);
            foreach (double factor in brittle.SizeFactors)
            {
                BrittleFinder.CheckSizeFactor(factor);
            }
        }

        foreach (HeldOutStudy study in experiment.HeldOut)
        {
            HeldOutSubsets.CheckSeed(experiment.Plan, study.Seed);
            var plan = new SubsetPlan(study.Seed, study.Alpha, study.Subsets, study.Retrainings);
            HeldOutSubsets.CheckCount(plan);
            _ = plan.SubsetSize(data.TrainCount);
        }
    }

    private static DatamodelMeasure Measure(
        HeldOutStudy study, SubsetTraining training, Datamodel[] datamodels, ITrainingEngine engine,
        IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        SubsetTraining heldOut = OpenHeldOut(study, training, engine, shard: null);
        heldOut.Train(engine, Named(progress, StageOf(study)), cancellation);
        return LinearDatamodelingScore.Measure(datamodels, heldOut, cancellation);
    }

    /// <summary>Fraction of targets that models get right; null where what is recorded does not say.</summary>
    private static double? Accuracy(SubsetTraining training, CancellationToken cancellation)
    {
        using IRunRows rows = training.OpenRows(cancellation: cancellation);
        if (rows.Output is not (OutputKind.Margin or OutputKind.Correctness))
        {
            return null;
        }

        long right = 0;
        double[] outputs = new double[rows.TargetCount];
        for (int row = 0; row < rows.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            rows.ReadOutputs(row, 1, 0, rows.TargetCount, outputs);
            right += outputs.Count(output => output > 0);
        }

        return (double)right / ((long)rows.Count * rows.TargetCount);
    }

    private static NamedProgress? Named(IProgress<WorkProgress>? progress, string stage) =>
        progress is null ? null : new NamedProgress(progress, stage);
}
