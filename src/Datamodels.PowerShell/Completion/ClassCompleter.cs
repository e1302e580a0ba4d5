using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Datamodels.Data;
using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Completion;

/// <summary>
/// Completes the name of a class: of the data, runs and datamodels that the pipeline up to here names, or else of all data that
/// the session has in variables.
/// </summary>
internal sealed class ClassCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        (string Name, object Value)[] variables = [.. SessionVariables.All()];
        string[] named = [.. commandAst.Parent.FindAll(ast => ast is VariableExpressionAst, searchNestedScriptBlocks: false)
            .Select(ast => ((VariableExpressionAst)ast).VariablePath.UserPath)];
        IEnumerable<object> meant = variables
            .Where(variable => named.Contains(variable.Name, StringComparer.OrdinalIgnoreCase))
            .Select(variable => variable.Value)
            .Concat(RunsNamed(commandAst.Parent));
        string[] classes = ClassesOf(meant);
        if (classes.Length == 0)
        {
            // Data alone: to read that of every run there is would take too long.
            classes = ClassesOf(variables.Select(variable => variable.Value).OfType<TrainingData>());
        }

        return classes
            .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(
                Quoted(name), name.Length > 0 ? name : "''", CompletionResultType.ParameterValue, $"The class {name}"));
    }

    private static string[] ClassesOf(IEnumerable<object> values) =>
        [.. values.Select(DataOf).OfType<TrainingData>().SelectMany(data => data.Classes).Distinct()];

    /// <summary>The runs whose folders the pipeline names.</summary>
    private static IEnumerable<SubsetTraining> RunsNamed(Ast pipeline)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        string location = shell.AddCommand("Get-Location").Invoke<PathInfo>()[0].ProviderPath;
        return pipeline.FindAll(ast => ast is StringConstantExpressionAst, searchNestedScriptBlocks: false)
            .Select(ast => Path.Combine(location, ((StringConstantExpressionAst)ast).Value))
            .Where(SubsetTraining.IsRun)
            .Select(path => OrNull(() => SubsetTraining.Open(path)))
            .OfType<SubsetTraining>();
    }

    private static TrainingData? DataOf(object value) => OrNull(() => value switch
    {
        TrainingData data => data,
        SubsetTraining training => training.Data,
        Datamodel datamodel => datamodel.Training.Data,
        _ => null,
    });

    // What cannot be opened has no classes to offer; the command itself will say why.
    private static T? OrNull<T>(Func<T?> open)
        where T : class
    {
        try
        {
            return open();
        }
        catch (DatamodelException)
        {
            return null;
        }
    }

    // Names of digits need quotes no more than words do.
    private static string Quoted(string name) =>
        name.Length > 0 && name.All(char.IsLetterOrDigit) ? name : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";
}
