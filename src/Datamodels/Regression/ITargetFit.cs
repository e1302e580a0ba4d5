namespace Datamodels.Regression;

/// <summary>A method at work on many targets: first it may choose a lambda for each, then it fits all rows.</summary>
internal interface ITargetFit
{
    /// <summary>
    /// Chooses the lambdas of some targets by their errors on held-out rows; yields in their order, each as soon as it may, and
    /// is to be taken to the end.
    /// </summary>
    /// <param name="targets">Margins without a problem.</param>
    /// <param name="report">Told how many are done, of targets times folds, with what is done of the others.</param>
    /// <param name="cancellation">Stops.</param>
    IEnumerable<LambdaChoice> Choose(TargetMargins[] targets, Action<double> report, CancellationToken cancellation);

    /// <summary>Fits all rows; yields in the order of the targets, each as soon as it may.</summary>
    /// <param name="targets">Margins without a problem.</param>
    /// <param name="choices">The lambda of each; what a method without one is given means nothing.</param>
    /// <param name="report">Told the number of targets that are done, with what is done of the others.</param>
    /// <param name="cancellation">Stops.</param>
    IEnumerable<FittedTarget> Refit(
        TargetMargins[] targets, LambdaChoice[] choices, Action<double> report, CancellationToken cancellation);
}
