namespace Datamodels;

/// <summary>What kind of thing went wrong; a shell maps it to its own categories, the host to an exit code.</summary>
public enum ErrorKind
{
    /// <summary>An argument or a setting is outside its range, or settings contradict each other.</summary>
    InvalidArgument,

    /// <summary>A file was found but its content is not what it should be.</summary>
    InvalidData,

    /// <summary>A file, folder, column or example was not found.</summary>
    NotFound,

    /// <summary>What is asked for contradicts what already exists, such as a run with another specification.</summary>
    Conflict,

    /// <summary>Reading or writing failed: no permission, disk full, device gone.</summary>
    InputOutput,

    /// <summary>A program or a script of the user's own, which is to train models, failed or answered wrongly.</summary>
    LearnerFailed,
}

/// <summary>
/// The one exception for everything a user can put right. The message names the thing, the value found, what was
/// expected and what to do.
/// </summary>
/// <param name="id">A constant identifier of the error, in PascalCase, such as <c>LabelColumnNotFound</c>.</param>
/// <param name="kind">The kind of error.</param>
/// <param name="message">What was found, what was expected, what to do.</param>
/// <param name="inner">The exception behind it, if any.</param>
public sealed class DatamodelException(string id, ErrorKind kind, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>A constant identifier of the error, such as <c>LabelColumnNotFound</c>.</summary>
    public string Id { get; } = id;

    /// <summary>The kind of error.</summary>
    public ErrorKind Kind { get; } = kind;
}
