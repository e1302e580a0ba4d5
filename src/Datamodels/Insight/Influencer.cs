using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>One training example that drives one prediction.</summary>
/// <param name="Target">Index of the target in the test set.</param>
/// <param name="TargetLabel">Class name of the target.</param>
/// <param name="Example">Index of the training example.</param>
/// <param name="ExampleLabel">Class name of the training example.</param>
/// <param name="Weight">Its weight w_i: how much its presence adds to the target's expected margin.</param>
/// <param name="Rank">1 is the strongest of its sign.</param>
public sealed record Influencer(int Target, string TargetLabel, int Example, string ExampleLabel, double Weight, int Rank);

/// <summary>Which signs of influence are asked for.</summary>
public enum InfluenceSign
{
    /// <summary>The examples that help most, then those that hurt most.</summary>
    Both,

    /// <summary>Only examples whose presence raises the margin.</summary>
    Positive,

    /// <summary>Only examples whose presence lowers the margin.</summary>
    Negative,
}

/// <summary>Reads the influencers off a datamodel: its largest positive and negative weights.</summary>
public static class Influencers
{
    /// <summary>The <paramref name="top"/> strongest of each asked sign, strongest first; ties go to the lower index.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="top">How many of each sign, at least 1; fewer where the datamodel has fewer.</param>
    /// <param name="sign">Which signs.</param>
    public static IReadOnlyList<Influencer> Of(Datamodel datamodel, int top, InfluenceSign sign = InfluenceSign.Both) =>
        throw new NotImplementedException();
}
