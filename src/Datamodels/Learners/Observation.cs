using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>What is recorded of each model: which output, on which targets.</summary>
public sealed record Observation
{
    /// <summary>The output.</summary>
    public OutputKind Output { get; init; }

    /// <summary>The targets; by default the test set.</summary>
    public TargetSelection Targets { get; init; } = new();

    /// <summary>The output that is taken of what is recorded, one number for each target.</summary>
    /// <param name="wanted">The output; null takes what is recorded, or the margin of logits.</param>
    /// <exception cref="DatamodelException"><c>OutputNotRecorded</c>: it is not to be had; only logits give others.</exception>
    internal OutputKind OutputFor(OutputKind? wanted)
    {
        OutputKind output = wanted ?? (Output == OutputKind.Logits ? OutputKind.Margin : Output);
        return output != OutputKind.Logits && (output == Output || Output == OutputKind.Logits)
            ? output
            : throw new DatamodelException(
                "OutputNotRecorded", ErrorKind.InvalidArgument,
                $"The output {output} is asked for, "
                + (output == OutputKind.Logits
                    ? $"several numbers a target, and a fit is of one. Ask for {OutputFor(null)}."
                    : $"and {Output} is recorded. Ask for that, or record logits."));
    }

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
