namespace Datamodels.Learners;

/// <summary>How much a message matters.</summary>
public enum MessageKind
{
    /// <summary>For who wants to know exactly what happens.</summary>
    Verbose,

    /// <summary>What a user's own program or script has to say.</summary>
    Information,

    /// <summary>Something went wrong, and the work goes on.</summary>
    Warning,
}

/// <summary>
/// What happens while a user's own program or script trains models: its messages, or that it had to be started again.
/// Reported from several threads.
/// </summary>
/// <param name="Kind">How much it matters.</param>
/// <param name="Text">One line.</param>
public sealed record EngineMessage(MessageKind Kind, string Text);
