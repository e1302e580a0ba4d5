namespace Datamodels.Regression;

/// <summary>
/// A way from a target's sums to its datamodel that chooses nothing: what all targets share is done once, when it is made.
/// Several threads may use it at once.
/// </summary>
internal interface ITargetMethod
{
    /// <summary>Fits one target.</summary>
    /// <param name="sums">Its sums over the rows that the method was made for.</param>
    /// <param name="shift">What was subtracted from its outputs before they were summed.</param>
    FittedTarget Fit(TargetSums sums, double shift);
}
