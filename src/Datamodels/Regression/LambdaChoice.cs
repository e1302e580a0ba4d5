namespace Datamodels.Regression;

/// <summary>The lambda that a target's held-out rows chose.</summary>
/// <param name="Lambda">The penalty.</param>
/// <param name="HeldOutR2">Held-out R2 at it, at most 1.</param>
/// <param name="Converged">Whether every lambda of the path was solved to its tolerance.</param>
internal readonly record struct LambdaChoice(double Lambda, double HeldOutR2, bool Converged);
