namespace Datamodels.Runs;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>No model is trained, and no process is at it.</summary>
    NotStarted,

    /// <summary>At least one process trains it.</summary>
    Running,

    /// <summary>Some models are trained, and no process is at it; training goes on when it is started again.</summary>
    Stopped,

    /// <summary>Every model is trained.</summary>
    Complete,
}
