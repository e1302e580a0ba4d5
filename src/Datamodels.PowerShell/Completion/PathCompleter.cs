using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Datamodels.Data;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Completion;

/// <summary>
/// Completes paths: first those that the command takes, runs or data for instance, some folders down as well, then the folders
/// on the way to others.
/// </summary>
internal sealed class PathCompleter : IArgumentCompleter
{
    // A run is often out/study/run; past so many folders a keypress would take too long.
    private const int Depth = 3;
    private const int MaximumFolders = 200;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        if (Wanted(commandName) is not { } isWanted)
        {
            // Every file and folder, as PowerShell itself completes them.
            return CompletionCompleters.CompleteFilename(wordToComplete);
        }

        var wanted = new List<CompletionResult>();
        var onTheWay = new List<CompletionResult>();
        int folders = 0;

        // A level after the other, so that a folder with many others in it hides nothing beside it.
        var words = new Queue<(string Word, int Depth)>([(wordToComplete, 1)]);
        while (words.TryDequeue(out (string Word, int Depth) next))
        {
            foreach (CompletionResult found in CompletionCompleters.CompleteFilename(next.Word))
            {
                // PowerShell puts the full path into the tip.
                if (isWanted(found.ToolTip))
                {
                    wanted.Add(found);
                    continue;
                }

                if (found.ResultType != CompletionResultType.ProviderContainer)
                {
                    continue;
                }

                if (next.Depth == 1)
                {
                    onTheWay.Add(found);
                }

                // What is in a run is not for the user's hands.
                if (next.Depth < Depth && ++folders <= MaximumFolders && !SubsetTraining.IsRun(found.ToolTip))
                {
                    words.Enqueue((Bare(found.CompletionText) + Path.DirectorySeparatorChar, next.Depth + 1));
                }
            }
        }

        return wanted.Concat(onTheWay);
    }

    private static Func<string, bool>? Wanted(string commandName) => commandName.ToUpperInvariant() switch
    {
        "GET-SUBSETTRAINING" or "START-SUBSETTRAINING" => SubsetTraining.IsRun,
        "IMPORT-TRAININGDATA" => IsData,
        "INVOKE-DATAMODELEXPERIMENT" => IsExperiment,
        _ => null,
    };

    private static bool IsExperiment(string path) => Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML";

    private static bool IsData(string path)
    {
        try
        {
            return TrainingDataReader.CanRead(path) && !SubsetTraining.IsRun(path);
        }
        catch (DatamodelException)
        {
            // A folder that may not be looked into.
            return false;
        }
    }

    private static string Bare(string text) => text.Trim('\'').Replace("''", "'", StringComparison.Ordinal);
}
