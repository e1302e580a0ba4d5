namespace Datamodels.Insight;

/// <summary>How the examples that are removed are chosen.</summary>
public enum RemovalKind
{
    /// <summary>Those with the largest weights: their removal is predicted to lower the margin most.</summary>
    Top,

    /// <summary>Those with the smallest weights, the most negative first: their removal is predicted to raise it most.</summary>
    Bottom,

    /// <summary>Drawn uniformly without replacement.</summary>
    Random,

    /// <summary>Given by somebody.</summary>
    Given,
}
