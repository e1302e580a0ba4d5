namespace Datamodels.Learners;

/// <summary>
/// A learner of the user's own: a program in any language that is started once, gets one task after the other as lines of
/// JSON on its standard input and answers each on its standard output. docs/process-learner.md has the protocol.
/// </summary>
public sealed record ProcessLearner : Learner
{
    /// <summary>
    /// The program: a name that is looked for on PATH, or a path (relative ones start from <see cref="WorkingDirectory"/>).
    /// </summary>
    public string Command { get; init; } = "";

    /// <summary>Its arguments, each handed over as it is.</summary>
    public EquatableList<string> Arguments { get; init; } = [];

    /// <summary>
    /// The folder it is started in, absolute. It says where the program is, not what it is: a run goes on from another one.
    /// </summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <inheritdoc/>
    public override ProcessLearner Validate()
    {
        if (Command.Trim().Length == 0)
        {
            throw new DatamodelException(
                "LearnerSettingOutOfRange", ErrorKind.InvalidArgument,
                "Command of the learner is empty; expected the name or the path of a program.");
        }

        return Path.IsPathFullyQualified(WorkingDirectory)
            ? this
            : throw new DatamodelException(
                "LearnerSettingOutOfRange", ErrorKind.InvalidArgument,
                $"WorkingDirectory of the learner is '{WorkingDirectory}'; expected an absolute path.");
    }

    internal override bool IsCompared(string property) => property != nameof(WorkingDirectory);

    /// <summary>The command line, as one would type it.</summary>
    public override string ToString() => string.Join(
        ' ', Arguments.Prepend(Command).Select(word => word.Length == 0 || word.Contains(' ') ? $"\"{word}\"" : word));
}
