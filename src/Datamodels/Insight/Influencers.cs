using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>Reads the influencers off a datamodel: its largest positive and negative weights.</summary>
public static class Influencers
{
    /// <summary>The <paramref name="top"/> strongest of each asked sign, strongest first; ties go to the lower index.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="top">How many of each sign, at least 1; fewer where the datamodel has fewer.</param>
    /// <param name="sign">Which signs.</param>
    /// <returns>The examples that help, then those that hurt, each ranked from 1.</returns>
    /// <exception cref="DatamodelException"><paramref name="top"/> is under 1, or the data cannot be read any more.</exception>
    public static IReadOnlyList<Influencer> Of(Datamodel datamodel, int top, InfluenceSign sign = InfluenceSign.Both)
    {
        if (top < 1)
        {
            throw new DatamodelException(
                "TopOutOfRange", ErrorKind.InvalidArgument,
                $"The number of influencers asked for is {top}; it must be at least 1.");
        }

        var influencers = new List<Influencer>();
        if (sign != InfluenceSign.Negative)
        {
            Add(RankedWeights.Positive(datamodel));
        }

        if (sign != InfluenceSign.Positive)
        {
            Add(RankedWeights.Negative(datamodel));
        }

        return influencers;

        void Add((int Example, double Weight)[] ranked)
        {
            for (int i = 0; i < Math.Min(top, ranked.Length); i++)
            {
                (int example, double weight) = ranked[i];
                influencers.Add(new Influencer(
                    datamodel.Target, datamodel.Label, example, datamodel.Training.ExampleLabel(example), weight, i + 1));
            }
        }
    }
}
