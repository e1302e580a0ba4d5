using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Datamodels.Learners;

namespace Datamodels.PowerShell.Completion;

/// <summary>Completes a learner: the variables that hold one, and commands that make one.</summary>
internal sealed class LearnerCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        IEnumerable<(string Text, string Tip)> variables = SessionVariables.All()
            .Where(variable => variable.Value is Learner)
            .Select(variable => ($"${variable.Name}", variable.Value.ToString()!));
        IEnumerable<(string Text, string Tip)> commands = Enum.GetNames<LearnerKind>()
            .Select(kind => ($"(New-Learner {kind}{LayersOf(kind)})", $"A new learner of the kind {kind}"));
        return variables.Concat(commands)
            .Where(item => item.Text.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase))
            .Select(item => new CompletionResult(item.Text, item.Text, CompletionResultType.ParameterValue, item.Tip));
    }

    // A convolutional network has no layers by default.
    private static string LayersOf(string kind) =>
        kind == nameof(LearnerKind.Convolutional) ? " -Layer 'conv 16 3x3', 'batchNorm', 'relu', 'maxPool 2', 'dense'" : "";
}
