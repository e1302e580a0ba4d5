using Datamodels.Attribution;
using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Report;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Tests.Report;

/// <summary>Objects of every kind that a report takes, of runs that are not trained, with figures that are made up.</summary>
internal static class ReportWorld
{
    public static readonly string[] Classes = ["<b>&\"it's\"</b>", "猫 é", "bell \u0007"];

    /// <summary>A run of images of noise.</summary>
    public static SubsetTraining Run(
        string folder, int targets = 6, ImageShape? shape = null, TargetSet set = TargetSet.Test, string name = "noise <&>")
    {
        int features = shape?.FeatureCount ?? 6;
        var data = new TrainingData(name, Noise(24, features, 1), Noise(targets, features, 2), Classes, shape);
        return SubsetTraining.CreateOrOpen(
            folder, data, new NetworkLearner(), new SubsetPlan(1, 0.5, 4), "linear",
            new Observation { Targets = new TargetSelection { Set = set } });
    }

    public static Datamodel[] Datamodels(SubsetTraining run, int? targets = null, double scale = 1)
    {
        ExampleSet set = run.Spec.Observation.Targets.Of(run.Data);
        return [.. Enumerable.Range(0, targets ?? run.TargetCount).Select(target => new Datamodel
        {
            Training = run,
            Target = target,
            TargetExample = target,
            Label = Classes[set.Labels[target]],
            Examples = [.. Enumerable.Range(0, 24).Where(i => i != target)],
            Weights = [.. Enumerable.Range(0, 24).Where(i => i != target).Select(i => scale * Math.Sin(i + (7 * target)))],
            Bias = 1,
            Lambda = 0.01,
            HeldOutR2 = 0.5 + (0.4 * Math.Sin(target)),
            DualityGap = 1e-9,
            Converged = target != 3,
            ModelCount = 5000,
        })];
    }

    public static BrittleSet[] Sets(IEnumerable<Datamodel> datamodels) =>
    [
        .. datamodels.Select(datamodel => BrittleFinder.Find(datamodel)).Select(set => set with
        {
            Status = set.Size == 0 ? set.Status : set.Target % 2 == 0 ? BrittleStatus.Flipped : BrittleStatus.NotFlipped,
            RetrainedMargin = set.Size == 0 ? null : -0.5,
            RetrainedError = set.Size == 0 ? null : 0.25,
            ControlMargin = 2,
            RetrainingCount = 20,
        }),
    ];

    public static Counterfactual[] Counterfactuals(IEnumerable<Datamodel> datamodels) =>
    [
        .. from datamodel in datamodels
           from removal in Removal.Of(datamodel, [3], [RemovalKind.Top, RemovalKind.Bottom, RemovalKind.Random], seed: 1)
           select new Counterfactual
           {
               Datamodel = datamodel,
               Kind = removal.Kind,
               Removed = removal.Examples,
               ControlMargin = 1,
               ControlError = 0.1,
               RetrainedMargin = 1 - (datamodel.Target % 3),
               RetrainedError = 0.1,
               RetrainingCount = 20,
           },
    ];

    public static DatamodelMeasure[] Measures(IReadOnlyList<Datamodel> datamodels) =>
    [
        .. from alpha in new[] { 0.5, 0.75 }
           from models in new[] { 1000, 5000 }
           select new DatamodelMeasure
           {
               Alpha = alpha,
               SubsetCount = 100,
               RetrainingCount = 20,
               ModelCount = models,
               Lds = 0.8,
               LdsError = 0.01,
               LdsInterval = new ScoreInterval(0.78, 0.82),
               LdsCeiling = 0.95,
               R2 = 0.6,
               Rmse = 0.3,
               Slope = 1.05,
               Offset = -0.1,
               TargetMeasures = [.. datamodels.Select(datamodel => new TargetMeasure
               {
                   Datamodel = datamodel,
                   Lds = 0.8,
                   LdsInterval = new ScoreInterval(0.7, 0.9),
                   LdsCeiling = null,
                   R2 = 0.6,
                   Rmse = 0.3,
                   Slope = 1,
                   Offset = 0,
               })],
           },
    ];

    public static AttributionComparison[] Comparisons() =>
    [
        .. Enum.GetValues<AttributionMethod>().Select(method => new AttributionComparison
        {
            Method = method,
            ModelCount = 20,
            Seconds = 1.5,
            Lds = 0.9 - (0.1 * (int)method),
            LdsError = 0.02,
            TargetLds = [0.9, 0.8],
            Flips = [new FlipPoint(10, 1, 0.5, 0.35), new FlipPoint(20, 2, 1, 0)],
            Targets = [0, 1],
        }),
    ];

    /// <summary>What a method ranks for target 1.</summary>
    public static AttributedExample Attributed(int rank) =>
        new(AttributionMethod.Trak, 1, Classes[1], 2, Classes[2], 0.5, rank);

    /// <summary>Every kind of object; all of one run, whose targets are the training examples.</summary>
    public static Dictionary<string, object[]> Everything(string folder, ImageShape? shape = null)
    {
        SubsetTraining run = Run(Path.Combine(folder, "run"), shape: shape, set: TargetSet.Train);
        Datamodel[] datamodels = Datamodels(run);
        BrittleSet[] sets = Sets(datamodels);
        Counterfactual[] counterfactuals = Counterfactuals(datamodels);
        IReadOnlyList<EmbeddingComponent> components = EmbeddingComponents.Of(datamodels, 3);
        DatamodelGraph graph = DatamodelGraph.Of(datamodels);
        return new()
        {
            ["TrainingData"] = [run.Data],
            ["SubsetTraining"] = [run],
            ["Datamodel"] = datamodels,
            ["Influencer"] = [.. Influencers.Of(datamodels[0], 3)],
            ["DatamodelPrediction"] = [.. DatamodelPrediction.Of(datamodels[0], [SubsetSelection.Without([1, 2])])],
            ["BrittleSet"] = sets,
            ["BrittleMeasure"] = [.. BrittleMeasure.Of(sets)],
            ["Counterfactual"] = counterfactuals,
            ["CounterfactualMeasure"] = [.. CounterfactualMeasure.Of(counterfactuals)],
            ["DatamodelMeasure"] = Measures(datamodels),
            ["AttributionComparison"] = Comparisons(),
            ["AttributedExample"] = [Attributed(rank: 1)],
            ["LeakPair"] = [.. DataLeaks.Find(datamodels)],
            ["EmbeddingComponent"] = [.. components],
            ["ComponentEffect"] = [Effect(components[0], ComponentEnd.Negative), Effect(components[0], ComponentEnd.Positive)],
            ["DatamodelGraph"] = [graph],
            ["DatamodelCluster"] = [.. DatamodelClusters.Of(graph, count: 3)],
        };
    }

    public static ReportContent ContentOf(IEnumerable<object> items)
    {
        var content = new ReportContent();
        foreach (object item in items)
        {
            content.Add(item);
        }

        return content;
    }

    private static ComponentEffect Effect(EmbeddingComponent component, ComponentEnd end) => new()
    {
        EmbeddingComponent = component,
        End = end,
        Examples = component.PositiveExamples,
        Targets = component.PositiveTargets,
        EndDrop = 2,
        OtherDrop = 0.5,
        DifferenceError = 0.1,
        PredictedDifference = 1.25,
        RetrainingCount = 20,
    };

    private static ExampleSet Noise(int count, int features, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count * features];
        foreach (ref float value in values.AsSpan())
        {
            value = random.NextSingle();
        }

        return new ExampleSet(values, [.. Enumerable.Range(0, count).Select(i => i % Classes.Length)], features);
    }
}
