using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>What a datamodel predicts that the removal of some examples does.</summary>
/// <param name="Effect">g(S) - g(S \ R): by how much the expected margin falls, the sum of the weights of R.</param>
/// <param name="Error">
/// About the standard error of that: what the noise of the trainings leaves uncertain of least squares on the examples that
/// have a weight. The lasso's shrinkage and its choice of those examples are not in it. Null for ridge and the difference of
/// means, and where the fit has no <see cref="Datamodel.ResidualDeviation"/>.
/// </param>
public readonly record struct RemovalEffect(double Effect, double? Error)
{
    /// <summary>The prediction of a datamodel.</summary>
    /// <param name="datamodel">The datamodel.</param>
    /// <param name="removed">The examples removed, R, each once.</param>
    /// <remarks>
    /// With k of the examples of R among the s that have a weight, and m models on subsets of alpha n examples each, the
    /// centred X'X of those s is on average v (I - 11'/n), v = m alpha (1 - alpha) n / (n - 1). The variance of the sum of k
    /// weights is then sigma^2 (k + k^2 / (n - s)) / v, sigma the residual deviation; for m, m - s - 1 makes up for the inverse
    /// of a mean not being the mean of the inverse. Least squares on all examples, with weights that add up to 0, has
    /// k - k^2 / n instead.
    /// </remarks>
    public static RemovalEffect Of(Datamodel datamodel, IReadOnlyCollection<int> removed)
    {
        var set = removed.ToHashSet();
        double effect = 0;
        int count = 0;
        for (int i = 0; i < datamodel.NonzeroCount; i++)
        {
            if (set.Contains(datamodel.Examples[i]))
            {
                effect += datamodel.Weights[i];
                count++;
            }
        }

        return new RemovalEffect(effect, ErrorOf(datamodel, count));
    }

    private static double? ErrorOf(Datamodel datamodel, double count)
    {
        double n = datamodel.Training.TrainCount;
        double free = n - datamodel.NonzeroCount;
        double spread = datamodel.Method switch
        {
            FitMethod.LeastSquares => count - (count * count / n),
            FitMethod.Lasso when free > 0 => count + (count * count / free),
            _ => double.NaN,
        };
        double alpha = datamodel.Training.Spec.Plan.Alpha;
        double models = datamodel.ModelCount - datamodel.NonzeroCount - 1;
        double deviation = datamodel.ResidualDeviation ?? double.NaN;
        double error = deviation * Math.Sqrt(spread * (n - 1) / (n * models * alpha * (1 - alpha)));
        return double.IsFinite(error) ? error : null;
    }
}
