namespace Datamodels.Insight;

/// <summary>How a partition agrees with labels.</summary>
internal static class LabelAgreement
{
    /// <summary>Fraction of the examples that have the commonest label of their cluster, 0..1.</summary>
    public static double Purity(IReadOnlyList<int> clusters, IReadOnlyList<string> labels) =>
        (double)clusters.Zip(labels).GroupBy(pair => pair.First)
            .Sum(cluster => cluster.GroupBy(pair => pair.Second).Max(label => label.Count())) / labels.Count;

    /// <summary>
    /// Normalised mutual information 2 I / (H + H'), 0..1; 1 where there is one cluster and one label (Strehl and Ghosh 2002,
    /// with the mean of the entropies).
    /// </summary>
    public static double NormalizedMutualInformation(IReadOnlyList<int> clusters, IReadOnlyList<string> labels)
    {
        // In the order of first appearance, so that the sums are the same to the bit each time.
        double of = Entropy(clusters), with = Entropy(labels);
        double joint = Entropy([.. clusters.Zip(labels)]);
        return of + with == 0 ? 1 : Math.Clamp(2 * (of + with - joint) / (of + with), 0, 1);
    }

    private static double Entropy<T>(IReadOnlyList<T> values) => values.GroupBy(value => value).Sum(group =>
    {
        double p = (double)group.Count() / values.Count;
        return -p * Math.Log(p);
    });
}
