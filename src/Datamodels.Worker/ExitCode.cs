namespace Datamodels.Worker;

/// <summary>What the program's exit code says; <c>datamodels --help</c> lists them.</summary>
internal enum ExitCode
{
    /// <summary>All done.</summary>
    Done = 0,

    /// <summary>An error in the program itself.</summary>
    Unexpected = 1,

    /// <summary>The command line, the experiment file, the data, or an existing run is not as it must be.</summary>
    BadInput = 2,

    /// <summary>A file could not be read or written.</summary>
    InputOutput = 3,

    /// <summary>Stopped by Ctrl+C or a request to terminate; the run can be resumed.</summary>
    Stopped = 130,
}
