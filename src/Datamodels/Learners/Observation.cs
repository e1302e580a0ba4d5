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

    /// <summary>The outputs of one model, from its logits.</summary>
    /// <param name="logits">Logits, <c>[targets, classes]</c>; taken over.</param>
    /// <param name="labels">Class of each target, <c>[targets]</c>.</param>
    /// <returns>As in <see cref="TrainingOutput.Values"/>.</returns>
    public float[] OutputsOf(float[] logits, ReadOnlySpan<int> labels) => ModelOutput.Of(Output, logits, labels);

    /// <inheritdoc/>
    public override string ToString() => $"{Output} on {Targets}";
}
