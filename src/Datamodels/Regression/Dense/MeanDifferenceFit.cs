namespace Datamodels.Regression;

/// <summary>
/// Difference of means (empirical influence; Feldman and Zhang 2020): w_j = mean of y where j is in the subset - mean of y
/// where it is not, which is m q_j / (c_j (m - c_j)); the bias makes the mean prediction the mean of y. An example that is
/// in every subset, or in none, has weight 0. Over all subsets of half the training set it is least squares but for a factor
/// (Ilyas et al. 2022, Lemma 1).
/// </summary>
/// <param name="counts">Rows that each column has a one in, c, <c>[n]</c>.</param>
/// <param name="rowCount">Number of rows, m.</param>
internal sealed class MeanDifferenceFit(int[] counts, int rowCount) : ITargetMethod
{
    /// <inheritdoc/>
    public FittedTarget Fit(TargetSums sums, double shift)
    {
        double mean = sums.Sum / rowCount;
        double predicted = 0;
        double[] weights = new double[counts.Length];
        for (int j = 0; j < weights.Length; j++)
        {
            double count = counts[j];
            if (count > 0 && count < rowCount)
            {
                weights[j] = rowCount * (sums.Products[j] - (count * mean)) / (count * (rowCount - count));
                predicted += count * weights[j];
            }
        }

        return FittedTarget.FromDense(weights, mean - (predicted / rowCount) + shift);
    }
}
