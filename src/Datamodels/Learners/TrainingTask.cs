using Datamodels.Subsets;

namespace Datamodels.Learners;

/// <summary>An example whose label is replaced for one training.</summary>
/// <param name="Example">Index of the training example, 0..n-1.</param>
/// <param name="Label">The class it is given, 0..classes-1.</param>
public readonly record struct LabelOverride(int Example, int Label);

/// <summary>
/// One model to train: which examples, with which labels, from which seed. The same task gives the same model on the same
/// machine, whatever runs beside it.
/// </summary>
/// <param name="Id">The caller's number of the task; comes back with the outputs.</param>
/// <param name="Mask">The training examples, at least one.</param>
/// <param name="Seed">Seed of initial weights and of the order of examples.</param>
public sealed record TrainingTask(int Id, Mask Mask, ulong Seed)
{
    /// <summary>Labels to replace; none by default.</summary>
    public IReadOnlyList<LabelOverride> LabelOverrides { get; init; } = [];

    /// <summary>
    /// The seed in the range that every language's generator takes, 0..2^31-1: the 64 bits of <see cref="Seed"/>, halves
    /// combined by exclusive or, without the highest bit.
    /// </summary>
    public int ShortSeed => (int)((Seed ^ (Seed >> 32)) & int.MaxValue);
}
