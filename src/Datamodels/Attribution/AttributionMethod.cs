namespace Datamodels.Attribution;

/// <summary>Ways to say which training examples a target's margin is owed to; docs/method.md has their definitions.</summary>
public enum AttributionMethod
{
    /// <summary>The weights of the run's datamodels, by the lasso.</summary>
    Datamodel,

    /// <summary>Mean margin of the run's models with an example minus that of those without (Feldman and Zhang 2020).</summary>
    EmpiricalInfluence,

    /// <summary><see cref="Attribution.Trak"/> (Park et al. 2023).</summary>
    Trak,

    /// <summary><see cref="Attribution.InfluenceFunctions"/> on the last layer (Koh and Liang 2017).</summary>
    InfluenceFunctions,

    /// <summary><see cref="Attribution.TracIn"/> (Pruthi et al. 2020).</summary>
    TracIn,

    /// <summary><see cref="Attribution.RepresentationDistance"/> of the target's class.</summary>
    RepresentationDistance,

    /// <summary>Random examples of the target's class.</summary>
    RandomSameClass,
}
