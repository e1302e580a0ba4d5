using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Datamodels.PowerShell.Completion;

/// <summary>Completes a layer of a convolutional network: one of each kind, with sizes to be changed.</summary>
internal sealed class LayerCompleter : IArgumentCompleter
{
    /// <summary>A layer of each kind, as <c>New-Learner -Layer</c> takes it, and what it does.</summary>
    internal static readonly IReadOnlyList<(string Layer, string Tip)> Layers =
    [
        ("conv 16 3x3", "Convolution: channels, kernel; 'stride 2' and 'pad 0' may follow"),
        ("batchNorm", "Batch normalisation"),
        ("relu", "The larger of 0 and the value"),
        ("maxPool 2", "Largest of 2 x 2"),
        ("globalPool max", "Largest, or with 'mean' the mean, of each channel"),
        ("residual(conv 16 3x3, batchNorm, relu)", "Adds what the layers in brackets give to what they get"),
        ("dense 64", "All to all, 64 wide"),
        ("dense", "All to all, a logit for each class; the last layer"),
        ("scale 0.2", "Multiplies by a constant"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        Layers
            .Where(item => item.Layer.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(item => new CompletionResult(
                $"'{item.Layer}'", item.Layer, CompletionResultType.ParameterValue, item.Tip));
}
