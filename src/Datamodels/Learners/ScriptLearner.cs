namespace Datamodels.Learners;

/// <summary>
/// A learner of the user's own: a PowerShell script that gets one task at a time. Only the cmdlets can run it; here it is
/// text, so that a run can hold it. docs/script-learner.md says what the script gets and gives.
/// </summary>
public sealed record ScriptLearner : Learner
{
    /// <summary>The text of the script block, without its braces.</summary>
    public string Script { get; init; } = "";

    /// <inheritdoc/>
    public override ScriptLearner Validate() => Script.Trim().Length > 0
        ? this
        : throw new DatamodelException(
            "LearnerSettingOutOfRange", ErrorKind.InvalidArgument,
            "Script of the learner is empty; expected the text of a PowerShell script block, such as param($task) ….");

    /// <inheritdoc/>
    public override string ToString()
    {
        int lines = Script.AsSpan().Trim().Count('\n') + 1;
        return lines == 1 ? "a script of 1 line" : FormattableString.Invariant($"a script of {lines} lines");
    }
}
