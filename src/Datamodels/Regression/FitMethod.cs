namespace Datamodels.Regression;

/// <summary>How weights are fitted.</summary>
public enum FitMethod
{
    /// <summary>Least squares with an l1 penalty: sparse weights.</summary>
    Lasso,

    /// <summary>Least squares with an l2 penalty: no weight is 0.</summary>
    Ridge,

    /// <summary>Ordinary least squares; needs more models than training examples.</summary>
    LeastSquares,

    /// <summary>
    /// Mean output of the models with an example less that of those without (empirical influence, Feldman and Zhang 2020).
    /// </summary>
    DifferenceOfMeans,
}
