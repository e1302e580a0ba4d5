using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>What is recorded of each model: which output, on which targets.</summary>
public sealed record Observation
{
    /// <summary>The output.</summary>
    public OutputKind Output { get; init; }

    /// <summary>The targets; by default the test set.</summary>
    public TargetSelection Targets { get; init; } = new();

    /// <summary>Numbers recorded of a model.</summary>
    /// <param name="targets">Number of targets.</param>
    /// <param name="classes">Number of classes.</param>
    internal int Size(int targets, int classes) => targets * ModelOutput.Width(Output, classes);

    /// <inheritdoc/>
    public override string ToString() => $"{Output} on {Targets}";
}
