using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>The weights of a datamodel in order of strength, ties to the lower index.</summary>
internal static class RankedWeights
{
    /// <summary>The positive weights, largest first.</summary>
    public static (int Example, double Weight)[] Positive(Datamodel datamodel) =>
        [.. Pairs(datamodel).Where(pair => pair.Weight > 0).OrderByDescending(pair => pair.Weight).ThenBy(pair => pair.Example)];

    /// <summary>The negative weights, most negative first.</summary>
    public static (int Example, double Weight)[] Negative(Datamodel datamodel) =>
        [.. Pairs(datamodel).Where(pair => pair.Weight < 0).OrderBy(pair => pair.Weight).ThenBy(pair => pair.Example)];

    private static IEnumerable<(int Example, double Weight)> Pairs(Datamodel datamodel) =>
        datamodel.Examples.Zip(datamodel.Weights);
}
