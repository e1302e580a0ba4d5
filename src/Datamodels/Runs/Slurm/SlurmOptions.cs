namespace Datamodels.Runs;

/// <summary>What a cluster is asked for, for each task of an array job. What is null is left to the cluster.</summary>
public sealed record SlurmOptions
{
    /// <summary>Number of shards that the run is cut into, from 1 to the number of models: a task trains one.</summary>
    public required int ShardCount { get; init; }

    /// <summary>
    /// The headless host: a <c>.dll</c>, which is started by the <c>dotnet</c> of the node, or a program. On a path that the
    /// nodes have too.
    /// </summary>
    public required string HostPath { get; init; }

    /// <summary>Partition, or several with commas.</summary>
    public string? Partition { get; init; }

    /// <summary>Longest time that a task may take, above 0 and at most 3650 days; in whole seconds, rounded up.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Cores of a task, at least 1: so many models are trained at once.</summary>
    public int? CpusPerTask { get; init; }

    /// <summary>Memory of a task in bytes, above 0; in whole MiB, rounded up.</summary>
    public long? Memory { get; init; }

    /// <summary>Further options of sbatch, one text each, such as <c>--account=mine</c>.</summary>
    public EquatableList<string> Arguments { get; init; } = [];
}
