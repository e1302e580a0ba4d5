namespace Datamodels.Regression;

/// <summary>Settings of a fit.</summary>
public sealed record FitOptions
{
    /// <summary>Targets to fit, in this order; null fits all.</summary>
    public EquatableList<int>? Targets { get; init; }

    /// <summary>Lambdas on the path, K, at least 2.</summary>
    public int LambdaCount { get; init; } = 100;

    /// <summary>Smallest lambda as a fraction of the largest, inside (0, 1).</summary>
    public double Epsilon { get; init; } = 0.01;

    /// <summary>Fraction of the models held out to choose lambda, inside (0, 1): the last of the run.</summary>
    public double HeldOut { get; init; } = 0.1;

    /// <summary>Relative duality gap at which a lambda of the path counts as solved.</summary>
    public double PathTolerance { get; init; } = 1e-4;

    /// <summary>Relative duality gap to which the final weights are solved.</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>Targets solved at once; 0 takes every core. Never changes a result.</summary>
    public int Threads { get; init; }
}
