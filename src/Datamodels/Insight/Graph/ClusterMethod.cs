namespace Datamodels.Insight;

/// <summary>How a graph is cut into clusters.</summary>
public enum ClusterMethod
{
    /// <summary>Spectral clustering: as little weight as can be between clusters, against what is within them.</summary>
    Spectral,

    /// <summary>Connected components: what has no path to the rest.</summary>
    Component,
}
