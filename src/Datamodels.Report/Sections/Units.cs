using Datamodels.Learners;

namespace Datamodels.Report.Sections;

/// <summary>What outputs are called in sentences.</summary>
internal static class Units
{
    /// <summary>The output as the subject of a sentence.</summary>
    public static string NameOf(OutputKind output) => output switch
    {
        OutputKind.Margin => "margin",
        OutputKind.LogSumExpMargin => "log-sum-exp margin",
        OutputKind.Correctness => "correctness",
        OutputKind.Loss => "loss",
        OutputKind.Probability => "probability",
        _ => output.ToString(),
    };

    /// <summary>The output, and what it is.</summary>
    public static string DefinitionOf(OutputKind output) => output switch
    {
        OutputKind.Margin => "margin (logit of the correct class minus the largest other one; above 0 the model is right)",
        OutputKind.LogSumExpMargin => "log-sum-exp margin (logarithm of the odds of the correct class)",
        OutputKind.Correctness => "correctness (1 where the model is right, else 0)",
        OutputKind.Loss => "loss (cross-entropy)",
        OutputKind.Probability => "probability of the correct class",
        _ => output.ToString(),
    };
}
