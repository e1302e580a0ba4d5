namespace Datamodels.Tests.Learners;

/// <summary>Gradient descent in float64, with gradients by finite differences.</summary>
internal static class ReferenceDescent
{
    private const double Difference = 1e-6;

    /// <summary>One step with momentum and weight decay.</summary>
    /// <param name="weights">What the loss depends on; changed.</param>
    /// <param name="velocity">As long as the weights; changed.</param>
    /// <param name="used">The weights that the loss depends on; the others have no gradient.</param>
    /// <param name="loss">The loss at the weights as they are.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="momentum">Momentum.</param>
    /// <param name="decay">Weight decay.</param>
    public static void Step(
        double[] weights, double[] velocity, IEnumerable<int> used, Func<double> loss, double rate, double momentum,
        double decay)
    {
        double[] gradient = new double[weights.Length];
        foreach (int at in used)
        {
            double weight = weights[at];
            weights[at] = weight + Difference;
            double up = loss();
            weights[at] = weight - Difference;
            gradient[at] = (up - loss()) / (2 * Difference);
            weights[at] = weight;
        }

        for (int at = 0; at < weights.Length; at++)
        {
            velocity[at] = momentum * velocity[at] + gradient[at] + decay * weights[at];
            weights[at] -= rate * velocity[at];
        }
    }
}
