using Datamodels.Insight;
using Datamodels.Report.Html;
using Datamodels.Report.Pictures;

namespace Datamodels.Report.Sections;

/// <summary>Clusters of training examples that help each other.</summary>
internal static class ClusterSection
{
    private const int ExamplesShown = 4;
    private const int ClassesShown = 4;

    public static Section? Of(ReportContent content, Gallery gallery, ReportOptions options)
    {
        IReadOnlyList<DatamodelCluster> clusters = content.Of<DatamodelCluster>();
        DatamodelGraph[] graphs = [.. content.Of<DatamodelGraph>().Except(clusters.Select(cluster => cluster.Clustering.Graph))];
        if (clusters.Count + graphs.Length == 0)
        {
            return null;
        }

        var section = new Section(
            "clusters", "Training examples that help each other",
            "The training set as a graph, whose edges are as strong as two examples help each other's predictions (in units of "
            + "the output)" + (clusters.Count == 0 ? "" : ", cut into clusters. Purity is the fraction of a cluster that is of "
            + "its commonest class, the inner weight the fraction of its weight that stays in it")
            + "; the classes played no part in it, and agreement with them is the check.");
        foreach (DatamodelGraph graph in graphs)
        {
            section.AddHeading(gallery.NameOf(graph.Training));
            section.Add(FactsOf(graph).ToHtml());
        }

        foreach (IGrouping<DatamodelClustering, DatamodelCluster> clustering in clusters.GroupBy(
            cluster => cluster.Clustering, ReferenceEqualityComparer.Instance as IEqualityComparer<DatamodelClustering>))
        {
            section.AddHeading(gallery.NameOf(clustering.Key.Graph.Training));
            Add(section, clustering.Key, [.. clustering], gallery.Of(clustering.Key.Graph.Training), options.Top);
        }

        return section;
    }

    private static void Add(
        Section section, DatamodelClustering clustering, IReadOnlyList<DatamodelCluster> clusters, RunPictures pictures, int top)
    {
        DatamodelGraph graph = clustering.Graph;
        Facts facts = FactsOf(graph);
        facts.Add("Cut", $"{clustering.Method}, into {Numbers.Count(clustering.ClusterCount)}");
        facts.Add("Purity", Numbers.Fixed(clustering.Purity));
        facts.Add(
            "Mutual information with the classes",
            $"{Numbers.Fixed(clustering.NormalizedMutualInformation)} (normalised, 0 to 1)");
        section.Add(facts.ToHtml());

        Selection<DatamodelCluster> chosen = Selection<DatamodelCluster>.Of(
            [.. clusters.OrderByDescending(cluster => cluster.Size).ThenBy(cluster => cluster.Cluster)], top, "cluster",
            "by size");
        section.AddNote(chosen.Said);
        Dictionary<int, string> labels = graph.Vertices.ToDictionary(vertex => vertex.Example, vertex => vertex.Label);
        var table = new Table(
            "Clusters",
            new Column("Cluster"), new Column("Size"), Column.OfText("Class"), new Column("Purity"), new Column("Inner weight"),
            Column.OfText("Composition"), Column.OfText("At its heart"));
        foreach (DatamodelCluster cluster in chosen.Items)
        {
            table.Add(
                Numbers.Count(cluster.Cluster), Numbers.Count(cluster.Size), cluster.Label, Numbers.Percent(cluster.Purity),
                Numbers.Percent(cluster.InnerWeight), CompositionOf(cluster, labels),
                RunPictures.Row(
                    cluster.Examples.Take(ExamplesShown).Select(example => pictures.Example(example, labels[example]))));
        }

        section.Add(table.ToHtml());
    }

    private static Facts FactsOf(DatamodelGraph graph)
    {
        var facts = new Facts();
        facts.Add("Graph", $"{Numbers.Count(graph.VertexCount)} training examples, {Numbers.Count(graph.EdgeCount, "edge")}");
        facts.Add("Weight within classes", Numbers.Percent(graph.SameLabelFraction));
        return facts;
    }

    private static string CompositionOf(DatamodelCluster cluster, IReadOnlyDictionary<int, string> labels)
    {
        (string Label, int Count)[] classes =
        [
            .. cluster.Examples.CountBy(example => labels[example]).Select(pair => (pair.Key, pair.Value))
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal),
        ];
        int rest = classes.Skip(ClassesShown).Sum(pair => pair.Count);
        return string.Join(", ", classes.Take(ClassesShown).Select(pair => $"{Numbers.Count(pair.Count)} of {pair.Label}"))
            + (rest == 0 ? "" : $", {Numbers.Count(rest)} of others");
    }
}
