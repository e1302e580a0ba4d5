namespace Datamodels.Regression;

/// <summary>A method at work on many targets: first it may choose a lambda for each, then it fits all rows.</summary>
internal interface ITargetFit
{
    /// <summary>
    /// Chooses the lambdas of some targets by their errors on held-out rows. Yields the place of each in
    /// <paramref name="targets"/> and its lambda as soon as it is there, in any order; to be taken to the end.
    /// </summary>
    /// <param name="targets">Margins without a problem.</param>
    /// <param name="report">Told how many are done, of targets times folds, with what is done of the others.</param>
    /// <param name="cancellation">Stops.</param>
    IEnumerable<(int Place, LambdaChoice Choice)> Choose(
        TargetMargins[] targets, Action<double> report, CancellationToken cancellation);

    /// <summary>Fits all rows; yields the place of each target and its fit as soon as it is there, in any order.</summary>
    /// <param name="targets">Margins without a problem.</param>
    /// <param name="choices">The lambda of each; what a method without one is given means nothing.</param>
    /// <param name="report">Told the number of targets that are done, with what is done of the others.</param>
    /// <param name="cancellation">Stops.</param>
    IEnumerable<(int Place, FittedTarget Fit)> Refit(
        TargetMargins[] targets, LambdaChoice[] choices, Action<double> report, CancellationToken cancellation);
}
