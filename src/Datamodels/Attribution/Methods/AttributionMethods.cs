using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Attribution;

/// <summary>Makes the methods that <see cref="AttributionMethod"/> names.</summary>
public static class AttributionMethods
{
    /// <summary>The method for the targets of a run.</summary>
    /// <param name="method">Which one.</param>
    /// <param name="training">The run.</param>
    /// <param name="engine">Trains the models of methods that look into networks; null where the learner is none.</param>
    /// <param name="networkCount">Models that are trained for a method that looks into networks, at least 1.</param>
    /// <param name="seed">Seed of those models, of projections and of random orders.</param>
    /// <param name="threads">Targets fitted at once; 0 takes every core. Never changes a result.</param>
    /// <exception cref="DatamodelException">
    /// <c>NetworkNeeded</c>: the method looks into networks, and the learner is none.
    /// </exception>
    public static IAttribution Create(
        AttributionMethod method, SubsetTraining training, ITrainingEngine? engine, int networkCount = 20, ulong seed = 0,
        int threads = 0)
    {
        TargetSelection selection = training.Spec.Observation.Targets;
        var fit = new FitOptions { Output = OutputKind.Margin, Threads = threads };
        switch (method)
        {
            case AttributionMethod.Datamodel:
                return new DatamodelWeights(training, fit);
            case AttributionMethod.EmpiricalInfluence:
                return new DatamodelWeights(training, fit with { Method = FitMethod.DifferenceOfMeans });
            case AttributionMethod.RandomSameClass:
                return new RandomSameClass(training.Data, selection, seed);
        }

        if (engine is not INetworkEngine networks || training.Spec.Learner is not NetworkLearner learner)
        {
            throw new DatamodelException(
                "NetworkNeeded", ErrorKind.InvalidArgument,
                $"The method {method} looks into trained networks, and the learner is {training.Spec.Learner}, whose models "
                + $"give outputs only. Take {AttributionMethod.Datamodel}, {AttributionMethod.EmpiricalInfluence} or "
                + $"{AttributionMethod.RandomSameClass}, which need no more.");
        }

        var models = new NetworkEnsemble
        {
            Engine = networks,
            Data = training.Data,
            Learner = learner,
            Targets = selection,
            Count = networkCount,
            Seed = seed,
        };
        return method switch
        {
            AttributionMethod.Trak => new Trak(models with { Alpha = 0.5 }),
            AttributionMethod.InfluenceFunctions => new InfluenceFunctions(models),
            AttributionMethod.TracIn => new TracIn(models),
            AttributionMethod.RepresentationDistance => new RepresentationDistance(models),
            _ => throw new ArgumentException($"There is no method {method}.", nameof(method)),
        };
    }

    /// <summary>The targets that are to be scored: those given, each once, or all of the run.</summary>
    /// <exception cref="DatamodelException">A target is not one of the run or repeated.</exception>
    internal static int[] TargetsOf(SubsetTraining training, IReadOnlyList<int>? targets)
    {
        new FitOptions { Targets = targets is null ? null : [.. targets] }.Validate(training.TargetCount);
        return [.. targets ?? [.. Enumerable.Range(0, training.TargetCount)]];
    }
}
