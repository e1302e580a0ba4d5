namespace Datamodels.Regression;

/// <summary>A lasso on its way through a series of lambdas, in whichever lane it is given.</summary>
/// <param name="problem">The lasso.</param>
internal abstract class LaneTask(LassoProblem problem)
{
    /// <summary>The lasso.</summary>
    public LassoProblem Problem => problem;

    /// <summary>The lambda to solve for now, above 0.</summary>
    public abstract double Lambda { get; }

    /// <summary>The relative duality gap at which it counts as solved.</summary>
    public abstract double Tolerance { get; }

    /// <summary>What is done of the task, 0..1; may be asked for by another thread.</summary>
    public abstract double Done { get; }

    /// <summary>Takes in what was reached at <see cref="Lambda"/>.</summary>
    /// <param name="lanes">The lanes.</param>
    /// <param name="lane">Which of them holds the weights.</param>
    /// <param name="certificate">Their certificate.</param>
    /// <param name="heldOutError">Their mean squared error on held-out rows; NaN where there are none.</param>
    /// <returns>Whether there is another lambda, which <see cref="Lambda"/> then is.</returns>
    public abstract bool Next(LassoLanes lanes, int lane, LassoCertificate certificate, double heldOutError);
}
