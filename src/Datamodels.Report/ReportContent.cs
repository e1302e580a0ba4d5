using Datamodels.Attribution;
using Datamodels.Data;
using Datamodels.Experiments;
using Datamodels.Insight;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Report;

/// <summary>What goes into a report: objects of the kinds below in any order, each once.</summary>
public sealed class ReportContent
{
    private static readonly Type[] s_kinds =
    [
        typeof(TrainingData), typeof(SubsetTraining), typeof(Datamodel), typeof(Influencer), typeof(DatamodelPrediction),
        typeof(BrittleSet), typeof(BrittleMeasure), typeof(Counterfactual), typeof(CounterfactualMeasure),
        typeof(DatamodelMeasure), typeof(AttributionComparison), typeof(AttributedExample), typeof(LeakPair),
        typeof(EmbeddingComponent), typeof(ComponentEffect), typeof(DatamodelGraph), typeof(DatamodelCluster),
        typeof(ExperimentResult),
    ];

    private readonly List<object> _items = [];
    private readonly Dictionary<int, List<Datamodel>> _datamodels = [];
    private readonly HashSet<object> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>The kinds of object that a report takes, by the names of their types.</summary>
    public static IEnumerable<string> Kinds => s_kinds.Select(kind => kind.Name);

    /// <summary>Number of objects taken; what an experiment's result unfolds to counts, too.</summary>
    public int Count => _items.Count;

    /// <summary>
    /// Takes an object; one that is there already is not taken again. The result of an experiment is taken with its run,
    /// datamodels, brittle sets and measures.
    /// </summary>
    /// <exception cref="DatamodelException"><c>ReportKindUnknown</c>: a report has no section for its kind.</exception>
    public void Add(object item)
    {
        if (!s_kinds.Contains(item.GetType()))
        {
            throw new DatamodelException(
                "ReportKindUnknown", ErrorKind.InvalidArgument,
                $"A report has no section for '{item}', a {item.GetType().Name}; it takes {string.Join(", ", Kinds)}.");
        }

        if (!_known.Add(item))
        {
            return;
        }

        _items.Add(item);
        if (item is Datamodel datamodel)
        {
            if (!_datamodels.TryGetValue(datamodel.Target, out List<Datamodel>? ofTarget))
            {
                _datamodels.Add(datamodel.Target, ofTarget = []);
            }

            ofTarget.Add(datamodel);
        }

        if (item is ExperimentResult result)
        {
            foreach (object part in
                new object[] { result.Training }.Concat(result.Datamodels).Concat(result.BrittleSets).Concat(result.Measures))
            {
                Add(part);
            }
        }
    }

    /// <summary>What there is of one kind, in the order it came.</summary>
    internal IReadOnlyList<T> Of<T>() => [.. _items.OfType<T>()];

    /// <summary>
    /// Every run that something in the report is of, each once, as it was first seen; runs that were given come first.
    /// </summary>
    internal IReadOnlyList<SubsetTraining> Runs() =>
    [
        .. Of<SubsetTraining>().Concat(_items.SelectMany(RunsOf)).DistinctBy(run => run.Path),
    ];

    /// <summary>
    /// The datamodel in the report that a weight is from, for objects that do not say so themselves; null where it is not here.
    /// </summary>
    internal Datamodel? DatamodelWith(int target, int example, double weight) =>
        _datamodels.GetValueOrDefault(target)?.Find(datamodel =>
            datamodel.Examples.AsSpan().BinarySearch(example) is >= 0 and var place && datamodel.Weights[place] == weight);

    private static IEnumerable<SubsetTraining> RunsOf(object item) => item switch
    {
        Datamodel datamodel => [datamodel.Training],
        DatamodelPrediction prediction => [prediction.Datamodel.Training],
        BrittleSet set => [set.Datamodel.Training],
        Counterfactual counterfactual => [counterfactual.Datamodel.Training],
        DatamodelMeasure measure => measure.TargetMeasures.Select(target => target.Datamodel.Training),
        EmbeddingComponent component => [component.Embedding.Training],
        ComponentEffect effect => [effect.EmbeddingComponent.Embedding.Training],
        DatamodelGraph graph => [graph.Training],
        DatamodelCluster cluster => [cluster.Clustering.Graph.Training],
        _ => [],
    };
}
